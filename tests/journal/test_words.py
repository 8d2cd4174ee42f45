"""An auditor reads what was done, never a code."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation
from tests.journalled.registry import PERFORM

import huiyin
from huiyin.journal.wording import name_words, subject_kinds

SOURCE = Path(huiyin.__file__).parent
# `name="…"` beside the subject of an entry, and the helpers of rooms that take the name at the third place
_NAMED = re.compile(r'(?:record_action|[^.\w]record)\((?:[^()]|\([^()]*\))*?name="([a-z_]+)"', re.DOTALL)
_SHORT = re.compile(r'_?(?:record|journal)\((?:self\.)?actor, [\w.]+,(?: \w+,)? "([a-z_]+)"')
_KINDS = re.compile(r'subject_kind="([a-z_]+)"')


def _found(pattern: re.Pattern[str]) -> set[str]:
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        found |= set(pattern.findall(file.read_text(encoding="utf-8")))
    return found


def test_every_action_has_words() -> None:
    names = _found(_NAMED) | _found(_SHORT)
    assert len(names) > 50, names
    with translation.override("zh-hans"):
        assert sorted(name for name in names if re.search("[a-z]", str(name_words(name)))) == []


def test_every_subject_has_a_name() -> None:
    assert sorted(_found(_KINDS) - set(subject_kinds())) == []


def test_there_is_something_to_read() -> None:
    """The registry of services is what makes entries; it must not be empty, or the two tests above are."""
    assert sum(len(listed) for listed in PERFORM.values()) > 50
