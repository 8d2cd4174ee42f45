"""The roster: a week or month at once, copying, changing, and who may."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests.factories.organization import SmallCompany, make_person

from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.organization.administration import roster_week
from huiyin.organization.models import Person, Shift
from huiyin.organization.services import (
    ShiftLine,
    add_shifts,
    change_shift,
    copy_week,
    fill_roster,
    remove_shift,
)

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _now() -> object:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False):
        yield


def _fill(small: SmallCompany, people: list[Person], **changes: object) -> int:
    given = {"first": MONDAY, "last": date(2026, 11, 29), "starts": time(8), "ends": time(20)} | changes
    return fill_roster(
        actor=small.actor("admin"), unit=small.site_a, post=small.posts["duty"], people=people, **given
    )


def test_people_take_turns_on_the_chosen_weekdays(small: SmallCompany) -> None:
    second = make_person("duty_a2", small.posts["duty"], small.site_a)
    first = small.people["duty_a"]
    assert _fill(small, [first, second], weekdays=[0, 1, 2, 3, 4]) == 5
    names = [[one.person.username for one in day.shifts] for day in roster_week(small.site_a, MONDAY)]
    assert names == [["duty_a"], ["duty_a2"], ["duty_a"], ["duty_a2"], ["duty_a"], [], []]


def test_filling_twice_adds_nothing(small: SmallCompany) -> None:
    assert _fill(small, [small.people["duty_a"]]) == 7
    assert _fill(small, [small.people["duty_a"]]) == 0


def test_the_week_before_is_copied_once(small: SmallCompany) -> None:
    leaver = make_person("leaver", None, small.site_a)
    _fill(small, [small.people["duty_a"]], weekdays=[0, 2], starts=time(20), ends=time(8))
    _fill(small, [leaver], weekdays=[1])
    Person.objects.filter(pk=leaver.pk).update(is_active=False)
    next_monday = date(2026, 11, 30)
    assert copy_week(actor=small.actor("head_a"), unit=small.site_a, monday=next_monday) == 2
    assert copy_week(actor=small.actor("head_a"), unit=small.site_a, monday=next_monday) == 0
    first = Shift.objects.filter(starts__gte=_at("2026-11-30 00:00")).earliest("starts")
    assert timezone.localtime(first.starts).isoformat() == "2026-11-30T20:00:00+08:00"
    assert timezone.localtime(first.ends).isoformat() == "2026-12-01T08:00:00+08:00"


def test_nobody_is_twice_on_the_same_duty_at_once(small: SmallCompany) -> None:
    person = small.people["duty_a"]
    lines = [
        ShiftLine(person, _at("2026-11-23 08:00"), _at("2026-11-23 20:00")),
        ShiftLine(person, _at("2026-11-23 19:00"), _at("2026-11-24 08:00")),
    ]
    with pytest.raises(Conflict, match="11月23日"):
        add_shifts(actor=small.actor("admin"), unit=small.site_a, post=small.posts["duty"], lines=lines)
    assert not Shift.objects.exists()


def test_a_shift_goes_to_somebody_else_or_away_but_the_past_stays(small: SmallCompany) -> None:
    other = make_person("duty_a2", small.posts["duty"], small.site_a)
    _fill(small, [small.people["duty_a"]])
    first, second = Shift.objects.order_by("starts")[:2]
    change_shift(actor=small.actor("admin"), shift=first, person=other)
    remove_shift(actor=small.actor("admin"), shift=second)
    assert Shift.objects.get(pk=first.pk).person == other
    assert not Shift.objects.filter(pk=second.pk).exists()
    with (
        time_machine.travel("2026-11-24T10:00:00+08:00", tick=False),
        pytest.raises(Conflict, match="过去"),
    ):
        remove_shift(actor=small.actor("admin"), shift=first)


def test_who_assigns_work_keeps_the_roster_of_his_site_within_his_own_rights(small: SmallCompany) -> None:
    head = small.actor("head_a")
    handler = small.people["handler_a"]
    line = [ShiftLine(handler, _at("2026-11-23 08:00"), _at("2026-11-23 20:00"))]
    add_shifts(actor=head, unit=small.site_a, post=small.posts["handler"], lines=line)
    with pytest.raises(Forbidden):
        add_shifts(actor=head, unit=small.site_a, post=small.posts["general_manager"], lines=line)
    with pytest.raises(Forbidden):
        add_shifts(actor=head, unit=small.site_a, post=small.posts["site_administrator"], lines=line)
    with pytest.raises(Forbidden):  # his own superior's post, though held in his unit
        add_shifts(
            actor=small.actor("supervisor_a"),
            unit=small.site_a,
            post=small.posts["department_head"],
            lines=line,
        )
    with pytest.raises(NotFound):
        add_shifts(actor=head, unit=small.site_b, post=small.posts["handler"], lines=line)
    with pytest.raises(NotFound):
        add_shifts(actor=small.actor("duty_a"), unit=small.site_a, post=small.posts["handler"], lines=line)


def test_a_shift_has_a_sensible_length(small: SmallCompany) -> None:
    line = ShiftLine(small.people["duty_a"], _at("2026-11-23 08:00"), _at("2026-11-26 08:00"))
    with pytest.raises(InvalidInput, match="48"):
        add_shifts(actor=small.actor("admin"), unit=small.site_a, post=small.posts["duty"], lines=[line])
    with pytest.raises(InvalidInput, match="62"):
        _fill(small, [small.people["duty_a"]], last=date(2027, 11, 22))


def _at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def test_the_page_opens_where_a_roster_is_kept(small: SmallCompany, client: Client) -> None:
    client.force_login(small.people["admin"])
    _fill(small, [small.people["duty_a"]])
    page = client.get("/settings/roster/")
    assert page.context["unit"] == small.site_a
