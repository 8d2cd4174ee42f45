"""What later rooms add to the page of a clause: they register in their `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.organization.actors import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to know of a clause: these days, both included; `show` names one figure's list.

    `procedure` is the document's key where clauses of one number stand in several; `units` are those asked
    for, None for all that the actor sees.
    """

    clause: str
    since: date
    until: date
    show: str = ""
    after: int | None = None
    procedure: int | None = None
    units: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class ClauseSection:
    """A part of the clause's page. `template` renders it with `section` in its context."""

    template: str
    context: dict[str, Any]


EvidenceProvider = Callable[[Actor, Asked], ClauseSection | None]

_providers: list[EvidenceProvider] = []


def register_evidence(provider: EvidenceProvider) -> EvidenceProvider:
    """A room shows what it has on record for a clause."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


def evidence(actor: Actor, asked: Asked) -> list[ClauseSection]:
    found = (provider(actor, asked) for provider in _providers)
    return [section for section in found if section is not None]
