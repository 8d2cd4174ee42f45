"""Who is told: holders, stand-ins, the roster, upward; of each matter once; climbing until somebody acts."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from tests.notify.conftest import Office, at

from huiyin.cases.models import Case
from huiyin.core.errors import NotFound
from huiyin.core.ticking import run_tick
from huiyin.journal.models import Entry
from huiyin.notify.climbing import climb
from huiyin.notify.effects import tell_of_effects
from huiyin.notify.models import Notification
from huiyin.notify.selectors import new_cases, own_notifications, unread
from huiyin.notify.services import acknowledge, mark_new_read, mark_read
from huiyin.organization.actors import system_actor
from huiyin.organization.models import Post, Shift, StandIn

MONDAY = "2026-06-08"


@pytest.fixture
def urgent(office: Office) -> Case:
    """An urgent complaint of Monday 10:00: warned after 11:00, late after 12:00."""
    with office.time(f"{MONDAY} 10:00"):
        return office.register(urgency="urgent")


# ------------------------------------------------------------ whom


def test_a_new_complaint_is_told_to_who_must_judge_it(office: Office) -> None:
    office.register()
    assert office.told("handler_a") == ["registered"]
    for other in ("duty_a", "supervisor_a", "head_a", "handler_b", "quality", "manager"):
        assert office.told(other) == [], other


def test_what_the_desk_keeps_is_no_news_to_the_desk(office: Office) -> None:
    """An enquiry is the desk's own; an urgent one is told to everybody else at the desk."""
    office.register(kind="enquiry")
    assert not Notification.objects.exists()
    with office.time(f"{MONDAY} 10:00"):
        office.register("supervisor_a", kind="enquiry", urgency="urgent")
    assert office.told("duty_a") == ["registered"]


def test_nobody_is_told_of_what_he_did_himself(office: Office) -> None:
    case = office.register("handler_a")
    assert office.told("handler_a") == []
    office.record(case, "assigned", "handler_a", to_post="handler", to_unit="A-ENG", person="handler_a")
    assert office.told("handler_a") == []


def test_the_handler_is_told_instead_of_the_post(office: Office) -> None:
    case = office.register()
    office.record(case, "assigned", to_post="handler", to_unit="A-ENG", person="supervisor_a")
    assert office.told("supervisor_a") == ["assigned"]
    office.record(case, "chased", "duty_a")
    assert office.told("supervisor_a") == ["assigned", "chased"]
    assert office.told("handler_a") == ["registered"]


def test_a_stand_in_is_told_for_the_absent(office: Office) -> None:
    people = office.small.people
    with office.time(f"{MONDAY} 10:00"):
        StandIn.objects.create(
            company=office.small.root,
            holding=people["handler_a"].holdings.get(),
            person=people["supervisor_a"],
            since=date(2026, 6, 8),
            until=date(2026, 6, 9),
        )
        office.register()
    assert office.told("supervisor_a") == ["registered"]
    assert office.told("handler_a") == []


def test_who_is_on_the_roster_is_told(office: Office) -> None:
    people = office.small.people
    with office.time(f"{MONDAY} 20:00"):
        Shift.objects.create(
            company=office.small.root,
            unit=office.small.site_a,
            post=Post.objects.get(code="handler"),
            person=people["supervisor_a"],
            starts=at(f"{MONDAY} 18:00"),
            ends=at("2026-06-09 08:00"),
        )
        office.register(urgency="urgent")
    assert office.told("supervisor_a") == ["registered"]


def test_who_left_is_told_nothing(office: Office, urgent: Case) -> None:
    person = office.small.people["handler_a"]
    person.is_active = False
    person.save()
    office.tick(f"{MONDAY} 11:01")
    assert "warned" not in office.told("handler_a")


# ------------------------------------------------------------ once


def test_a_warning_then_a_breach_each_once(office: Office, urgent: Case) -> None:
    """The pack tells the owner of a warning too: that is one notification, not two."""
    for moment in ("10:30", "11:00", "11:01", "11:01", "11:30"):
        office.tick(f"{MONDAY} {moment}")
    assert office.told("handler_a") == ["registered", "warned"]
    for moment in ("12:00", "12:01", "12:01", "12:05"):
        office.tick(f"{MONDAY} {moment}")
    assert office.told("handler_a") == ["registered", "warned", "breached"]
    assert office.told("head_a") == ["escalated"]
    assert office.told("quality") == ["breached"]


def test_one_breach_is_one_matter(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    late = Notification.objects.filter(what__in=["breached", "escalated"])
    assert late.count() == 3
    assert late.values("matter").distinct().count() == 1
    assert not office.of("quality", "breached").must_acknowledge


def test_the_same_effects_again_tell_nobody(office: Office, urgent: Case) -> None:
    from huiyin.engine import Standing, advance
    from huiyin.procedures.selectors import rules_of

    rules = rules_of(urgent.edition)
    _after, effects = advance(
        Standing.from_dict(urgent.standing), at(f"{MONDAY} 12:01"), rules.procedure, rules.calendar
    )
    for _again in range(2):
        tell_of_effects(urgent, effects, system_actor(urgent.company_id))
    assert office.told("handler_a") == ["registered", "breached"]


def test_a_dissatisfied_customer_is_told_once_to_each(office: Office) -> None:
    with office.time(f"{MONDAY} 10:00"):
        case = office.register()
        office.record(case, "judged", validity="valid", reason="漏")
        office.record(case, "answered", means="phone", text="修好了")
        office.record(case, "followed_up", "duty_a", outcome="dissatisfied", means="phone")
    assert office.told("handler_a") == ["registered", "reopened"]
    assert office.told("head_a") == ["followed_up"]


def test_an_approval_is_asked_of_the_post(office: Office) -> None:
    with office.time(f"{MONDAY} 10:00"):
        case = office.register()
        office.record(case, "escalated", "handler_a", reason="要大修")
    assert "escalated" in office.told("head_a")
    assert "escalated" not in office.told("handler_a")


# ------------------------------------------------------------ climbing


def test_it_climbs_until_somebody_acts(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    assert office.told("deputy") == []
    office.tick(f"{MONDAY} 12:30")
    assert office.told("deputy") == []
    office.tick(f"{MONDAY} 12:31")
    assert office.told("deputy") == ["escalated"]
    office.tick(f"{MONDAY} 12:31")
    office.tick(f"{MONDAY} 13:01")
    assert office.told("manager") == ["escalated"]
    office.tick(f"{MONDAY} 15:00")
    assert office.told("deputy") == office.told("manager") == ["escalated"]


@pytest.mark.parametrize(("who", "what"), [("handler_a", "breached"), ("head_a", "escalated")])
def test_one_persons_word_settles_it_for_all(office: Office, urgent: Case, who: str, what: str) -> None:
    office.tick(f"{MONDAY} 12:01")
    with office.time(f"{MONDAY} 12:10"):
        row = office.of(who, what)
        for _twice in range(2):
            acknowledge(actor=office.small.actor(who), uuid=row.uuid)
        assert unread(office.small.actor("head_a")) == (0 if who == "head_a" else 1)
    office.tick(f"{MONDAY} 18:00")
    assert office.told("deputy") == []
    settled = Notification.objects.filter(matter=row.matter, must_acknowledge=True)
    assert {one.settled_by for one in settled} == {office.small.people[who].name}
    entries = Entry.objects.filter(name="notification_acknowledged")
    assert entries.count() == 1
    assert entries.get().data["case"] == urgent.number


def test_doing_it_settles_it_too(office: Office, urgent: Case) -> None:
    """The customer was answered late: nothing is left to climb for."""
    office.tick(f"{MONDAY} 12:01")
    with office.time(f"{MONDAY} 12:20"):
        office.record(urgent, "answered", "handler_a", means="phone", text="已派人")
    office.tick(f"{MONDAY} 14:00")
    assert office.told("deputy") == []
    assert office.of("head_a", "escalated").settled_at


def test_a_closed_case_climbs_no_more(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    with office.time(f"{MONDAY} 12:20"):
        office.record(urgent, "withdrawn", reason="顾客自己解决了")
    office.tick(f"{MONDAY} 14:00")
    assert office.told("deputy") == []


def test_what_is_not_urgent_climbs_in_service_hours(office: Office) -> None:
    """Late on Wednesday when service ends: nobody higher up hears of it before Thursday morning."""
    with office.time(f"{MONDAY} 10:00"):
        office.register()
    office.tick("2026-06-10 18:01")
    assert office.told("head_a") == ["escalated"]
    for moment in ("2026-06-10 23:00", "2026-06-11 09:25"):
        office.tick(moment)
    assert office.told("deputy") == []
    office.tick("2026-06-11 09:30")
    assert office.told("deputy") == ["escalated"]


def test_where_nobody_holds_the_post_its_superior_is_told(office: Office) -> None:
    office.small.people["handler_a"].holdings.all().delete()
    office.register()
    assert office.told("head_a") == ["registered"]


def test_a_post_without_people_is_passed_over(office: Office, urgent: Case) -> None:
    office.small.people["deputy"].holdings.all().delete()
    office.tick(f"{MONDAY} 12:01")
    office.tick(f"{MONDAY} 12:31")
    assert office.told("manager") == ["escalated"]


def test_a_server_that_was_down_for_a_day(office: Office, urgent: Case) -> None:
    """The first tick brings everything once: no warning beside its breach, and climbing begins anew."""
    for _twice in range(2):
        office.tick("2026-06-09 12:00")
    assert office.told("handler_a") == ["registered", "breached"]
    assert office.told("head_a") == ["escalated"]
    assert office.told("deputy") == []
    assert office.of("handler_a", "breached").at == at(f"{MONDAY} 12:00")
    office.tick("2026-06-09 12:31")
    assert office.told("deputy") == ["escalated"]


def test_down_while_it_climbs(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    office.tick("2026-06-09 12:00")
    office.tick("2026-06-09 12:01")
    assert office.told("deputy") == ["escalated"]
    assert office.told("manager") == []


def test_two_who_climb_at_once_climb_once(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    with office.time(f"{MONDAY} 12:31"):
        assert climb(at(f"{MONDAY} 12:31")) == 1
        assert climb(at(f"{MONDAY} 12:31")) == 0


# ------------------------------------------------------------ history


def test_history_tells_nobody(office: Office) -> None:
    from huiyin.cases.recording import record, register

    acting = system_actor(office.small.root.pk)
    data = {"kind": "complaint", "text": "老帖", "unit": "A", "urgency": "urgent"}
    case = register(actor=acting, data=data, at=at("2019-04-01 10:00"), historic=True).case
    record(actor=acting, case=case, name="chased", at=at("2019-04-02 10:00"), historic=True)
    record(actor=acting, case=case, name="answered", at=at("2019-04-05 10:00"), historic=True)
    run_tick()
    assert not Notification.objects.exists()


# ------------------------------------------------------------ one's own


def test_new_cases_are_one_line(office: Office) -> None:
    actor = office.small.actor("handler_a")
    office.register()
    assert (unread(actor), new_cases(actor), len(own_notifications(actor))) == (1, 1, 1)
    office.register()
    office.register(urgency="urgent")
    assert (unread(actor), new_cases(actor)) == (2, 2)
    assert [row.params.get("urgent") for row in own_notifications(actor)] == [True]
    mark_new_read(actor=actor)
    assert (unread(actor), new_cases(actor), len(own_notifications(actor))) == (1, 0, 3)


def test_a_case_that_is_taken_is_new_no_more(office: Office) -> None:
    case = office.register()
    office.register()
    office.record(case, "assigned", to_post="handler", to_unit="A-ENG", person="supervisor_a")
    assert new_cases(office.small.actor("handler_a")) == 1


def test_reading_is_not_acknowledging(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    actor = office.small.actor("head_a")
    mark_read(actor=actor)
    assert unread(actor) == 1
    office.tick(f"{MONDAY} 12:31")
    assert office.told("deputy") == ["escalated"]


def test_nobody_acknowledges_for_another(office: Office, urgent: Case) -> None:
    office.tick(f"{MONDAY} 12:01")
    row = office.of("head_a", "escalated")
    with pytest.raises(NotFound):
        acknowledge(actor=office.small.actor("quality"), uuid=row.uuid)
    mark_read(actor=office.small.actor("quality"), uuid=row.uuid)
    row.refresh_from_db()
    assert row.read_at is None


def test_time_stands_still_while_paused(office: Office) -> None:
    with time_machine.travel(at(f"{MONDAY} 10:00"), tick=False):
        case = office.register(kind="repair")
        office.record(case, "accepted", "handler_a")
        office.record(case, "paused", "handler_a", reason="waiting_parts")
    office.tick("2026-06-30 10:00")
    assert "breached" not in office.told("handler_a")
