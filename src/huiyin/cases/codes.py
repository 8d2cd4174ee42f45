"""What stands in a code field of an event stays in the hash chain for ever, so it must be no words.

The engine takes any word in a field of type `code`, as the contract of `simulate` has it. Here, where events
of a company are recorded, such a field holds a word that vocabulary or pack know, the name of a row that
exists, or a short token; whatever a person says belongs into the fields of words, which can be erased.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from huiyin.cases.labels import MEANS
from huiyin.cases.models import Case
from huiyin.core.errors import InvalidInput
from huiyin.engine import Pack
from huiyin.engine.vocabulary import CHANNELS, EVENTS, OUTCOMES, PARTIES, PROMISED_EVENT, VIAS
from huiyin.organization.models import Person, Unit
from huiyin.procedures.selectors import Rules

# A word of a program's: no spaces, no writing but ASCII.
TOKEN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/+#-]{0,63}", re.ASCII)
# A number of ours or of another office, in brackets of any kind: 深访〔2026〕12号. Never without a figure.
REFERENCE = re.compile(r"(?=[^0-9]*[0-9])[\w.:/+#()\[\]（）【】〔〕-]{1,80}")
# The code of a place, as the company's own list of premises has it.
PLACE = re.compile(r"[\w.:/+#()（）-]{1,64}")
# The name of a district, several words.
DISTRICT = re.compile(r"[^\W\d_][\w .,'&/()-]{0,39}")
# A telephone or identity number has at least seven figures on end.
FIGURES = re.compile(r"\d{7}")

_REFERENCES = frozenset({"slip", "to", "external_number"})
_PLACES = frozenset({"unit", "place", "equipment", "to_unit", "person"})
_IDENTITIES = frozenset({"id", "uuid", "customer", "household"})
_KNOWN: Mapping[str, frozenset[str]] = {
    "means": frozenset({*MEANS, *CHANNELS}),
    "what": frozenset({*PROMISED_EVENT, *EVENTS}),
    "party": frozenset({*PARTIES, *VIAS}),
    "outcome": frozenset(OUTCOMES),
}


def check_codes(rules: Rules, event: str, facts: Mapping[str, Any]) -> None:
    """Raises InvalidInput naming each code field of the event that holds words instead of a code."""
    types = rules.procedure.fields.get(event, {})
    wrong = {}
    for name, value in facts.items():
        kind = types.get(name)
        listed = value if isinstance(value, list) else [value]
        if kind == "reference" and value is not None and not REFERENCE.fullmatch(str(value)):
            wrong[name] = _("这里填号码，要有数字，不能写字句")
        if kind not in ("code", "codes") or value is None:
            continue
        if not all(_allowed(rules, name, str(one)) for one in listed):
            wrong[name] = _sentence(name)
    if wrong:
        raise InvalidInput(_("有一项填得不对，已写的内容还在。"), fields=wrong, code="not_a_code")


def check_rows(company_id: int, event: str, facts: Mapping[str, Any]) -> None:
    """Raises InvalidInput where an event names a person, a unit or a case that the company has not."""
    wanted = {
        "person": Person.objects.filter(company_id=company_id, username=facts.get("person")),
        "to_unit": Unit.objects.filter(company_id=company_id, code=facts.get("to_unit")),
        "to": Case.objects.filter(company_id=company_id, number=facts.get("to")),
    }
    missing = {
        name: _("没有找到")
        for name, rows in wanted.items()
        if facts.get(name) and (name != "to" or event == "linked") and not rows.exists()
    }
    if missing:
        raise InvalidInput(_("有一项填得不对，已写的内容还在。"), fields=missing, code="not_found")


def _allowed(rules: Rules, name: str, value: str) -> bool:
    if name in _KNOWN:
        return value in _KNOWN[name] or value in _words_of(rules.pack, name)
    if name in _IDENTITIES:
        return TOKEN.fullmatch(value) is not None
    if name in _REFERENCES:
        return REFERENCE.fullmatch(value) is not None
    if name in _PLACES:
        return PLACE.fullmatch(value) is not None
    if name == "region":
        return DISTRICT.fullmatch(value) is not None and not FIGURES.search(value)
    plain = TOKEN.fullmatch(value) is not None and not FIGURES.search(value)
    return plain or value in _words_of(rules.pack, name)


def _sentence(name: str) -> str:
    if name in _KNOWN:
        return _("不在可选的范围内")
    return _("这里只能填代码，不能写字句；要说的话请写在说明里")


def _words_of(pack: Pack, name: str) -> frozenset[str]:
    """The words that the pack's own tables write for a field: in conditions, clocks, authorities, gates."""
    return frozenset(_written(pack, name))


def _written(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _strings(inner) if key == name else _written(inner, name)
    elif isinstance(value, list):
        for one in value:
            yield from _written(one, name)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
