"""The small company with a site in each of its two units."""

from __future__ import annotations

import pytest
from tests.factories.customers import MadeSite, make_site
from tests.factories.organization import SmallCompany, make_company


@pytest.fixture
def small(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def garden(small: SmallCompany) -> MadeSite:
    return make_site(small.site_a, "东湖花园")


@pytest.fixture
def yard(small: SmallCompany) -> MadeSite:
    return make_site(small.site_b, "西山雅苑")
