"""The small company stands, and its people reach what they should."""

from __future__ import annotations

import pytest
from tests.factories.organization import make_company

pytestmark = pytest.mark.django_db


def test_people_of_the_small_company_reach_their_subtree() -> None:
    small = make_company()
    head = small.actor("head_a")
    assert head.company_id == small.root.pk
    assert head.unit_ids("judge") == {small.units["A"].pk, small.units["A-ENG"].pk}
    assert small.actor("quality").unit_ids("view") == {unit.pk for unit in small.units.values()}
    assert not small.actor("handler_b").may("view", small.site_b.pk)


def test_two_companies_stand_side_by_side() -> None:
    one, other = make_company(), make_company("远山集团", prefix="y_")
    assert not one.actor("manager").unit_ids("view") & other.actor("manager").unit_ids("view")
