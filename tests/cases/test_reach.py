"""Who sees a case: the site it belongs to, the department it was given to, and who has it in hand."""

from __future__ import annotations

import pytest
from tests.cases.conftest import World
from tests.factories.organization import actor_of, make_person

from huiyin.cases.selectors import get_case, visible_cases
from huiyin.core.errors import NotFound
from huiyin.notify.models import Notification
from huiyin.organization.models import Person


def test_a_departments_people_see_what_was_given_to_it_or_to_them(world: World) -> None:
    given, kept = world.register().case, world.register(text="停车费多收了").case
    engineer = world.actor("handler_a")
    assert list(visible_cases(engineer)) == []
    with pytest.raises(NotFound):
        get_case(engineer, kept.number)
    given = world.record(given, "assigned", "head_a", to_unit="A-ENG").case
    assert list(visible_cases(engineer)) == [given]
    world.record(given, "accepted", "handler_a")
    world.record(kept, "assigned", "head_a", person="handler_a")
    assert set(visible_cases(engineer)) == {given, kept}
    assert list(visible_cases(world.actor("handler_b"))) == []


def test_the_head_of_the_site_sees_what_its_departments_have(world: World) -> None:
    case = world.register().case
    world.record(case, "assigned", "head_a", to_unit="A-ENG")
    for who in ("head_a", "supervisor_a", "duty_a", "manager"):
        assert case in visible_cases(world.actor(who))
    assert case not in visible_cases(world.actor("head_b"))


def test_a_handler_of_the_site_sees_all_of_it(world: World) -> None:
    case = world.register().case
    make_person("at_site", world.small.posts["handler"], world.small.site_a)
    assert case in visible_cases(actor_of(Person.objects.get(username="at_site")))


def test_a_case_whose_owners_sit_below_the_site_reaches_somebody_who_can_assign(world: World) -> None:
    """Nobody at the site holds the post that owns it: the one above is told and gives it on."""
    case = world.register(urgency="urgent").case
    assert case.owner_post == "handler"
    told = {one.person.username for one in Notification.objects.filter(case=case).select_related("person")}
    assert told & {"head_a", "supervisor_a"}
    world.record(case, "assigned", "supervisor_a", person="handler_a")
    assert case in visible_cases(world.actor("handler_a"))
