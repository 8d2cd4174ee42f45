"""What a person chose to see: filters as they stand in the address, and the cases they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from huiyin.cases.models import Case
from huiyin.cases.search import matching
from huiyin.cases.selectors import visible_cases
from huiyin.core import clock
from huiyin.core.days import FIRST, LAST
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.procedures.selectors import Rules

# Columns chosen by their value, the name in the address being the column's.
PLAIN = ("kind", "channel", "level", "urgency", "severity", "via", "responsible_party", "region")
CHOSEN = (*PLAIN, "state", "category", "validity", "unit", "assigned", "handler", "outcome", "mark")
SORTS = ("next", "newest")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person chose, as it stands in the address: several values of one name mean any of them."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "next"

    @classmethod
    def from_query(cls, query: QueryDict) -> Filters:
        chosen = {
            name: values
            for name in CHOSEN
            if (values := tuple(dict.fromkeys(one[:60] for one in query.getlist(name) if one)))
        }
        sort = query.get("sort", "")
        return cls(
            chosen=chosen,
            text=query.get("q", "").strip()[:100],
            since=_day(query.get("from")),
            until=_day(query.get("to")),
            sort=sort if sort in SORTS else "next",
        )

    def query(self) -> QueryDict:
        """The address of this choice, always written in the same order."""
        found = QueryDict(mutable=True)
        if self.text:
            found["q"] = self.text
        for name in CHOSEN:
            if name in self.chosen:
                found.setlist(name, list(self.chosen[name]))
        if self.since:
            found["from"] = self.since.isoformat()
        if self.until:
            found["to"] = self.until.isoformat()
        if self.sort != "next":
            found["sort"] = self.sort
        return found

    def without(self, *names: str) -> Filters:
        kept = {name: values for name, values in self.chosen.items() if name not in names}
        return Filters(kept, self.text, self.since, self.until, self.sort)

    @property
    def plain(self) -> bool:
        """Nothing chosen: the list as it opens."""
        return not (self.chosen or self.text or self.since or self.until)


def _day(text: str | None) -> date | None:
    try:
        found = parse_date(text or "")
    except ValueError:
        return None
    return found if found is not None and FIRST <= found <= LAST else None


def day_start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def mine(actor: Actor) -> Q:
    """What this person is to move on: given to him, or to a post he holds where nobody was named yet."""
    theirs = Q(handler_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    for held in actor.held:
        within = Q(unit_id__in=held.scope) | Q(assigned_unit_id__in=held.scope)
        if actor.company_id in held.scope:
            within = Q()
        of_post = within & (
            Q(assigned_post=held.post) | Q(assigned_post="", assigned_unit=None, owner_post=held.post)
        )
        of_unit = Q(assigned_post="", assigned_unit_id=held.unit_id)
        theirs |= Q(handler=None) & (of_post | of_unit)
    return theirs


def mark_conditions(actor: Actor, now: datetime | None = None) -> dict[str, Q]:
    """The marks one can choose by; each is a question somebody asks every day."""
    moment = now or clock.now()
    tomorrow = day_start(timezone.localtime(moment).date() + timedelta(days=1))
    opened = Q(open=True)
    return {
        "mine": opened & mine(actor),
        "late": opened & Q(next_due__lt=moment),
        "today": opened & Q(next_due__gte=moment, next_due__lt=tomorrow),
        "urgent": opened & Q(urgency="urgent"),
        "unassigned": opened & Q(handler=None, assigned_unit=None, assigned_post=""),
        "dissatisfied": opened & Q(follow_up_outcome="dissatisfied"),
        "follow_up": opened & Q(follow_up_needed=True),
        "chased": opened & Q(chased__gt=0),
        "safety": Q(safety=True),
        "breached": Q(breached=True),
        "reopened": Q(reopened__gt=0),
        "approved_closure": Q(approved_closure=True),
        "late_entry": Q(late_entry=True),
        "historic": Q(historic=True),
        "taken_by_me": Q(first_receiver_id=actor.person_id) if actor.person_id else Q(pk__in=[]),
    }


def _state(values: tuple[str, ...]) -> Q:
    if "all" in values:
        return Q()
    if values == ("open",):
        return Q(open=True)
    found = Q(state__in=values)
    if "open" in values:
        found |= Q(open=True)
    if "ended" in values:
        found |= Q(open=False)
    return found


def _below(rules: Rules | None, codes: Iterable[str]) -> set[str]:
    """These categories and all below them."""
    found = set(codes)
    rows = rules.pack.category if rules else []
    while more := {row.code for row in rows if row.parent in found} - found:
        found |= more
    return found


def _subtrees(actor: Actor, codes: Iterable[str]) -> set[int]:
    found: set[int] = set()
    for unit in Unit.objects.filter(company_id=actor.company_id, code__in=list(codes)):
        found |= set(unit.descendants(include_self=True).values_list("pk", flat=True))
    return found


def _handler(actor: Actor, values: tuple[str, ...]) -> Q:
    names = [value for value in values if value not in ("me", "none")]
    found = Q(handler__username__in=names) if names else Q(pk__in=[])
    if "me" in values and actor.person_id:
        found |= Q(handler_id=actor.person_id)
    if "none" in values:
        found |= Q(handler=None)
    return found


def _conditions(actor: Actor, filters: Filters, rules: Rules | None) -> Iterable[Q]:
    chosen = filters.chosen
    special: dict[str, Callable[[tuple[str, ...]], Q]] = {
        "category": lambda values: Q(category__in=_below(rules, values)),
        "validity": lambda values: Q(validity__in=["" if one == "unjudged" else one for one in values]),
        "unit": lambda values: Q(unit_id__in=_subtrees(actor, values)),
        "assigned": lambda values: Q(assigned_unit_id__in=_subtrees(actor, values)),
        "handler": lambda values: _handler(actor, values),
        "outcome": lambda values: Q(follow_up_outcome__in=values),
    }
    for name, values in chosen.items():
        if name in PLAIN:
            yield Q(**{f"{name}__in": values})
        elif name in special:
            yield special[name](values)
    marks = mark_conditions(actor) if "mark" in chosen else {}
    for value in chosen.get("mark", ()):
        # marks narrow: late and mine
        yield marks.get(value, Q(pk__in=[]))
    if filters.since:
        yield Q(registered_at__gte=day_start(filters.since))
    if filters.until:
        yield Q(registered_at__lt=day_start(filters.until + timedelta(days=1)))


def chosen_cases(actor: Actor, filters: Filters, rules: Rules | None = None) -> QuerySet[Case]:
    """The cases of a choice, without order; open ones where no state is chosen and nothing sought."""
    cases = visible_cases(actor)
    for condition in _conditions(actor, filters, rules):
        cases = cases.filter(condition)
    states = filters.chosen.get("state", ())
    if not states and not filters.text:
        states = ("open",)
    if states:
        cases = cases.filter(_state(states))
    if filters.text:
        cases = matching(cases, company_id=actor.company_id, text=filters.text)
    return cases
