"""Procedures in a browser: the editor's preview follows the typing, evidence and replays are accessible."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.main_job import make_world
from tests.cases.conftest import World

from huiyin.procedures.models import Draft, Edition

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[..., None]
Check = Callable[..., None]


@pytest.fixture
def world(live_server: object) -> World:
    world, garden = make_world()
    world.register(household=str(garden.household("3-2-501").uuid), text="天花板漏水", urgency="urgent")
    return world


def test_the_preview_follows_the_typing(
    world: World, desktop: BrowserContext, sign_in: SignIn, assert_accessible: Check
) -> None:
    page = desktop.new_page()
    sign_in(page, "quality")
    page.goto("/procedures/drafts/")
    assert_accessible(page)
    page.get_by_label("或者从已有的改起").select_option("PM1")
    page.get_by_role("button", name="开始").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("可以运行")
    assert_accessible(page)
    text = page.get_by_label("规则（procedure.toml）")
    whole = text.input_value()
    text.fill(whole.replace('limit = ["asked", "2wd"]', 'limit = ["asked", "5wd"]'))
    text.press("End")
    text.press_sequentially(" ")
    expect(preview).to_contain_text("5 个工作日", timeout=15_000)
    text.fill("x = [")
    text.press_sequentially(" ")
    expect(preview).to_contain_text("还不能运行", timeout=15_000)
    # nothing is kept before it is saved
    assert Draft.objects.get().text == whole


def test_evidence_and_replays(
    world: World, desktop: BrowserContext, sign_in: SignIn, assert_accessible: Check
) -> None:
    edition = Edition.objects.get()
    page = desktop.new_page()
    sign_in(page, "quality")
    places = ("/procedures/replays/", f"/procedures/{edition.pk}/", f"/procedures/{edition.pk}/evidence/")
    for address in places:
        page.goto(address)
        assert_accessible(page)


def test_evidence_on_a_phone(
    world: World, phone: BrowserContext, sign_in: SignIn, assert_accessible: Check, assert_fits: Check
) -> None:
    page = phone.new_page()
    sign_in(page, "head_a")
    page.goto(f"/procedures/{Edition.objects.get().pk}/evidence/")
    expect(page.get_by_role("heading", name="条款执行情况")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
