"""Words of persons never get into the chain by way of a field that holds a code."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cases.conftest import World

from huiyin.cases.codes import check_codes
from huiyin.cases.models import Case
from huiyin.cases.recording import register
from huiyin.core.errors import InvalidInput
from huiyin.journal.models import Entry
from huiyin.procedures.selectors import rules_of

WORDS = "王女士 13800138000 说孩子住院了"
BY = "2026-12-30T09:00:00+08:00"


@pytest.mark.parametrize(
    ("event", "field", "more"),
    [
        ("promised", "what", {"by": BY}),
        ("answered", "means", {"text": "好"}),
        ("contacted", "means", {}),
        ("approved", "what", {}),
        ("forwarded", "party", {}),
        ("paused", "reason", {}),
        ("assigned", "person", {}),
        ("assigned", "to_unit", {}),
        ("linked", "to", {"relation": "related"}),
        ("noted", "records", {}),
        ("slip_issued", "slip", {"form": "work_slip"}),
        ("amended", "external_number", {"reason": "x"}),
        ("amended", "region", {"reason": "x"}),
    ],
)
def test_words_are_refused_in_a_code_field(
    world: World, event: str, field: str, more: dict[str, Any]
) -> None:
    case = world.register().case
    value: Any = [WORDS] if field == "records" else WORDS
    with pytest.raises(InvalidInput) as refused:
        world.record(case, event, **{field: value}, **more)
    assert set(refused.value.fields) == {field}
    assert not any("王女士" in str(row.data) for row in Entry.objects.all())
    assert "王女士" not in str(Case.objects.get(pk=case.pk).standing)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "O'Donnell Heights"),
        ("external_number", "深访〔2026〕12号"),
        ("external_number", "5004100000j6t9wAAA"),
    ],
)
def test_numbers_of_other_offices_and_districts_are_codes(world: World, name: str, value: str) -> None:
    case = world.register(**{name: value}).case
    assert getattr(Case.objects.get(pk=case.pk), name) == value


def test_a_registration_with_words_in_a_code_field_leaves_nothing(world: World) -> None:
    data = {"kind": "complaint", "channel": "phone", "text": "漏水", "external_number": WORDS}
    with pytest.raises(InvalidInput):
        register(actor=world.actor("duty_a"), data=data)
    with pytest.raises(InvalidInput):
        register(actor=world.actor("quality"), data={**data, "unit": "A"}, historic=True)
    assert not Case.objects.exists()
    assert not Entry.objects.filter(chain__subject_kind="case").exists()


def test_an_unknown_person_unit_or_case_is_no_code(world: World) -> None:
    case = world.register().case
    for event, field in (("assigned", "person"), ("assigned", "to_unit")):
        with pytest.raises(InvalidInput) as refused:
            world.record(case, event, **{field: "nobody"})
        assert refused.value.code == "not_found"
    with pytest.raises(InvalidInput):
        world.record(case, "linked", to="TS-1999-0001", relation="related")


def test_a_word_that_the_pack_writes_itself_is_known(world: World) -> None:
    rules = rules_of(world.register().case.edition)
    reason = next(iter(sorted(_pauses(rules.pack))), None)
    if reason is not None:
        check_codes(rules, "paused", {"reason": reason})
    check_codes(rules, "paused", {"reason": "customer_absent"})
    with pytest.raises(InvalidInput):
        check_codes(rules, "paused", {"reason": "13800138000"})


def _pauses(pack: Any) -> set[str]:
    return {one for row in pack.clock if isinstance(row.pause, list) for one in row.pause}
