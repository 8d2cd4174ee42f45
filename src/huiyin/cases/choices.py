"""What a person can choose from when registering or filtering: the pack's lists in the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.cases import labels
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit, UnitKind
from huiyin.procedures.selectors import Rules

# Where messages of an owners' group arrive, the best first.
CHAT = ("chat_group", "wechat")
FIRST = ("phone", "hotline")


@dataclass(frozen=True, slots=True)
class Choice:
    """`key` is the key that chooses it; `depth` how far below the top of a tree it stands."""

    code: str
    label: str
    key: str = ""
    depth: int = 0
    judged: bool = False


def kinds(rules: Rules) -> list[Choice]:
    """Kinds with their number keys: the pack's own, otherwise in the order of the pack."""
    taken = {row.key for row in rules.pack.kind if row.key}
    free = iter([str(figure) for figure in range(1, 10) if str(figure) not in taken])
    return [
        Choice(row.code, labels.kind_label(rules, row.code), row.key or next(free, ""), judged=row.judged)
        for row in rules.pack.kind
    ]


def channels(rules: Rules, *, desk: bool = False) -> list[Choice]:
    return [
        Choice(row.code, labels.channel_label(rules, row.code))
        for row in rules.pack.channel
        if row.desk or not desk
    ]


def first_channel(rules: Rules, remembered: str = "") -> str:
    """The one used last, otherwise the telephone, otherwise the pack's first."""
    codes = [row.code for row in rules.pack.channel]
    wanted = (remembered, *FIRST)
    return next((code for code in wanted if code in codes), codes[0] if codes else "")


def chat_channel(rules: Rules) -> str:
    codes = {row.code for row in rules.pack.channel}
    return next((code for code in CHAT if code in codes), "")


def categories(rules: Rules) -> list[Choice]:
    """The tree of problems, each below its parent."""
    below: dict[str | None, list[str]] = {}
    for row in rules.pack.category:
        below.setdefault(row.parent, []).append(row.code)

    def walk(codes: Iterable[str], depth: int) -> Iterable[Choice]:
        for code in codes:
            yield Choice(code, labels.category_label(rules, code), depth=depth)
            yield from walk(below.get(code, ()), depth + 1)

    return list(walk(below.get(None, ()), 0))


def desk_units(actor: Actor) -> list[Unit]:
    """The sites a matter without a room may be registered for; the actor's own first."""
    found = Unit.objects.filter(
        pk__in=actor.unit_ids(Capability.REGISTER),
        kind__in=(UnitKind.SITE, UnitKind.BRANCH, UnitKind.COMPANY),
        active=True,
    )
    own = {held.unit_id: position for position, held in enumerate(actor.held)}
    return sorted(
        found,
        key=lambda unit: (own.get(unit.pk, len(own)), unit.kind != UnitKind.SITE, unit.position, unit.pk),
    )
