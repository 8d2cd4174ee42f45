"""What later rooms add to the page of a case: they register in their `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huiyin.cases.models import Case
from huiyin.organization.actors import Actor


@dataclass(frozen=True, slots=True)
class CaseSection:
    """A part of the page. `template` renders it with `section` (the context) beside the page's own names."""

    name: str
    template: str
    context: dict[str, Any]


SectionProvider = Callable[[Actor, Case], CaseSection | None]

_sections: list[SectionProvider] = []
_step_pages: dict[str, str] = {}


def register_section(provider: SectionProvider) -> SectionProvider:
    """Show something of another room beside a case."""
    if provider not in _sections:
        _sections.append(provider)
    return provider


def register_step_page(event: str, url_name: str) -> None:
    """A step whose form another room brings; the URL takes the case's number."""
    _step_pages[event] = url_name


def sections_for(actor: Actor, case: Case) -> list[CaseSection]:
    found = (provider(actor, case) for provider in _sections)
    return [section for section in found if section is not None]


def step_page(event: str) -> str:
    """The URL name of a step's form in another room; empty where the case's own page has it."""
    return _step_pages.get(event, "")
