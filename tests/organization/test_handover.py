"""Handing everything of a leaving person to another in one step."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.journal.models import Entry
from huiyin.organization.models import Holding, Person, Shift
from huiyin.organization.services import (
    HandoverHook,
    add_stand_in,
    fill_roster,
    hand_over_person,
    preview_hand_over,
    register_handover,
)
from huiyin.organization.services import handover as handover_module


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A room that keeps letters for people."""
    monkeypatch.setattr(handover_module, "_hooks", {})
    moved: list[str] = []

    def move(actor: object, leaving: Person, to: Person, reason: str) -> int:
        moved.append(f"{leaving.username}→{to.username}：{reason}")
        return 3

    register_handover(HandoverHook("letters", "信件", lambda person: 3, move))
    return moved


def test_everything_moves_in_one_step(small: SmallCompany, letters: list[str]) -> None:
    admin, today = small.actor("admin"), clock.today()
    leaving, to = small.people["supervisor_a"], small.people["duty_a"]
    add_stand_in(
        actor=admin,
        holding=small.people["head_a"].holdings.get(),
        person=leaving,
        since=today,
        until=today + timedelta(days=5),
    )
    fill_roster(
        actor=admin,
        unit=small.site_a,
        post=small.posts["duty"],
        people=[leaving],
        first=today + timedelta(days=1),
        last=today + timedelta(days=4),
        starts=time(8),
        ends=time(20),
    )
    expected = {"letters": 3, "holdings": 1, "shifts": 4, "stand_ins": 1}
    shown = preview_hand_over(actor=admin, leaving=leaving)
    assert {one.kind: one.count for one in shown} == expected

    moved = hand_over_person(actor=admin, leaving=leaving, to=to, reason="离职", deactivate=True)

    assert {one.kind: one.count for one in moved} == expected
    assert letters == ["supervisor_a→duty_a：离职"]
    taken_over = small.actor("duty_a")
    assert taken_over.may("judge", small.site_a.pk)
    assert taken_over.may("approve", small.site_a.pk)
    assert Shift.objects.filter(person=to).count() == 4
    leaving.refresh_from_db()
    assert not leaving.is_active
    assert small.actor("supervisor_a").held == ()
    assert {
        one.count for one in preview_hand_over(actor=admin, leaving=leaving) if one.kind != "letters"
    } == {0}
    entry = Entry.objects.get(name="person_handed_over")
    assert entry.data["moved"] == expected


def test_what_was_held_before_stays_on_record(small: SmallCompany, letters: list[str]) -> None:
    leaving = small.people["handler_a"]
    hand_over_person(actor=small.actor("admin"), leaving=leaving, to=small.people["duty_a"], reason="调岗")
    old = Holding.objects.get(person=leaving)
    assert (old.since, old.until) == (date(2019, 1, 1), clock.today() - timedelta(days=1))


def test_the_same_post_is_not_held_twice(small: SmallCompany, letters: list[str]) -> None:
    admin = small.actor("admin")
    second = Holding.objects.create(
        company=small.root,
        person=small.people["duty_b"],
        post=small.posts["duty"],
        unit=small.site_a,
        since=date(2020, 1, 1),
    )
    hand_over_person(actor=admin, leaving=small.people["duty_a"], to=small.people["duty_b"], reason="离职")
    assert list(Holding.objects.filter(person=small.people["duty_b"], unit=small.site_a)) == [second]


def test_who_is_stood_in_for_simply_comes_back(small: SmallCompany, letters: list[str]) -> None:
    today = clock.today()
    add_stand_in(
        actor=small.actor("admin"),
        holding=small.people["head_a"].holdings.get(),
        person=small.people["supervisor_a"],
        since=today - timedelta(days=2),
        until=today + timedelta(days=5),
    )
    hand_over_person(
        actor=small.actor("admin"),
        leaving=small.people["supervisor_a"],
        to=small.people["head_a"],
        reason="离职",
    )
    assert [one.standing_in_for for one in small.actor("head_a").held if one.post == "department_head"] == [
        ""
    ]


def test_a_failing_room_leaves_everything_as_it_was(
    small: SmallCompany, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(actor: object, leaving: Person, to: Person, reason: str) -> int:
        raise Conflict("有人正在处理。")

    monkeypatch.setattr(handover_module, "_hooks", {"x": HandoverHook("x", "事", lambda person: 1, fail)})
    with pytest.raises(Conflict):
        hand_over_person(
            actor=small.actor("admin"),
            leaving=small.people["duty_a"],
            to=small.people["duty_b"],
            reason="离职",
        )
    assert small.people["duty_a"].holdings.get().until is None


def test_hand_over_stays_within_what_one_manages(small: SmallCompany, letters: list[str]) -> None:
    site = small.actor("site_admin_a")
    people = small.people
    with pytest.raises(NotFound):
        hand_over_person(actor=site, leaving=people["duty_b"], to=people["duty_a"], reason="离职")
    with pytest.raises(NotFound):
        hand_over_person(actor=site, leaving=people["duty_a"], to=people["duty_b"], reason="离职")
    with pytest.raises(InvalidInput):
        hand_over_person(actor=site, leaving=people["duty_a"], to=people["duty_a"], reason="离职")
    with pytest.raises(InvalidInput):
        hand_over_person(actor=site, leaving=people["duty_a"], to=people["handler_a"], reason=" ")
    with pytest.raises(NotFound):
        hand_over_person(
            actor=small.actor("duty_a"), leaving=people["duty_a"], to=people["duty_b"], reason="懒"
        )
