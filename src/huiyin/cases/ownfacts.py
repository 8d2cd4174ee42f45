"""Facts that a pack adds to the vocabulary: where they are asked, as fields of a form, and in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.cases.fields import Moment, Pills
from huiyin.cases.models import Case
from huiyin.cases.selectors import event_texts
from huiyin.core.errors import InvalidInput
from huiyin.engine.schema.frame import Fact
from huiyin.procedures.selectors import Rules

# On the register form their names must not meet those of its own fields.
PREFIX = "own-"
# The forms ask for it in a field of their own, whatever the pack.
ALREADY = frozenset({"reporter_phone"})
# More values than this are chosen from a list.
FEW = 4
LONGEST = {"reference": 80, "code": 64, "text": 500}


def asked(rules: Rules, event: str, kind: str) -> list[Fact]:
    """The facts that the pack wants to be asked for on an event of a case of this kind."""
    return [
        fact
        for fact in rules.pack.fact
        if event in fact.events and fact.name not in ALREADY
        if not fact.kinds or not kind or kind in fact.kinds
    ]


def _english() -> bool:
    return (get_language() or "").startswith("en")


def title_of(fact: Fact) -> str:
    return (fact.title_en if _english() else "") or fact.title or fact.name


def words_of(fact: Fact, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if fact.type == "time":
        return timezone.localtime(datetime.fromisoformat(str(value))).strftime("%Y-%m-%d %H:%M")
    text = str(value)
    return (fact.labels_en.get(text) if _english() else None) or fact.labels.get(text, text)


def field_of(fact: Fact) -> forms.Field:
    """The field that asks for it. Nothing is required of itself: what must be said the gates say."""
    known: dict[str, Any] = {
        "label": title_of(fact),
        "required": False,
        "help_text": (fact.hint_en if _english() else "") or fact.hint,
    }
    if fact.values:
        choices = {one: words_of(fact, one) for one in (fact.labels or fact.values)}
        if len(choices) <= FEW:
            return Pills(choices, **known)
        return forms.ChoiceField(choices=[("", _("未选")), *choices.items()], **known)
    if fact.type == "flag":
        return forms.BooleanField(**known)
    if fact.type == "time":
        return Moment(**known)
    if fact.type in ("number", "amount"):
        lowest = 0 if fact.type == "amount" else None
        return forms.DecimalField(max_digits=15, decimal_places=4, min_value=lowest, **known)
    return forms.CharField(max_length=LONGEST.get(fact.type, 64), **known)


def told(fact: Fact, value: Any) -> Any:
    """What a field gave as an event carries it; None where nothing was said."""
    if value in (None, "") or value is False:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value) if fact.type == "amount" else float(value)
    return value


class OwnFactsForm(forms.Form):
    """The pack's facts on the register page; of all kinds where `kind` is empty."""

    def __init__(
        self,
        data: QueryDict | Mapping[str, str] | None = None,
        *,
        rules: Rules,
        kind: str = "",
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, auto_id="%s", initial=dict(initial or {}))
        self.asked = {PREFIX + fact.name: fact for fact in asked(rules, "registered", kind)}
        for name, fact in self.asked.items():
            self.fields[name] = field_of(fact)

    def shown(self) -> list[dict[str, Any]]:
        """For the template: the field, how it is drawn, and for which kinds."""
        return [
            {
                "bound": self[name],
                "hint": self.fields[name].help_text,
                "choice": isinstance(self.fields[name].widget, forms.RadioSelect),
                "kinds": " ".join(fact.kinds),
            }
            for name, fact in self.asked.items()
        ]


def own_facts_from(post: QueryDict | Mapping[str, str], rules: Rules) -> dict[str, Any]:
    """The pack's facts of a registration as the form sends them. Raises InvalidInput naming what is wrong."""
    form = OwnFactsForm(post, rules=rules, kind=post.get("kind", "") or "")
    if not form.is_valid():
        wrong = {
            name: _("%(field)s：%(error)s") % {"field": form.fields[name].label, "error": errors[0]}
            for name, errors in form.errors.items()
        }
        raise InvalidInput(_("有一项填得不对，已写的内容还在。"), fields=wrong)
    values = {fact.name: told(fact, form.cleaned_data[name]) for name, fact in form.asked.items()}
    return {name: value for name, value in values.items() if value is not None}


def values_of(case: Case, rules: Rules) -> dict[str, Any]:
    """What is known of a case by the pack's facts: name -> value, words where they were not erased."""
    known = case.standing.get("facts", {})
    told_of = {fact.name: fact for fact in rules.pack.fact if known.get(fact.name) not in (None, "")}
    found = {name: known[name] for name, fact in told_of.items() if fact.type != "text"}
    worded = {name for name, fact in told_of.items() if fact.type == "text"}
    if worded:
        events = list(case.events.order_by("at", "id"))
        texts = event_texts(events)
        for event in events:
            found |= {name: text for name, text in texts.get(event.pk, {}).items() if name in worded}
    return found


def lines_of(case: Case, rules: Rules) -> list[tuple[str, str]]:
    """(title, words) of what is known, in the pack's order."""
    values = values_of(case, rules)
    return [
        (title_of(fact), words_of(fact, values[fact.name])) for fact in rules.pack.fact if fact.name in values
    ]
