"""Pack CS1: every project's information reported daily, one set of complaint rules, an eye on the net."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engine.bench import Bench

from huiyin.engine.duties import duty_due
from huiyin.procedures.packfiles import load_pack

WED = "2026-11-18 10:00"
JUDGED = ("2026-11-18 11:00", "judged", {"validity": "valid", "reason": "x"})
ANSWERED = ("2026-11-18 15:00", "answered", {"text": "x"})
CLOSED = ("2026-11-18 17:00", "closed")
FOUND = {"text": "x", "link": "x"}
WATCHED = pytest.mark.parametrize("channel", ["internet_monitoring", "forum_post", "chat_group", "messenger"])


@pytest.fixture(scope="module")
def pack():
    return Bench(load_pack("CS1"))


def taken(kind="complaint", **fields):
    return (WED, "registered", {"kind": kind, **fields})


@pytest.mark.clause("CS1-7")
@WATCHED
@pytest.mark.parametrize("kind", ["complaint", "repair", "enquiry", "suggestion"])
def test_what_is_found_on_the_net_enters_with_its_link(pack, find, iso, channel, kind):
    lines = pack.play(taken(kind, channel=channel))
    assert find(lines, "refused", event="registered", clause="7", missing=["link", "text"])
    lines = pack.play(taken(kind, channel=channel, **FOUND), until="2026-11-18 13:00")
    told = find(lines, "notified", what="registered", clause="7")
    assert [line["post"] for line in told] == ["risk", "service_manager"]
    assert find(lines, "breached", clock="contact", due=iso("2026-11-18 12:00"), clause="7")
    assert find(lines, "notified", post="risk", what="breached", clause="7")
    assert find(lines, "escalated", clause="7", reason="breach")
    contacted = pack.play(taken(kind, channel=channel, **FOUND), ("2026-11-18 11:00", "contacted"))
    assert find(contacted, "clock_stopped", clock="contact", outcome="met")


@pytest.mark.clause("CS1-7")
def test_a_call_needs_no_link(pack, find):
    lines = pack.play(taken("enquiry", channel="phone"))
    assert not find(lines, "refused")
    assert not find(lines, "notified")
    assert not find(lines, "clock_started", clock="contact")


@pytest.mark.clause("CS1-7")
def test_the_net_is_watched_every_day(pack):
    (duty,) = [duty for duty in pack.pack.duty if duty.clause == "7"]
    assert (duty.every, duty.owner, duty.record) == ("day", "risk", "network_watch")
    assert duty_due(duty, date(2026, 11, 18), pack.calendar).isoformat() == "2026-11-18T18:00:00+08:00"


@pytest.mark.clause("CS1-2")
def test_a_projects_information_is_reported_daily(pack):
    (duty,) = [duty for duty in pack.pack.duty if duty.clause == "2"]
    assert (duty.every, duty.owner, duty.per) == ("day", "service_manager", "site")
    assert duty.given_to == ["operation"]
    assert duty_due(duty, date(2026, 11, 18), pack.calendar).isoformat() == "2026-11-18T18:00:00+08:00"


@pytest.mark.clause("CS1-2")
@pytest.mark.parametrize(
    ("kind", "clock", "due", "missing"),
    [
        ("enquiry", "answer", "2026-11-20 18:00", "answered"),
        ("suggestion", "answer", "2026-11-20 18:00", "answered"),
        ("repair", "complete", "2026-11-27 18:00", "completed"),
    ],
)
def test_information_is_recorded_tracked_and_handled(pack, find, iso, kind, clock, due, missing):
    lines = pack.play(taken(kind), CLOSED, until="2026-11-28 00:00")
    assert find(lines, "number_given", number="XX-2026-0001", clause="2")
    assert find(lines, "owner_set", post="service_officer", clause="2")
    assert find(lines, "refused", event="closed", clause="2", missing=[missing])
    assert find(lines, "breached", clock=clock, due=iso(due), clause="2")
    assert find(lines, "escalated", to_post="service_manager", clause="2", reason="breach")
    assert not find(pack.play(taken(kind), ("2026-11-18 12:00", missing), CLOSED), "refused")
    (form,) = [record for record in pack.pack.record if kind in record.kinds]
    assert (form.clause, form.title) == ("2", "项目客户信息登记")
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(kind, answer_by=asked)), "clock_started", clock=clock, due=asked)


@pytest.mark.clause("CS1-2")
def test_a_repair_waits_for_the_customer(pack, find):
    away = pack.play(taken("repair"), ("2026-11-18 11:00", "paused", {"reason": "customer_absent"}))
    assert find(away, "clock_paused", clock="complete")


@pytest.mark.clause("CS1-6")
@pytest.mark.parametrize(
    ("facts", "level", "due"),
    [
        ({"safety": True}, "major", "2026-11-19 18:00"),
        ({"category": "rights"}, "major", "2026-11-19 18:00"),
        ({"channel": "12345"}, "major", "2026-11-19 18:00"),
        ({"channel": "media"}, "major", "2026-11-19 18:00"),
        ({"category": "leak"}, "ordinary", "2026-11-23 18:00"),
    ],
)
def test_one_rule_for_all_projects_says_when_a_complaint_is_answered(pack, find, iso, facts, level, due):
    lines = pack.play(taken(**facts), until="2026-11-24 00:00")
    assert find(lines, "number_given", number="TS-2026-0001", clause="6")
    assert find(lines, "owner_set", post="service_manager", clause="6")
    assert find(lines, "level_set", level=level, clause="6")
    assert find(lines, "breached", clock="answer", due=iso(due), clause="6")
    assert find(lines, "escalated", to_post="customer_director", clause="6", reason="breach")
    assert find(lines, "notified", post="operation", what="breached", clause="6")
    told = {line["post"] for line in find(lines, "notified", what="registered", clause="6")}
    assert told == ({"operation", "customer_director"} if level == "major" else set())
    asked = iso("2026-12-01 09:00")
    assert find(pack.play(taken(answer_by=asked, **facts)), "clock_started", clock="answer", due=asked)


@pytest.mark.clause("CS1-6")
def test_a_complaint_is_judged_with_its_reason(pack, find):
    def judge(**fields):
        judged = ("2026-11-18 11:00", "judged", {"validity": "valid", **fields})
        return find(pack.play(taken(), judged), "refused", clause="6")

    assert judge()[0]["missing"] == ["reason"]
    assert judge(reason="x", post="service_officer")
    assert not judge(reason="x", post="service_manager")
    again = pack.play(taken(), JUDGED, ("2026-11-19 09:00", "appealed"))
    assert len(find(again, "required", what="judged", clause="6")) == 2


@pytest.mark.clause("CS1-6")
def test_a_complaint_is_answered_visited_and_only_then_closed(pack, find, iso):
    assert find(pack.play(taken(), CLOSED), "refused", clause="6", missing=["answered", "validity"])
    done = ("2026-11-18 14:00", "completed", {"actor": "wang"})
    story = [taken(), JUDGED, done, ANSWERED]
    assert find(pack.play(*story, CLOSED), "refused", clause="6", missing=["followed_up"])
    late = pack.play(*story, until="2026-11-24 00:00")
    assert find(late, "required", what="followed_up", clause="6")
    assert find(late, "breached", clock="follow_up", due=iso("2026-11-23 18:00"), clause="6")
    assert find(late, "notified", post="operation", what="breached", clause="6")

    def visit(outcome="satisfied", **who):
        return pack.play(*story, ("2026-11-18 16:00", "followed_up", {"outcome": outcome, **who}), CLOSED)

    assert find(visit(actor="wang"), "refused", reason="same_person", clause="6")
    assert find(visit(actor="li", post="repair_group"), "refused", event="followed_up", clause="6")
    assert not find(visit(actor="li", post="service_officer"), "refused")
    bad = visit("dissatisfied")
    assert find(bad, "reopened", clause="6")
    assert find(bad, "escalated", to_post="customer_director", reason="dissatisfied", clause="6")
    assert find(bad, "owner_set") == find(bad, "owner_set", post="service_manager")
    unfounded = ("2026-11-18 11:00", "judged", {"validity": "invalid", "reason": "x"})
    lines = pack.play(taken(), unfounded, ANSWERED, CLOSED)
    assert find(lines, "closed")
    assert not find(lines, "required", what="followed_up")


@pytest.mark.clause("CS1-6")
def test_closed_without_the_customer_only_by_the_director(pack, find):
    approved = {"what": "closed", "post": "customer_director", "attempts": 3, "recourse_offered": True}
    story = [taken(), JUDGED, ANSWERED, ("2026-11-18 16:00", "approved", approved), CLOSED]
    assert find(pack.play(*story), "closed", by_exception=True)
    (form,) = [record for record in pack.pack.record if record.clause == "6"]
    assert form.kinds == ["complaint"]
    assert {"judged.reason", "followed_up.outcome"} <= {one.source for one in form.fields}


def test_every_clause_of_the_catalogue_is_in_the_pack(pack):
    ids = {name for clause in pack.pack.clause for name in clause.catalogue}
    assert ids == {f"CS1-{clause.id}" for clause in pack.pack.clause}
    assert len(ids) == 11
    assert {clause.id for clause in pack.pack.clause if clause.running} == {"2", "6", "7"}
