"""The figures of items and of all items together, over the forms that count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.surveys.core.answers import Answers
from huiyin.surveys.core.estimate import Design, Estimate, Floats
from huiyin.surveys.core.plan import Plan
from huiyin.surveys.core.result import ItemResult
from huiyin.surveys.core.schema_ask import Item

PROMOTERS, DETRACTORS = range(9, 11), range(7)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What each code of an item means; code 0, not answered, is 0 everywhere."""

    names: tuple[str, ...]
    answered: Floats
    satisfied: Floats
    dissatisfied: Floats
    score: Floats
    top: Floats
    full: float

    @classmethod
    def of(cls, plan: Plan, item: Item) -> Meaning:
        if item.kind == "graded":
            grades = plan.scale_of(item).grade
            top = [grade.top for grade in grades]
            best = max(grade.score for grade in grades)
            return cls(
                tuple(grade.code for grade in grades),
                _lookup([1] * len(grades)),
                _lookup([grade.counts == "satisfied" for grade in grades]),
                _lookup([grade.counts == "dissatisfied" for grade in grades]),
                _lookup([grade.score for grade in grades]),
                _lookup(top if any(top) else [grade.score == best for grade in grades]),
                plan.scale_of(item).full_score,
            )
        if item.kind == "recommendation":
            return cls(
                tuple(map(str, range(11))),
                _lookup([1] * 11),
                _lookup([grade in PROMOTERS for grade in range(11)]),
                _lookup([grade in DETRACTORS for grade in range(11)]),
                _lookup(range(11)),
                _lookup([grade in PROMOTERS for grade in range(11)]),
                10.0,
            )
        none = [0] * len(item.choices)
        return cls(
            tuple(item.choices),
            _lookup([1] * len(none)),
            _lookup(none),
            _lookup(none),
            _lookup(none),
            _lookup(none),
            1,
        )


def _lookup(values: object) -> Floats:
    return np.array([0.0, *map(float, values)])  # type: ignore[call-overload]


@dataclass(slots=True)
class Counter:
    """Forms that count (`places` of all forms), their weights, and what part of them a breakdown looks at."""

    plan: Plan
    answers: Answers
    places: NDArray[np.int64]
    design: Design
    weights: Mapping[str, float]
    inside: NDArray[np.bool_] | None = None

    def within(self, mask: NDArray[np.bool_]) -> Counter:
        """The same figures over a part of the forms; how they were drawn stays that of all of them."""
        if self.plan.score.weighting == "poststratified":
            return Counter(self.plan, self.answers, self.places, self.design, self.weights, mask)
        old = self.design
        part = Design(old.weight[mask], old.cls[mask], old.post[mask], old.n, old.sampled)
        return Counter(self.plan, self.answers, self.places[mask], part, self.weights)

    @property
    def size(self) -> int:
        return len(self.places) if self.inside is None else int(self.inside.sum())

    def codes(self, item: Item) -> NDArray[np.uint8]:
        codes = self.answers.codes[item.key][self.places]
        return codes if self.inside is None else np.where(self.inside, codes, 0).astype(np.uint8)

    def item(self, item: Item) -> ItemResult:
        if item.kind == "number":
            return self._number(item)
        meaning, codes = Meaning.of(self.plan, item), self.codes(item)
        counts = np.bincount(codes, minlength=len(meaning.names) + 1)
        answered = int(counts[1:].sum())
        found = ItemResult(
            item.key,
            item.kind,
            answered,
            int(counts @ meaning.satisfied),
            int(counts @ meaning.dissatisfied),
            self.size - answered,
            dict(zip(meaning.names, counts[1:].tolist(), strict=True)),
            weight=self.weights.get(item.key, 0.0),
        )
        if item.kind == "choice":
            return found
        below = meaning.answered[codes]
        found.mean = self.design.ratio(meaning.score[codes], below, n=answered)
        found.top_box = self.design.ratio(meaning.top[codes], below, n=answered)
        if item.kind == "recommendation":
            net = meaning.satisfied - meaning.dissatisfied
            found.index = _scaled(self.design.ratio(net[codes], below, n=answered), 100.0)
            return found
        found.index = _scaled(found.mean, self.plan.score.index_of / meaning.full)
        judged = meaning.satisfied + meaning.dissatisfied
        some = found.satisfied + found.dissatisfied
        found.rate = self.design.ratio(meaning.satisfied[codes], judged[codes], n=some)
        return found

    def _number(self, item: Item) -> ItemResult:
        values = self.answers.numbers[item.key][self.places]
        given = ~np.isnan(values) if self.inside is None else ~np.isnan(values) & self.inside
        some = int(given.sum())
        found = ItemResult(item.key, item.kind, some, 0, 0, self.size - some)
        found.mean = self.design.ratio(np.where(given, values, 0.0), given.astype(float), n=some)
        return found

    def rate(self) -> Estimate | None:
        """Satisfied over satisfied and dissatisfied, of all items together or of the plan's overall item."""
        graded = self._rated()
        above = np.zeros(len(self.places))
        below = np.zeros(len(self.places))
        for item in graded:
            meaning, codes = Meaning.of(self.plan, item), self.codes(item)
            above += meaning.satisfied[codes]
            below += (meaning.satisfied + meaning.dissatisfied)[codes]
        return self.design.ratio(above, below, n=int(below.sum()))

    def _rated(self) -> list[Item]:
        overall = self.plan.score.overall
        if overall:
            return [item for item in self.plan.item if item.key == overall]
        return [item for item in self.plan.item if item.kind == "graded" and item.in_rate]

    def index(self, items: list[ItemResult]) -> Estimate | None:
        if self.plan.score.index_over == "forms":
            return self._index_of_forms()
        return self._index_of_items({one.key: one for one in items})

    def _index_of_items(self, results: Mapping[str, ItemResult]) -> Estimate | None:
        """Σ weight x index over items with answers, the weights raised to sum to 1; linearised over the
        forms.
        """
        graded = [
            item
            for item in self.plan.item
            if item.kind == "graded" and item.key in self.weights and results[item.key].mean is not None
        ]
        total = sum(self.weights[item.key] for item in graded)
        if not total:
            return None
        z = np.zeros(len(self.places))
        value = 0.0
        for item in graded:
            meaning, codes = Meaning.of(self.plan, item), self.codes(item)
            part = self.weights[item.key] / total * self.plan.score.index_of / meaning.full
            mean = results[item.key].mean
            assert mean is not None
            below = meaning.answered[codes]
            z += part * (meaning.score[codes] - mean.value * below) / float(self.design.weight @ below)
            value += part * mean.value
        return Estimate(value, float(np.sqrt(self.design.variance(z))), self.size, float("inf"))

    def _index_of_forms(self) -> Estimate | None:
        """Points over full points of what a form answered, then the mean over the forms."""
        points = np.zeros(len(self.places))
        full = np.zeros(len(self.places))
        for item in self.plan.item:
            if item.kind == "graded" and item.key in self.weights:
                meaning, codes = Meaning.of(self.plan, item), self.codes(item)
                points += self.weights[item.key] * meaning.score[codes] / meaning.full
                full += self.weights[item.key] * meaning.answered[codes]
        given = full > 0
        value = np.divide(points, full, out=np.zeros_like(points), where=given) * self.plan.score.index_of
        return self.design.ratio(value, given.astype(float), n=int(given.sum()))


def _scaled(estimate: Estimate | None, factor: float) -> Estimate | None:
    if estimate is None:
        return None
    return Estimate(estimate.value * factor, estimate.se * factor, estimate.n, estimate.effective)
