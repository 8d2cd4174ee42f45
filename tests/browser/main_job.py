"""The company in which the browser tests of the main job take place."""

from __future__ import annotations

from tests.cases.conftest import World
from tests.factories.customers import MadeSite, make_site
from tests.factories.organization import add_people, make_company

from huiyin.procedures.services import install_pack


def make_world() -> tuple[World, MadeSite]:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    return World(small), make_site(small.site_a)
