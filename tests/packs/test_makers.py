"""What the packs of makers share: what is asked about order and product, and whom they serve."""

from __future__ import annotations

import pytest

from huiyin.engine.vocabulary import FACT_FIELDS
from huiyin.procedures.packfiles import load_pack

# asked when a complaint is registered, and whenever it is put right
ASKED = {
    "HM1": {
        "order_number", "product", "drawing_number", "factory_number", "part", "in_use_since", "failed_at",
        "observation", "inspection",
    },
    "SE1": {"order_number", "product"},
    "SV1": {"order_number", "product", "batch_number", "region"},
    "MF1": {"order_number", "product", "defect", "defect_rate"},
    "MF2": {"order_number", "notice_number", "product", "returned_quantity"},
    "MD1": {"product", "factory_number", "contract_number"},
    "MD2": {"product", "factory_number", "order_number", "returned_quantity"},
    "EQ1": {"project", "contract_number", "loss"},
}  # fmt: skip


@pytest.mark.parametrize("code", list(ASKED))
def test_what_is_asked_about_order_and_product(code):
    pack = load_pack(code)
    facts = {fact.name: fact for fact in pack.fact if "registered" in fact.events}
    assert set(facts) == ASKED[code]
    assert all("amended" in fact.events and fact.title and fact.title_en for fact in facts.values())


@pytest.mark.parametrize("code", list(ASKED))
def test_numbers_are_references_and_what_people_say_is_text_that_can_be_erased(code):
    for fact in load_pack(code).fact:
        if fact.name.endswith("_number"):
            assert fact.type == "reference"
        elif fact.type == "code":
            assert fact.values
            assert set(fact.labels) <= set(fact.values)


@pytest.mark.parametrize("code", list(ASKED))
def test_they_serve_firms_and_their_papers_are_filled_from_what_is_known(code):
    pack = load_pack(code)
    assert pack.procedure.serves == "firms"
    known = {fact.name for fact in pack.fact} | set(FACT_FIELDS) | {"number", "registered_at", "closed_at"}
    known |= {"phone", "room", "owner", "first_receiver"}
    forms = [*pack.record, *pack.slip]
    sources = {field.source for form in forms for field in form.fields if field.source.startswith("case.")}
    assert sources
    assert {source.removeprefix("case.") for source in sources} <= known


@pytest.mark.parametrize("code", list(ASKED))
def test_every_case_can_be_printed(code):
    pack = load_pack(code)
    printed = {kind for form in pack.record for kind in (form.kinds or [row.code for row in pack.kind])}
    assert printed == {row.code for row in pack.kind}
