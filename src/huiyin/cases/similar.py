"""Open cases that may be the same matter, shown while somebody is still typing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from huiyin.cases.listing import with_names
from huiyin.cases.models import Case
from huiyin.cases.selectors import visible_cases
from huiyin.core.search import fold, query_tokens
from huiyin.customers.models import Customer, Household, Place
from huiyin.organization.actors import Actor

SHOWN = 4
# How many open cases of a building are read: the newest, of which the likest are shown.
READ = 200
# Pairs that say nothing about the matter.
EMPTY = frozenset(
    [
        "我们",
        "你们",
        "他们",
        "这个",
        "那个",
        "什么",
        "怎么",
        "一个",
        "没有",
        "不是",
        "就是",
        "还是",
        "已经",
        "一直",
        "现在",
        "今天",
        "昨天",
        "物业",
        "业主",
        "小区",
        "家里",
    ]
)
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Similar:
    """`same_household`: it is theirs, or the same firm's; otherwise it shares `words` with what is typed."""

    case: Case
    same_household: bool
    words: tuple[str, ...] = ()


def terms_of(text: str) -> frozenset[str]:
    """The pairs and words of a text that tell one matter from another."""
    return frozenset(term for term in query_tokens(text) if len(term) > 1 and term not in EMPTY)


def similar_cases(
    actor: Actor,
    *,
    household: Household | None,
    place: Place | None,
    customer: Customer | None = None,
    text: str,
    category: str = "",
    limit: int = SHOWN,
) -> list[Similar]:
    """Open cases about the same matter: of the household, then of the building (or the equipment).

    Of a customer without premises, as a firm, its own. What else the household has open stands on its card.
    """
    cases = with_names(visible_cases(actor).filter(open=True))
    spot = place or (household.room if household is not None else None)
    terms = terms_of(text)
    if not (terms or category):
        return []
    if spot is None:
        told = cases.filter(customer=customer).order_by("-id") if customer else cases.none()
        return _likest(told[:READ], terms, category, own=True)[:limit]
    found: list[Similar] = []
    around = _around(cases, spot)
    if household is not None:
        own = cases.filter(household=household).order_by("-id")[:READ]
        found = _likest(own, terms, category, own=True)
        around = around.exclude(household=household)
    return (found + _likest(around.order_by("-id")[:READ], terms, category))[:limit]


def _around(cases: QuerySet[Case], spot: Place) -> QuerySet[Case]:
    """The same building; for what stands in none, the same place or equipment."""
    if spot.building_id is not None:
        building = spot.building_id
        return cases.filter(Q(place__building_id=building) | Q(equipment__building_id=building))
    return cases.filter(Q(place=spot) | Q(equipment=spot))


def _likest(
    cases: Iterable[Case], terms: frozenset[str], category: str, *, own: bool = False
) -> list[Similar]:
    scored: list[tuple[int, int, Similar]] = []
    for case in cases:
        shared = terms & terms_of(f"{case.text} {case.demand}")
        score = len(shared) + (ENOUGH if category and case.category == category else 0)
        if score >= ENOUGH:
            scored.append((score, case.pk, Similar(case, own, _in_order(shared, case.text))))
    scored.sort(key=lambda one: (-one[0], -one[1]))
    return [one for _score, _pk, one in scored]


def _in_order(words: frozenset[str], text: str) -> tuple[str, ...]:
    """Shared pairs as they stand in the text, overlapping ones joined: 漏水 水管 is 漏水管."""
    folded = fold(text)
    marks = [False] * len(folded)
    for word in words:
        start = folded.find(word)
        while start >= 0:
            marks[start : start + len(word)] = [True] * len(word)
            start = folded.find(word, start + 1)
    runs = "".join(char if marked else " " for char, marked in zip(folded, marks, strict=True)).split()
    return tuple(dict.fromkeys(run for run in runs if len(run) > 1))
