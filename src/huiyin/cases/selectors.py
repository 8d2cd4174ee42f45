"""Reading cases: always through the actor, so that nobody sees another unit's."""

from __future__ import annotations

import uuid as uuids

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.core.errors import NotFound
from huiyin.journal.models import Entry, EntryText
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Cases of the actor's units or given to them, and those he took in or works on wherever they went."""
    units = actor.unit_ids(Capability.VIEW)
    if actor.company_id in units:  # who sees the company's root sees all of it
        return Case.objects.filter(company_id=actor.company_id)
    mine = Q(unit_id__in=units) | Q(assigned_unit_id__in=units)
    if actor.person is not None:
        mine |= Q(first_receiver=actor.person) | Q(handler=actor.person)
    return Case.objects.filter(mine, company_id=actor.company_id)


def get_case(actor: Actor, number: str) -> Case:
    """The case of that number or uuid. NotFound where there is none, or none for the actor to see."""
    related = (
        "unit",
        "edition",
        "place",
        "household__room",
        "customer",
        "handler",
        "assigned_unit",
        "first_receiver",
    )
    # the pack is compiled once for each process; it need not come with each case
    cases = visible_cases(actor).select_related(*related).defer("edition__pack", "edition__forms")
    try:
        key = Q(uuid=uuids.UUID(number))
    except ValueError:
        key = Q(number=number)
    case = cases.filter(key).first()
    if case is None:
        raise NotFound(_("没有这张工单，或不在您的范围内。"))
    return case


def get_attachment(actor: Actor, uuid: uuids.UUID) -> Attachment:
    """A file of a case the actor may see."""
    found = (
        Attachment.objects.filter(uuid=uuid, case__in=visible_cases(actor))
        .select_related("stored", "case")
        .first()
    )
    if found is None:
        raise NotFound(_("没有这个文件，或不在您的范围内。"))
    return found


def case_entries(case: Case) -> QuerySet[Entry]:
    """Everything the journal holds of a case, in order, with the words that are still there."""
    return (
        Entry.objects.filter(
            company_id=case.company_id, chain__subject_kind="case", chain__subject_id=str(case.uuid)
        )
        .prefetch_related("texts")
        .order_by("sequence")
    )


def event_texts(events: list[CaseEvent]) -> dict[int, dict[str, str]]:
    """The words of events: event id -> field -> text. Erased ones are left out."""
    by_entry = {event.entry_id: event.pk for event in events}
    found: dict[int, dict[str, str]] = {}
    for row in EntryText.objects.filter(entry_id__in=by_entry, erased_at__isnull=True):
        found.setdefault(by_entry[row.entry_id], {})[row.field] = row.text
    return found
