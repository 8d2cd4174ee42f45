from __future__ import annotations

import pytest
from django.test import Client
from tests.factories.organization import SmallCompany, make_company


@pytest.fixture
def company(db: None) -> SmallCompany:
    return make_company()


@pytest.fixture
def signed_in(company: SmallCompany) -> Client:
    client = Client()
    client.force_login(company.people["supervisor_a"])
    return client
