"""Return visits by period: drawn when the month is over, with a seed that is kept; the queue shows them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from tests.cases.conftest import World, local
from tests.factories.organization import add_people, make_company

from huiyin.cases.draws import draw_visits
from huiyin.cases.followups import line_of, queue
from huiyin.cases.models import Case, DrawnVisit, VisitDraw
from huiyin.core import clock
from huiyin.engine.programmes import drawn
from huiyin.journal.models import Entry
from huiyin.procedures.services import install_pack

PEOPLE = {
    "desk": ("前台", "customer_assistant", "A"),
    "boss": ("主管", "supervisor", "A"),
    "work": ("维修工", "worker", "A"),
}
DECEMBER = local("2026-12-01 00:30")


@pytest.fixture
def world(db: None) -> World:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM2")
    add_people(small, PEOPLE)
    return World(small)


def jobs(world: World, count: int, day: str = "2026-11-20") -> list[Case]:
    found = []
    with clock.pretend(local(f"{day} 18:00")):
        for _number in range(count):
            facts = {"kind": "repair", "unit": world.small.site_a.code}
            case = world.register("desk", f"{day} 10:00", **facts).case
            world.record(case, "completed", "work", f"{day} 11:00", result="已修")
            world.record(case, "closed", "boss", f"{day} 12:00")
            found.append(case)
    return found


def draw(at: str = "2026-12-01 00:30") -> int:
    moment = local(at)
    with clock.pretend(moment):
        return draw_visits(moment)


@pytest.mark.clause("PM2-4.2.1")
def test_a_months_sample_is_drawn_once_with_its_seed(world: World) -> None:
    jobs(world, 11)
    assert draw("2026-11-30 23:59") == 1  # October had none
    assert not DrawnVisit.objects.exists()
    assert draw() == 1
    assert draw() == 0
    made = VisitDraw.objects.get(begins=date(2026, 11, 1))
    assert (made.population, made.share, made.ends) == (11, 0.1, date(2026, 12, 1))
    numbers = [visit.case.number for visit in made.visits.all()]
    everybody = Case.objects.values_list("number", flat=True)
    assert sorted(numbers) == sorted(drawn(everybody, made.share, made.seed))
    assert len(numbers) == 2
    assert {visit.due for visit in made.visits.all()} == {local("2026-12-05 18:00")}
    entry = Entry.objects.filter(name="visits_drawn").latest("id")
    assert entry.data["seed"] == made.seed
    assert entry.data["cases"] == sorted(numbers)


@pytest.mark.clause("PM2-4.2.1")
def test_who_was_drawn_is_in_the_queue_though_closed_until_visited(world: World) -> None:
    (case,) = jobs(world, 1)
    draw("2026-11-30 23:59")
    assert queue(world.actor("desk")) == []
    draw()
    with clock.pretend(local("2026-12-02 09:00")):
        (waiting,) = queue(world.actor("desk"))
        line = line_of(world.actor("desk"), waiting)
        assert (line.number, line.drawn, line.due) == (case.number, True, local("2026-12-05 18:00"))
        world.record(case, "followed_up", "desk", outcome="unreachable")
        assert len(queue(world.actor("desk"))) == 1
        world.record(case, "followed_up", "desk", outcome="satisfied")
    assert queue(world.actor("desk")) == []
    assert DrawnVisit.objects.get().visited_at == local("2026-12-02 09:00")


@pytest.mark.clause("PM2-4.2.1")
def test_who_was_reached_in_the_month_is_not_asked_again_and_what_was_void_does_not_count(
    world: World,
) -> None:
    (case,) = jobs(world, 1)
    with clock.pretend(local("2026-11-21 09:00")):
        world.record(case, "followed_up", "desk", outcome="satisfied")
        other = world.register("desk", kind="repair", unit=world.small.site_a.code).case
        world.record(other, "completed", "work", result="已修")
        world.record(other, "voided", "boss", reason="重复")
    draw()
    assert VisitDraw.objects.get().population == 1
    assert queue(world.actor("desk")) == []


@pytest.mark.clause("PM2-4.2.1")
def test_months_that_were_missed_are_drawn_when_the_server_is_back(world: World) -> None:
    jobs(world, 1, "2026-10-20")
    assert draw("2026-11-05 09:00") == 1
    jobs(world, 1, "2026-11-20")
    assert draw("2027-01-05 09:00") == 2
    assert [one.population for one in VisitDraw.objects.order_by("begins")] == [1, 1, 0]


def test_the_page_of_follow_ups_shows_the_draw(world: World, client) -> None:  # type: ignore[no-untyped-def]
    jobs(world, 1)
    draw()
    client.force_login(world.actor("desk").person)
    with clock.pretend(local("2026-12-02 09:00")):
        text = client.get(reverse("cases:follow-ups")).content.decode()
    assert "抽中回访" in text
