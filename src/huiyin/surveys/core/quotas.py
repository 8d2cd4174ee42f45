"""How many of each stratum: at random, by the targeted draw, in reserve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.allocation import deviations, divide, share_of
from huiyin.surveys.core.schema_draw import Reserve, Sample, Strata
from huiyin.surveys.core.sizes import sample_size

_T = TypeVar("_T")


@dataclass(slots=True)
class Quota:
    """Of one stratum. `apart`: its targeted rows are a class of their own."""

    random: int
    targeted: int = 0
    apart: bool = False
    reserve: int = 0
    targeted_reserve: int = 0


def quotas(
    sample: Sample,
    members: Mapping[str, Sequence[int]],
    targeted: Sequence[bool],
    notes: list[dict[str, object]],
) -> dict[str, Quota]:
    """By stratum, in the order of `members`. What cannot be had as wanted is added to `notes`."""
    counts = {name: len(places) for name, places in members.items()}
    sizes = _sizes(sample, counts)
    found = {name: Quota(size) for name, size in sizes.items()}
    focus = {name: sum(targeted[place] for place in places) for name, places in members.items()}
    if sample.targeted is not None:
        (_certain if sample.targeted.rule == "all" else _at_least)(sample, counts, focus, found, notes)
    if sample.reserve is not None:
        for name, quota in found.items():
            aside = focus[name] if quota.apart else 0
            quota.reserve = min(_reserve(sample.reserve, quota.random), counts[name] - aside - quota.random)
            quota.targeted_reserve = min(_reserve(sample.reserve, quota.targeted), aside - quota.targeted)
    return found


def _reserve(rule: Reserve, size: int) -> int:
    if size == 0:
        return 0
    return rule.size if rule.size is not None else share_of(size, rule.share)


def _sizes(sample: Sample, counts: Mapping[str, int]) -> dict[str, int]:
    if sample.method == "all":
        return dict(counts)
    strata = sample.strata
    if strata is None:
        return {name: min(_total(sample, count), count) for name, count in counts.items()}
    if strata.allocation == "fixed":
        return {name: min(_given(strata.fixed, name, "fixed"), count) for name, count in counts.items()}
    most = list(counts.values())
    least = [min(strata.minimum, count) for count in most]
    if strata.each:
        least = [max(low, share_of(count, sample.share)) for low, count in zip(least, most, strict=True)]
    parts = divide(_total(sample, sum(most)), _weights(strata, counts), most, least)
    return dict(zip(counts, parts, strict=True))


def _total(sample: Sample, population: int) -> int:
    if sample.share is not None:
        return share_of(population, sample.share)
    if sample.size is not None:
        return sample.size
    wanted = sample_size(population, sample.margin or 0.05, rate=sample.rate)
    if sample.expected_return is None:
        return wanted
    return -int(-wanted // sample.expected_return)


def _weights(strata: Strata, counts: Mapping[str, int]) -> list[float]:
    if strata.allocation == "proportional":
        return [float(count) for count in counts.values()]
    spread = strata.deviation or deviations(strata.expected)
    return [count * _given(spread, name, "expected") for name, count in counts.items()]


def _given(table: Mapping[str, _T], name: str, key: str) -> _T:
    if name not in table:
        raise InvalidInput(
            f"sample.strata.{key} says nothing of stratum {name}", code="stratum", stratum=name
        )
    return table[name]


def _certain(
    sample: Sample,
    counts: Mapping[str, int],
    focus: Mapping[str, int],
    found: Mapping[str, Quota],
    notes: list[dict[str, object]],
) -> None:
    """All that match are in; the others are still drawn, at least `minimum` to a stratum, or they had no
    voice.
    """
    rule = sample.targeted
    assert rule is not None
    least = sample.strata.minimum if sample.strata else 2
    for name, quota in found.items():
        rest = counts[name] - focus[name]
        wanted = quota.random if rule.counts == "on_top" else quota.random - focus[name]
        quota.random = min(rest, max(wanted, least))
        quota.targeted, quota.apart = focus[name], True
        if wanted < least <= rest:
            notes.append({"code": "targeted_fill_stratum", "stratum": name, "targeted": focus[name]})


def _at_least(
    sample: Sample,
    counts: Mapping[str, int],
    focus: Mapping[str, int],
    found: Mapping[str, Quota],
    notes: list[dict[str, object]],
) -> None:
    """The targeted are at least the share of the sample, and no fewer than their part of the population."""
    rule = sample.targeted
    assert rule is not None
    size = sum(quota.random for quota in found.values())
    wanted = share_of(size, rule.share)
    natural = round(size * sum(focus.values()) / sum(counts.values()))
    most = [min(focus[name], quota.random) for name, quota in found.items()]
    least = [max(0, quota.random - (counts[name] - focus[name])) for name, quota in found.items()]
    parts = divide(max(wanted, natural), [float(one) for one in most], most, least)
    if sum(parts) < wanted:
        notes.append(
            {"code": "too_few_targeted", "wanted": wanted, "found": sum(parts), "clause": rule.clause}
        )
    for (name, quota), part in zip(found.items(), parts, strict=True):
        if focus[name]:
            quota.targeted, quota.apart = part, True
            quota.random -= part
