"""Who reaches what: subtree, days of a holding, stand-ins, the roster."""

from __future__ import annotations

from datetime import date, datetime, time

import time_machine
from django.utils import timezone
from tests.factories.organization import SmallCompany, actor_of, make_person

from huiyin.organization.models import Person
from huiyin.organization.selectors import actor_for, holders
from huiyin.organization.services import add_stand_in, create_unit, end_holding, fill_roster, give_post


def _at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def _names(people: list[Person]) -> list[str]:
    return [person.username for person in people]


def test_a_post_reaches_its_unit_and_what_hangs_below(small: SmallCompany) -> None:
    supervisor = small.actor("supervisor_a")
    assert supervisor.unit_ids("view") == {small.units["A"].pk, small.units["A-ENG"].pk}
    assert not supervisor.may("view", small.site_b.pk)
    assert not supervisor.may("admin")


def test_a_unit_hung_below_is_reached_at_once(small: SmallCompany) -> None:
    team = create_unit(
        actor=small.actor("admin"), parent=small.units["A-ENG"], kind="team", code="A-ENG-1", name="电梯班"
    )
    assert small.actor("head_a").may("handle", team.pk)
    assert small.actor("manager").may("view", team.pk)
    assert not small.actor("head_b").may("view", team.pk)


def test_a_holding_counts_from_its_first_to_its_last_day(small: SmallCompany) -> None:
    person = make_person(
        "temp", small.posts["duty"], small.site_a, since=date(2026, 11, 10), until=date(2026, 11, 12)
    )
    for day, reaches in ((9, False), (10, True), (12, True), (13, False)):
        for hour in ("00:00", "23:59"):
            actor = actor_for(person, at=_at(f"2026-11-{day:02} {hour}"))
            assert actor.may("register") is reaches, (day, hour)


def test_ending_a_holding_takes_the_rights_after_its_last_day(small: SmallCompany) -> None:
    holding = small.people["handler_a"].holdings.get()
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False):
        end_holding(actor=small.actor("admin"), holding=holding, last_day=date(2026, 11, 21))
        assert small.actor("handler_a").held == ()


def test_a_stand_in_has_the_post_and_the_matters_while_it_lasts(small: SmallCompany) -> None:
    head, deputy = small.people["head_a"], small.people["supervisor_a"]
    add_stand_in(
        actor=small.actor("admin"),
        holding=head.holdings.get(),
        person=deputy,
        since=date(2026, 11, 23),
        until=date(2026, 11, 24),
    )

    def in_charge(day: str) -> list[str]:
        moment = _at(f"{day} 12:00")
        found = holders(
            company_id=small.root.pk, post="department_head", unit_id=small.units["A-ENG"].pk, at=moment
        )
        return _names(found)

    assert [in_charge(f"2026-11-{day}") for day in (22, 23, 24, 25)] == [
        ["head_a"],
        ["supervisor_a"],
        ["supervisor_a"],
        ["head_a"],
    ]
    acting = actor_for(deputy, at=_at("2026-11-23 12:00"))
    assert acting.may("approve", small.site_a.pk)
    assert [one.standing_in_for for one in acting.held if one.post == "department_head"] == ["陈志强"]
    assert not actor_for(deputy, at=_at("2026-11-25 00:00")).may("approve")


def test_the_roster_holds_over_midnight_and_goes_before_the_holders(small: SmallCompany) -> None:
    night = make_person("night", None, small.site_a)
    fill_roster(
        actor=small.actor("admin"),
        unit=small.site_a,
        post=small.posts["duty"],
        people=[night],
        first=date(2026, 11, 22),
        last=date(2026, 11, 22),
        starts=time(20),
        ends=time(8),
    )

    def on_duty(moment: str) -> list[str]:
        found = holders(company_id=small.root.pk, post="duty", unit_id=small.site_a.pk, at=_at(moment))
        return _names(found)

    assert on_duty("2026-11-22 19:59") == ["duty_a"]
    assert on_duty("2026-11-22 20:00") == ["night"]
    assert on_duty("2026-11-23 07:59") == ["night"]
    assert on_duty("2026-11-23 08:00") == ["duty_a"]
    assert actor_for(night, at=_at("2026-11-23 03:00")).may("register", small.site_a.pk)
    assert not actor_for(night, at=_at("2026-11-23 08:00")).may("register")


def test_nobody_at_the_unit_means_the_one_above_answers(small: SmallCompany) -> None:
    found = holders(company_id=small.root.pk, post="service_supervisor", unit_id=small.units["A-ENG"].pk)
    assert _names(found) == ["supervisor_a"]
    assert holders(company_id=small.root.pk, post="service_supervisor", unit_id=small.units["QA"].pk) == []


def test_a_deactivated_person_reaches_nothing_and_answers_for_nothing(small: SmallCompany) -> None:
    person = small.people["duty_a"]
    person.is_active = False
    person.save()
    assert actor_of(person).held == ()
    assert holders(company_id=small.root.pk, post="duty", unit_id=small.site_a.pk) == []


def test_a_second_post_adds_to_the_first(small: SmallCompany) -> None:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False):
        give_post(
            actor=small.actor("admin"),
            person=small.people["head_a"],
            post=small.posts["department_head"],
            unit=small.site_b,
            since=date(2026, 11, 22),
        )
        both = small.actor("head_a")
    assert both.may("judge", small.site_a.pk)
    assert both.may("judge", small.site_b.pk)
    assert both.post_at(small.site_b.pk) == "department_head"
