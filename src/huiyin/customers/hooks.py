"""What later rooms add to this one: they register in their `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huiyin.customers.models import Customer, Household, Place
from huiyin.organization.actors import Actor


@dataclass(frozen=True, slots=True)
class CardSection:
    """A part of the household's card. `template` renders it with `section` in its context."""

    name: str
    title: str
    template: str
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CardSubject:
    """Whose card it is. `place` is the room, or the public place or equipment."""

    place: Place | None
    household: Household | None
    customers: tuple[Customer, ...]


SectionProvider = Callable[[Actor, CardSubject], CardSection | None]
CustomerMerged = Callable[[Actor, Customer, Customer], None]
CustomerErased = Callable[[Actor, Customer], None]

_sections: list[SectionProvider] = []
_merged: list[CustomerMerged] = []
_erased: list[CustomerErased] = []


def register_card_section(provider: SectionProvider) -> SectionProvider:
    """A room shows something on the card of a household, place or customer."""
    if provider not in _sections:
        _sections.append(provider)
    return provider


def on_customer_merged(handler: CustomerMerged) -> CustomerMerged:
    """Called as handler(actor, kept, duplicate) in the transaction that merges them: move your references."""
    if handler not in _merged:
        _merged.append(handler)
    return handler


def on_customer_erased(handler: CustomerErased) -> CustomerErased:
    """Called as handler(actor, customer) in the transaction that erases: erase what you keep about them."""
    if handler not in _erased:
        _erased.append(handler)
    return handler


def sections(actor: Actor, subject: CardSubject) -> list[CardSection]:
    found = (provider(actor, subject) for provider in _sections)
    return [section for section in found if section is not None]


def merged(actor: Actor, kept: Customer, duplicate: Customer) -> None:
    for handler in _merged:
        handler(actor, kept, duplicate)


def erased(actor: Actor, customer: Customer) -> None:
    for handler in _erased:
        handler(actor, customer)
