"""Every page in English: what stays Chinese on it are names and words that people or a pack wrote."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from tests.permissions.model import POSTS, Row, World
from tests.permissions.table import ROOMS
from tests.permissions.test_permissions import _address

from huiyin.procedures.packfiles import builtin_packs, read_pack

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")
HIDDEN = re.compile(r"<script\b.*?</script>|<!--.*?-->|\sdata-texts?=(\"[^\"]*\"|'[^']*')", re.DOTALL)
# the other languages by their own names, and the columns of the file that the table uploads
ALWAYS = {"简体中文", "繁體中文", "登记时间", "内容"}
WORDS_OF_APPS = (
    "organization",
    "customers",
    "cases",
    "procedures",
    "slips",
    "imports",
    "notify",
    "reports",
    "journal",
    "records",
)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _strings(key)
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _written() -> set[str]:
    """Every Chinese text in the database: of companies, customers, cases, packs."""
    found = ALWAYS | {read_pack(code).procedure.title for code in builtin_packs()}
    for model in (one for label in WORDS_OF_APPS for one in apps.get_app_config(label).get_models()):
        columns = [
            one.attname
            for one in model._meta.concrete_fields
            if isinstance(one, models.CharField | models.TextField | models.JSONField)
        ]
        if columns:
            for row in model._base_manager.values_list(*columns):
                found |= {text for text in _strings(list(row)) if CHINESE.search(text)}
    return found


def _left(page: str, written: re.Pattern[str]) -> set[str]:
    """Chinese on the page that nobody wrote."""
    shown = html.unescape(HIDDEN.sub(" ", page))
    return set(CHINESE.findall(written.sub(" ", shown)))


@lru_cache(maxsize=1)
def _pattern(written: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(text) for text in sorted(written, key=len, reverse=True)))


def _who(row: Row) -> str | None:
    """The first post that is shown the page."""
    return next((post for post in POSTS if (row.get or {}).get(post) == 200), None)


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__.rsplit(".", 1)[1])
def test_nothing_of_ours_stays_chinese_on_an_english_page(world: World, room: ModuleType) -> None:
    written = _pattern(frozenset(_written()))
    found: dict[str, set[str]] = {}
    for row in room.ROWS:
        who = _who(row)
        if who is None or row.name.startswith("api:"):
            continue
        cache.clear()
        client = world.client(who, row.peer)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        with transaction.atomic():
            answer = client.get(_address(row, world))
            transaction.set_rollback(True)
        if "html" not in answer.get("Content-Type", "") or answer.streaming:
            continue
        if left := _left(answer.content.decode(), written):
            found[row.name + row.query] = left
    lines = (f"{name}: {' '.join(sorted(words))}" for name, words in found.items())
    assert not found, "\n".join(lines)


def test_punctuation_and_words_between_what_people_wrote_are_seen() -> None:
    written = _pattern(frozenset({"漏水", "王小明"}))
    assert _left("<p>漏水、王小明</p>", written) == {"、"}
    assert _left("<p>已登记 王小明</p>", written) == {"已登记"}
    assert _left("<p>漏水, 王小明</p>", written) == set()
