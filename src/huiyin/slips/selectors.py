"""Reading slips: of visible cases, and those sent to the actor's units even where the case is not his."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.selectors import visible_cases
from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.journal.models import EntryText
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.services.units import UnitMatters
from huiyin.slips.models import Slip

OF_UNIT = UnitMatters(
    kind="slips",
    label=lazy("没办完的联络单"),
    count=lambda unit: Slip.objects.filter(company_id=unit.company_id, to_unit=unit, open=True).count(),
)
BOXES = ("in", "out", "late", "done")


def visible_slips(actor: Actor) -> QuerySet[Slip]:
    """Slips of cases the actor sees, and those to units he works in."""
    mine = Q(case__in=visible_cases(actor)) | Q(to_unit_id__in=actor.unit_ids(Capability.VIEW))
    return Slip.objects.filter(mine, company_id=actor.company_id)


def get_slip(actor: Actor, number: str) -> Slip:
    """Raises NotFound where there is none, or none for the actor to see."""
    rows = visible_slips(actor).select_related(
        "case__edition", "case__unit", "from_unit", "to_unit", "issued_by"
    )
    found = rows.defer("case__edition__pack", "case__edition__forms").filter(number=number).first()
    if found is None:
        raise NotFound(_("没有这张联络单，或不在您的范围内。"))
    return found


def home_units(actor: Actor) -> set[int]:
    """The units the actor holds posts in: what is addressed to them is addressed to him."""
    return {held.unit_id for held in actor.held}


def to_me(actor: Actor) -> Q:
    return Q(to_unit_id__in=home_units(actor))


def from_me(actor: Actor) -> Q:
    own = Q(from_unit_id__in=home_units(actor))
    return own | Q(issued_by=actor.person) if actor.person is not None else own


def box(actor: Actor, name: str) -> QuerySet[Slip]:
    """One of the boxes of the list, what is due first in front."""
    rows = visible_slips(actor)
    if name == "in":
        rows = rows.filter(to_me(actor), open=True)
    elif name == "out":
        rows = rows.filter(from_me(actor), open=True)
    elif name == "late":
        rows = rows.filter(open=True, next_due__lt=clock.now())
    elif name == "done":
        rows = rows.filter(open=False)
    return rows


def box_counts(actor: Actor) -> dict[str, int]:
    """How many are open in each box, counted no further than anybody reads."""
    return {name: box(actor, name).order_by().values("pk")[:1000].count() for name in BOXES[:3]}


def words_of(slips: list[Slip]) -> dict[int, str]:
    """What each slip asks for: slip id -> text, empty where it was erased."""
    by_entry = {slip.issued_id: slip.pk for slip in slips}
    rows = EntryText.objects.filter(entry_id__in=by_entry, field="text", erased_at__isnull=True)
    return {by_entry[row.entry_id]: row.text for row in rows}


def slip_events(slip: Slip) -> list[CaseEvent]:
    """Everything that happened to the slip, in order, with the words."""
    rows = CaseEvent.objects.filter(case_id=slip.case_id, name__startswith="slip_").select_related("entry")
    rows = rows.prefetch_related("entry__texts").order_by("id")
    return [row for row in rows if row.data.get("slip") == slip.number]


def may_see_case(actor: Actor, slip: Slip) -> bool:
    return visible_cases(actor).filter(pk=slip.case_id).exists()


def slips_of(actor: Actor, case: Case) -> list[Slip]:
    """The slips of a case that the actor already has."""
    return list(Slip.objects.filter(case=case).select_related("to_unit", "from_unit").order_by("-id"))
