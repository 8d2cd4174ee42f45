"""A unit is closed when nothing open is left in it; its page says what is."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.cases.conftest import World

from huiyin.core.errors import Conflict
from huiyin.organization.models import Unit
from huiyin.organization.services import create_unit, deactivate_unit
from huiyin.slips.services import issue_slip


@pytest.fixture
def team(world: World) -> Unit:
    site = world.small.site_a
    return create_unit(actor=world.actor("admin"), parent=site, kind="team", code="A-GRN", name="绿化班")


def test_open_cases_and_slips_keep_a_unit_open(world: World, team: Unit) -> None:
    case = world.register().case
    case = world.record(case, "assigned", "head_a", to_unit="A-GRN").case
    issue_slip(actor=world.actor("head_a"), case=case, form="work_slip", to_unit="A-GRN", text="剪枝")
    with pytest.raises(Conflict) as refused:
        deactivate_unit(actor=world.actor("admin"), unit=team)
    assert refused.value.code == "open_matters"
    assert "工单 1" in refused.value.message
    assert "联络单 1" in refused.value.message
    client = Client()
    client.force_login(world.small.people["admin"])
    page = client.get("/settings/units/at/A-GRN/").content.decode()
    assert "没办完的工单 1" in page
    client.post("/settings/units/at/A-GRN/active/")
    assert Unit.objects.get(pk=team.pk).active


def test_given_elsewhere_it_can_be_closed(world: World, team: Unit) -> None:
    case = world.register().case
    case = world.record(case, "assigned", "head_a", to_unit="A-GRN").case
    world.record(case, "assigned", "head_a", to_unit="A-ENG")
    deactivate_unit(actor=world.actor("admin"), unit=team)
    assert not Unit.objects.get(pk=team.pk).active
