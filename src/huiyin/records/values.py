"""What goes into the blanks of a form: a source such as `case.number` or `answered.text`, as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.cases.models import Case, CaseEvent
from huiyin.cases.ownfacts import values_of, words_of
from huiyin.cases.selectors import event_texts
from huiyin.core.phrases import listed
from huiyin.procedures.selectors import Rules

_TIMES = frozenset({"at", "by", "reply_by", "finish_by", "answer_by"})
_LABELS = {
    "validity": labels.VALIDITIES,
    "outcome": labels.OUTCOMES,
    "urgency": labels.URGENCIES,
    "severity": labels.SEVERITIES,
    "responsible_party": labels.PARTIES,
    "means": labels.MEANS,
}


def moment_words(value: datetime | str | None) -> str:
    """2026-11-22 16:30, as forms are filled in."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return timezone.localtime(found).strftime("%Y-%m-%d %H:%M") if found else ""


class CaseValues:
    """The blanks of one case. Events are read once; of several of a name the latest counts."""

    def __init__(self, case: Case, rules: Rules) -> None:
        self.case = case
        self.rules = rules
        self.events = list(case.events.order_by("at", "id"))
        self._texts = event_texts(self.events)
        self._latest = {event.name: event for event in self.events}
        self._facts = {fact.name: fact for fact in rules.pack.fact if fact.name not in _LABELS}

    def value(self, source: str) -> str:
        """The words for a source; empty for `by_hand` and for what has not happened."""
        room, _dot, field = source.partition(".")
        if room == "case":
            found = _CASE.get(field)
            return found(self) if found else self.own_fact(field)
        event = self._latest.get(room)
        return self.of_event(event, field) if event is not None else ""

    def of_event(self, event: CaseEvent, field: str) -> str:
        """A field of an event: `at`, `actor`, a code in words, or what was written."""
        if field == "at":
            return moment_words(event.at)
        if field == "actor":
            return self.who(event)
        found = self._texts.get(event.pk, {}).get(field) or event.data.get(field)
        if field in self._facts and found not in (None, ""):
            return words_of(self._facts[field], found)
        if field in _LABELS:
            return labels.label(_LABELS[field], found)
        if field in _TIMES:
            return moment_words(found)
        return str(found or "")

    def own_fact(self, name: str) -> str:
        """What is known by a fact that the pack added."""
        if name not in self._facts:
            return ""
        value = values_of(self.case, self.rules).get(name)
        return "" if value is None else words_of(self._facts[name], value)

    def who(self, event: CaseEvent) -> str:
        post = labels.post_label(self.rules, event.post) if event.post else ""
        return _("{name}（{post}）").format(name=event.actor_name, post=post) if post else event.actor_name

    def phone(self) -> str:
        if self.case.reporter_phone:
            return self.case.reporter_phone
        if self.case.customer is None:
            return ""
        found = self.case.customer.phones.order_by("-primary", "id").first()
        return found.number if found else ""

    def people(self) -> str:
        """The customer, and who told it where that was somebody else."""
        customer = str(self.case.customer) if self.case.customer else ""
        reporter = self.case.reporter
        if customer and reporter and reporter != customer:
            return _("{customer}（报事人 {reporter}）").format(customer=customer, reporter=reporter)
        return customer or reporter

    def seriousness(self) -> str:
        return listed(
            labels.label(names, value)
            for names, value in (
                (labels.SEVERITIES, self.case.severity or "ordinary"),
                (labels.URGENCIES, self.case.urgency or "ordinary"),
            )
        )

    def owner(self) -> str:
        if self.case.handler is not None:
            return self.case.handler.name
        return labels.post_label(self.rules, self.case.assigned_post or self.case.owner_post)


_CASE: Mapping[str, Callable[[CaseValues], str]] = {
    "number": lambda of: of.case.number,
    "registered_at": lambda of: moment_words(of.case.registered_at),
    "recorded_at": lambda of: moment_words(of.case.recorded_at),
    "kind": lambda of: labels.kind_label(of.rules, of.case.kind),
    "channel": lambda of: labels.channel_label(of.rules, of.case.channel),
    "category": lambda of: labels.category_label(of.rules, of.case.category),
    "level": lambda of: labels.level_label(of.rules, of.case.level),
    "customer": CaseValues.people,
    "reporter": lambda of: of.case.reporter,
    "phone": CaseValues.phone,
    "room": lambda of: str(of.case.place or of.case.household or ""),
    "text": lambda of: of.case.text,
    "demand": lambda of: of.case.demand,
    "answer_by": lambda of: moment_words(of.case.answer_by),
    "first_receiver": lambda of: of.case.first_receiver.name if of.case.first_receiver else "",
    "owner": CaseValues.owner,
    "urgency": CaseValues.seriousness,
    "validity": lambda of: labels.label(labels.VALIDITIES, of.case.validity),
    "state": lambda of: labels.state_label(of.case.state),
    "closed_at": lambda of: moment_words(of.case.closed_at),
}


class SlipValues:
    """The blanks of one slip: `slip.*` from its events, everything else from its case."""

    def __init__(self, of_case: CaseValues, number: str, to_unit: str) -> None:
        self.of_case = of_case
        self.number = number
        self.to_unit = to_unit
        mine = [event for event in of_case.events if str(event.data.get("slip", "")) == number]
        self._latest = {event.name: event for event in mine}

    def value(self, source: str) -> str:
        room, _dot, field = source.partition(".")
        if room != "slip":
            return self.of_case.value(source)
        if field == "number":
            return self.number
        if field == "to":
            return self.to_unit or self._of("slip_issued", "to_post")
        event, wanted = _SLIP.get(field, ("slip_issued", field))
        return self._of(event, wanted)

    def _of(self, name: str, field: str) -> str:
        event = self._latest.get(name)
        if event is None:
            return ""
        if field == "signed":
            return f"{self.of_case.who(event)} {moment_words(event.at)}"
        return self.of_case.of_event(event, field)


_SLIP: Mapping[str, tuple[str, str]] = {
    "from": ("slip_issued", "actor"),
    "issued_at": ("slip_issued", "at"),
    "received": ("slip_received", "signed"),
    "answer": ("slip_answered", "text"),
    "result": ("slip_finished", "result"),
    "finished": ("slip_finished", "signed"),
    "evaluation": ("slip_evaluated", "result"),
}


def plain(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as a Word template takes them: no characters that XML cannot hold, no name that Jinja keeps."""
    renamed = {"from": "from_"}
    return {
        renamed.get(name, name): "".join(one for one in str(value) if one >= " " or one in "\n\t")
        for name, value in values.items()
    }
