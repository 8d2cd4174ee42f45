"""A room as people write it finds its place, and what stands in the chain is the place's code."""

from __future__ import annotations

import pytest
from tests.cases.conftest import World, local
from tests.factories.customers import make_site

from huiyin.cases.history import Histories
from huiyin.core.errors import InvalidInput
from huiyin.organization.actors import system_actor


@pytest.mark.parametrize(
    "written",
    ["3-2-501", "3栋2单元501", "3#2-501", "三号楼二单元501室", "锦绣花园 3栋2单元501", "03-02-0501"],
)
def test_a_room_however_it_is_written(world: World, written: str) -> None:
    garden = make_site(world.small.site_a)
    case = world.register(place=written, unit="A").case
    assert case.place == garden.room("3-2-501")
    assert case.events.get().data["place"] == "3-2-501"
    writer = Histories(system_actor(world.small.root.pk))
    old = writer.add(
        facts={"kind": "complaint", "channel": "phone", "text": "漏水", "place": written, "unit": "A"},
        at=local("2019-04-01 09:00"),
        events=[],
    )
    assert old.place == garden.room("3-2-501")


def test_the_same_number_at_two_sites_wants_the_site(world: World) -> None:
    ours, theirs = make_site(world.small.site_a), make_site(world.small.site_b, "西山雅苑")
    with pytest.raises(InvalidInput) as refused:
        world.register("manager", place="3栋2单元501")
    assert "place" in refused.value.fields
    assert world.register("manager", place="3栋2单元501", unit="B").case.place == theirs.room("3-2-501")
    assert world.register("manager", place="西山雅苑3栋2单元501").case.place == theirs.room("3-2-501")
    # who reaches one site alone need not say which
    assert world.register("duty_a", place="3栋2单元501").case.place == ours.room("3-2-501")


@pytest.mark.parametrize("written", ["9栋9单元999", "3栋2单元", "王女士家", "3-2-"])
def test_what_is_no_room_is_not_found(world: World, written: str) -> None:
    make_site(world.small.site_a)
    with pytest.raises(InvalidInput):
        world.register(place=written, unit="A")
