"""The weights of items in the index: plainly given, or through a system of indicators in tiers."""

from __future__ import annotations

from collections.abc import Mapping

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core.ahp import Judgement, judge
from huiyin.surveys.core.plan import Plan


def judgements(plan: Plan) -> dict[str, Judgement]:
    """The judged comparisons of a plan by the node they are made under. Raises InvalidInput as `judge`
    does.
    """
    found: dict[str, Judgement] = {}
    children = _children(plan)
    for one in plan.comparison:
        known = children.get(one.of, []) or [
            item.key for item in plan.item if item.indicator == (one.of or None)
        ]
        if sorted(one.among) != sorted(known) or len(one.matrix) != len(one.among):
            raise InvalidInput(
                f"comparison under {one.of or 'the top'}: compare {', '.join(known)}", code="among"
            )
        found[one.of] = judge(
            one.matrix, method=one.method, random_index=one.random_index, justification=one.justification
        )
    return found


def indicator_weights(plan: Plan) -> dict[str, float]:
    """Code to weight of every indicator: the lowest tier sums to 1, each one above is the sum of those
    below it.

    Where experts gave a weight and a comparison gives one too, the mean of both counts. Raises
    InvalidInput for a lowest indicator that has neither.
    """
    children = _children(plan)
    lowest = [one for one in plan.indicator if one.code not in children]
    judged = _products(plan, children)
    given = {one.code: one.weight for one in lowest if one.weight is not None}
    if given and len(given) < len(lowest):
        missing = next(one.code for one in lowest if one.code not in given)
        raise InvalidInput(f"indicator {missing} of the lowest tier has no weight", code="no_weight")
    if not given and not judged and lowest:
        raise InvalidInput(
            "the indicators of the lowest tier have neither weights nor comparisons", code="no_weight"
        )
    sources = [_to_one(one) for one in (given, judged) if one]
    found = {one.code: sum(source[one.code] for source in sources) / len(sources) for one in lowest}

    def total(code: str) -> float:
        below = children.get(code)
        return found[code] if below is None else sum(total(child) for child in below)

    return {one.code: total(one.code) for one in plan.indicator}


def item_weights(plan: Plan) -> dict[str, float]:
    """Key to weight of every graded item, summing to 1. An indicator's weight is shared among its items."""
    graded = [one for one in plan.item if one.kind == "graded"]
    judged = judgements(plan)
    own = {one.key: one.weight for one in graded}
    for rule in plan.comparison:
        if rule.among and rule.among[0] in own:
            own.update(zip(rule.among, judged[rule.of].weights, strict=True))
    if not plan.indicator:
        return _to_one(own)
    of = indicator_weights(plan)
    sums: dict[str | None, float] = {}
    for one in graded:
        sums[one.indicator] = sums.get(one.indicator, 0.0) + own[one.key]
    return _to_one(
        {one.key: of[one.indicator] * own[one.key] / sums[one.indicator] for one in graded if one.indicator}
    )


def _children(plan: Plan) -> dict[str, list[str]]:
    """Node to the nodes below it; the top is empty."""
    found: dict[str, list[str]] = {}
    for one in plan.indicator:
        found.setdefault(one.parent or "", []).append(one.code)
    return found


def _products(plan: Plan, children: Mapping[str, list[str]]) -> dict[str, float]:
    """Weights of the lowest tier as products of the comparisons on the way down; empty where none is made."""
    judged = judgements(plan)
    local = {
        name: weight
        for rule in plan.comparison
        for name, weight in zip(rule.among, judged[rule.of].weights, strict=True)
    }
    if not any(one.code in local for one in plan.indicator):
        return {}
    found: dict[str, float] = {}

    def descend(node: str, weight: float) -> None:
        below = children.get(node, [])
        if not below:
            found[node] = weight
        for child in below:
            if child not in local and len(below) > 1:
                raise InvalidInput(f"indicator {child} is compared with nothing", code="no_weight")
            descend(child, weight * local.get(child, 1.0))

    descend("", 1.0)
    return found


def _to_one(weights: Mapping[str, float | None]) -> dict[str, float]:
    total = sum(weight or 0 for weight in weights.values())
    return {name: (weight or 0) / total for name, weight in weights.items()} if total else {}
