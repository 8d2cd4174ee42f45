"""Pack EQ1: what each clause demands, played through the pack as it is shipped."""

from __future__ import annotations

import pytest
from tests.engine.bench import Bench

from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
FACTS = {"channel": "visit", "category": "progress"}
REGISTERED = (WED, "registered", FACTS)
EXPLAINED = ("2026-11-18 10:30", "answered", {"means": "face_to_face", "text": "x"})
CLOSED = ("2026-11-25 11:00", "closed")
LOST = (WED, "registered", {**FACTS, "loss": True})
RULED = ("2026-11-19 10:00", "judged", {"validity": "valid", "reason": "x", "post": "technical_quality"})
SETTLED = ("2026-11-20 10:00", "completed", {"result": "x"})
TOLD = ("2026-11-20 11:00", "answered", {"text": "x"})


@pytest.fixture(scope="module")
def eq1():
    return Bench(load_pack("EQ1"))


@pytest.mark.clause("EQ1-5.3.1")
@pytest.mark.parametrize("channel", ["front_desk", "hotline", "visit", "phone", "letter"])
def test_window_hotline_visits_calls_and_letters_are_registered(eq1, find, channel):
    assert channel in {row.code for row in eq1.pack.channel}
    lines = eq1.play((WED, "registered", {**FACTS, "channel": channel}))
    assert find(lines, "number_given", number="DJ-2026-0001", clause="5.3.1")
    assert find(lines, "owner_set", post="administration", clause="5.3.1")
    (form,) = eq1.pack.record
    assert {"来访、来电、来信", "类别", "内容"} <= {field.title for field in form.fields}


@pytest.mark.clause("EQ1-5.3.1")
@pytest.mark.parametrize("lacking", ["channel", "category"])
def test_what_was_not_classified_goes_no_further(eq1, find, iso, lacking):
    known = {name: value for name, value in FACTS.items() if name != lacking}
    promised = ("2026-11-18 10:30", "promised", {"what": "answer", "by": iso(CLOSED[0]), "reason": "x"})
    for step in (EXPLAINED, promised):
        (line,) = find(eq1.play((WED, "registered", known), step), "refused")
        assert (line["clause"], line["missing"]) == ("5.3.1", [lacking])


@pytest.mark.clause("EQ1-5.3.5")
@pytest.mark.parametrize("kind", ["complaint", "enquiry"])
def test_an_ordinary_grievance_is_explained(eq1, find, kind):
    first = (WED, "registered", {**FACTS, "kind": kind})
    assert find(eq1.play(first), "required", what="answered", clause="5.3.5")
    assert find(eq1.play(first, CLOSED), "refused", clause="5.3.5", missing=["answered"])
    silent = ("2026-11-18 10:30", "answered")
    assert find(eq1.play(first, silent), "refused", clause="5.3.5", missing=["text"])
    lines = eq1.play(first, EXPLAINED, CLOSED)
    assert not find(lines, "refused")
    assert find(lines, "clock_stopped", clock="answer", outcome="met")


@pytest.mark.clause("EQ1-5.3.5")
def test_what_is_neither_answered_nor_promised_at_once_climbs(eq1, find, iso):
    lines = eq1.play(REGISTERED, until="2026-11-18 14:00")
    assert find(lines, "breached", clock="answer", due=iso("2026-11-18 12:00"), clause="5.3.5")
    assert find(lines, "escalated", to_post="administration_head", clause="5.3.5")


@pytest.mark.clause("EQ1-5.3.5")
def test_what_cannot_be_answered_at_once_gets_a_reason_and_a_date(eq1, find, iso):
    when = {"what": "answer", "by": iso("2026-11-20 17:00")}
    bare = ("2026-11-18 11:00", "promised", when)
    assert find(eq1.play(REGISTERED, bare), "refused", clause="5.3.5", missing=["reason"])
    promised = ("2026-11-18 11:00", "promised", {**when, "reason": "x"})
    lines = eq1.play(REGISTERED, promised, until="2026-11-18 18:00")
    assert find(lines, "clock_stopped", clock="answer", outcome="met")
    assert find(lines, "clock_started", clock="promise", due=iso("2026-11-20 17:00"), clause="5.3.5")


@pytest.mark.clause("EQ1-5.3.5")
def test_the_promised_date_is_kept(eq1, find, iso):
    fields = {"what": "answer", "by": iso("2026-11-20 17:00"), "reason": "x"}
    story = [REGISTERED, ("2026-11-18 11:00", "promised", fields)]
    kept = eq1.play(*story, ("2026-11-20 17:00", "answered", {"text": "x"}))
    assert find(kept, "clock_stopped", clock="promise", outcome="met")
    broken = eq1.play(*story, until="2026-11-20 18:00")
    assert find(broken, "warned", clock="promise")
    assert find(broken, "notified", what="warned", post="administration")
    assert find(broken, "breached", clock="promise", clause="5.3.5")
    assert find(broken, "escalated", to_post="administration_head", clause="5.3.5")
    assert find(broken, "notified", what="breached", post="technical_quality")
    assert len(find(eq1.play(*story, CLOSED), "refused", missing=["answered"])) == 1


@pytest.mark.clause("EQ1-5.3.5")
def test_a_loss_goes_to_dispute_handling(eq1, find):
    lines = eq1.play(LOST)
    assert find(lines, "owner_set", post="technical_quality", clause="5.3.5")
    assert find(lines, "required", what="judged", clause="5.3.5")
    later = eq1.play(REGISTERED, ("2026-11-18 11:00", "amended", {"loss": True, "reason": "x"}))
    assert find(later, "escalated", to_post="technical_quality", clause="5.3.5", reason="dispute")
    assert not find(eq1.play(REGISTERED), "escalated")


@pytest.mark.clause("EQ1-5.3.5")
def test_a_loss_is_ruled_on_settled_and_told(eq1, find):
    by_window = (*RULED[:2], {**RULED[2], "post": "administration_head"})
    assert find(eq1.play(LOST, by_window), "refused", event="judged", clause="5.3.5")
    bare = ("2026-11-19 10:00", "judged", {"validity": "valid"})
    assert find(eq1.play(LOST, bare), "refused", clause="5.3.5", missing=["reason"])
    assert find(eq1.play(LOST, EXPLAINED, RULED), "required", what="completed", clause="5.3.5")
    for story, missing in (
        ([EXPLAINED], ["judged", "completed"]),
        ([SETTLED, TOLD], ["judged"]),
        ([EXPLAINED, RULED, SETTLED], ["answered"]),
    ):
        assert find(eq1.play(LOST, *story, CLOSED), "refused", clause="5.3.5")[0]["missing"] == missing
    lines = eq1.play(LOST, EXPLAINED, RULED, SETTLED, TOLD, CLOSED)
    assert not find(lines, "refused")
    assert find(lines, "closed", clause="5.3.5")


def test_the_customer_is_asked_afterwards(eq1, find):
    assert find(eq1.play(REGISTERED, EXPLAINED), "required", what="followed_up", clause="5.3.5")
    back = ("2026-11-19 10:00", "followed_up", {"outcome": "dissatisfied"})
    assert find(eq1.play(REGISTERED, EXPLAINED, back), "reopened", clause="5.3.5")


def test_every_clause_of_the_catalogue_is_in_the_pack(eq1):
    ids = {name for clause in eq1.pack.clause for name in clause.catalogue}
    assert ids == {f"EQ1-{clause.id}" for clause in eq1.pack.clause}
    assert len(ids) == 5


@pytest.mark.clause("EQ1-5.3.5")
def test_the_customers_own_time_comes_first_and_the_owner_is_reminded(eq1, find, iso):
    asked = iso("2026-12-01 09:00")
    lines = eq1.play((WED, "registered", {**FACTS, "answer_by": asked}), until="2026-12-01 08:59")
    assert find(lines, "clock_started", clock="answer", due=asked, clause="5.3.5")
    assert find(lines, "notified", what="warned", clock="answer", clause="5.3.5")


@pytest.mark.clause("EQ1-5.3.5")
def test_only_the_posts_of_the_clause_make_the_return_visit(eq1, find):
    def visit(post):
        fields = {"outcome": "satisfied", "post": post}
        return find(
            eq1.play(REGISTERED, EXPLAINED, ("2026-11-18 16:00", "followed_up", fields)),
            "refused",
            clause="5.3.5",
        )

    assert visit("general_manager")[0]["reason"] == "post"
    assert not visit("administration")


@pytest.mark.clause("EQ1-5.3.5")
def test_only_a_loss_goes_to_dispute_handling(eq1, find):
    judged = ("2026-11-19 10:00", "judged", {"validity": "valid", "post": "deputy_general_manager"})
    settled = ("2026-11-20 10:00", "completed", {"result": "x"})
    lines = eq1.play(REGISTERED, EXPLAINED, judged, settled)
    assert not find(lines, "refused")
    assert {line["what"] for line in find(lines, "required")} <= {"answered", "followed_up"}
    assert find(eq1.play(LOST, EXPLAINED, judged), "refused", event="judged", missing=["reason"])
