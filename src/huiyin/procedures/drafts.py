"""Drafts of editions: text that somebody types, checked and tried out before anybody signs it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.utils.translation import get_language

from huiyin.engine import Pack
from huiyin.procedures.packfiles import FILE, PackError, load_pack


def language() -> str:
    """The language of a pack's errors for who is reading."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def pack_of(text: str) -> Pack:
    """The pack that the text is. Raises PackError with every error in plain words."""
    with tempfile.TemporaryDirectory(prefix="huiyin-draft-") as place:
        (Path(place) / FILE).write_text(text, encoding="utf-8")
        try:
            return load_pack(place, lang=language())
        except PackError as error:
            headline = error.message.partition("\n")[0].replace(f"{place}/", "")
            raise PackError(headline, error.problems) from error
