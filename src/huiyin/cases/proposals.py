"""What the words of a customer suggest: a category of the pack, and whether somebody may be in danger.

The page proposes while somebody types, from the same lists; it never changes what a person chose.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from huiyin.core.search import fold
from huiyin.engine.schema.frame import Emergency
from huiyin.procedures.selectors import Rules

PROPOSED = 3


def emergency_in(rules: Rules, text: str, kind: str = "") -> Emergency | None:
    """The first of the pack's emergencies whose words occur; with a kind, among those for that kind."""
    folded = fold(text)
    for one in rules.pack.emergency:
        if (not kind or not one.kinds or kind in one.kinds) and any(
            fold(word) in folded for word in one.words
        ):
            return one
    return None


def advice_of(one: Emergency) -> str:
    """What to do first, in English where the page is and the pack has it."""
    return one.advice_en if one.advice_en and (get_language() or "").startswith("en") else one.advice


def proposed_categories(rules: Rules, kind: str, text: str, *, limit: int = PROPOSED) -> list[str]:
    """Codes of the categories whose words occur, the likeliest first: more words, then longer ones."""
    folded = fold(text)
    scored: list[tuple[int, int, int, str]] = []
    for position, row in enumerate(rules.pack.category):
        if row.kinds and kind not in row.kinds:
            continue
        hits = [word for word in row.words if fold(word) in folded]
        if hits:
            scored.append((-len(hits), -max(map(len, hits)), position, row.code))
    return [code for *_rest, code in sorted(scored)][:limit]


def word_lists(rules: Rules) -> dict[str, Sequence[object]]:
    """The same lists for the page, as JSON."""
    return {
        "categories": [
            {"code": row.code, "words": [fold(word) for word in row.words], "kinds": row.kinds}
            for row in rules.pack.category
            if row.words
        ],
        "emergencies": [
            {"words": [fold(word) for word in one.words], "advice": advice_of(one), "kinds": one.kinds}
            for one in rules.pack.emergency
        ],
    }
