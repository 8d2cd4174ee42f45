"""The structure of every template, and that its lint sees what it is for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_templates.py"


@pytest.fixture(scope="module")
def lint() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_templates", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_templates_are_in_order(lint: ModuleType) -> None:
    assert lint.check() == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>登记</p>", "not translatable"),
        ('{% include "web/_empty.html" with title="没有" %}', "not translatable"),
        ('{{ name|default:"无" }}', "not translatable"),
        ('<button onclick="go()">', "inline event handler"),
        ('<div hx-on:click="go()">', "inline event handler"),
        ('<p style="color:red">', "inline style"),
        ("<script>go()</script>", "inline script"),
        ('<input hx-trigger="keyup[this.value]">', "evaluated expression"),
        ('<a href="javascript:go()">', "evaluated expression"),
        ('<form method="post"><input></form>', "csrf_token"),
        ('<a href="#">x {% clause_chip "1" %}</a>', "link inside a link"),
        ('{% icon "no-such-icon" %}', "unknown icon"),
        ('<p class="no-such-class">', "unknown CSS class"),
    ],
)
def test_the_lint_sees(lint: ModuleType, source: str, words: str) -> None:
    assert any(words in problem for _, problem in lint.problems_of(source))


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "登记" %}{{ x|default:_("无") }}{% blocktranslate %}已登记{% endblocktranslate %}',
        "{# 说明 #}{% comment %}说明{% endcomment %}<!-- 说明 -->",
        '<form method="post">{% csrf_token %}</form><form method="get"></form>',
        '<a href="#">x</a>{% clause_chip "1" %}<p class="panel is-{{ tone }}">',
        '<script defer src="x.js"></script><script type="application/json">{}</script>',
    ],
)
def test_the_lint_lets_pass(lint: ModuleType, source: str) -> None:
    assert lint.problems_of(source) == []
