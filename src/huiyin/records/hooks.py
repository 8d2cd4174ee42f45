"""What other rooms do when words are erased: they register in their `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable

WordsErased = Callable[[int], None]
_erased: list[WordsErased] = []


def on_words_erased(handler: WordsErased) -> WordsErased:
    """Called as handler(company_id) in the transaction that erases what is past its retention."""
    if handler not in _erased:
        _erased.append(handler)
    return handler


def erased(company_id: int) -> None:
    for handler in _erased:
        handler(company_id)
