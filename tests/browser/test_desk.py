"""Desk and list in a browser: they fit, they open, they keep themselves up to date."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.main_job import make_world
from tests.cases.conftest import World
from tests.factories.customers import MadeSite

from huiyin.cases.models import Case

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[..., None]
Check = Callable[..., None]


@pytest.fixture
def job(live_server: object) -> tuple[World, MadeSite]:
    world, garden = make_world()
    household = str(garden.household("3-2-501").uuid)
    for words, more in (
        ("天花板漏水", {"urgency": "urgent"}),
        ("电梯停了", {"kind": "repair"}),
        ("广场舞太吵", {}),
    ):
        world.register(household=household, text=words, **more)
    return world, garden


def opened(context: BrowserContext, sign_in: SignIn, username: str, address: str) -> Page:
    page = context.new_page()
    sign_in(page, username)
    page.goto(address)
    return page


@pytest.mark.parametrize("username", ["duty_a", "supervisor_a", "manager"])
@pytest.mark.parametrize("address", ["/", "/cases/"])
def test_everybodys_desk_and_list_are_accessible(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite], assert_accessible: Check,
    assert_fits: Check, username: str, address: str,
) -> None:  # fmt: skip
    page = opened(desktop, sign_in, username, address)
    expect(page.locator("main")).to_contain_text("锦绣花园")
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("address", ["/", "/cases/"])
def test_on_a_phone(
    phone: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite], assert_accessible: Check,
    assert_fits: Check, address: str,
) -> None:  # fmt: skip
    page = opened(phone, sign_in, "supervisor_a", address)
    expect(page.locator("main")).to_contain_text("天花板漏水")
    assert_fits(page)
    assert_accessible(page)


def test_rows_are_dense_and_open_by_key(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = opened(desktop, sign_in, "supervisor_a", "/cases/")
    heights = page.evaluate("[...document.querySelectorAll('#rows tr')].map((one) => one.offsetHeight)")
    assert all(height <= 41 for height in heights), heights
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**-**/")


def test_several_are_ticked_and_given_away(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = opened(desktop, sign_in, "supervisor_a", "/cases/")
    page.locator("[data-all]").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("已选 3 张")
    page.locator("#bulk-to").select_option(label="王建国")
    page.get_by_role("button", name="派单").click()
    expect(page.locator("#notices")).to_contain_text("已派出 3 张工单")
    assert Case.objects.filter(handler__username="handler_a").count() == 3


def test_further_filters_open_in_place(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite], assert_accessible: Check
) -> None:
    page = opened(desktop, sign_in, "supervisor_a", "/cases/")
    page.keyboard.press("f")
    panel = page.locator("#filters")
    expect(panel).to_contain_text("报修")
    assert_accessible(page)
    panel.get_by_role("link", name="报修").click()
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_text("保存成视图").click()
    page.locator("#view-name").fill("只看报修")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("link", name="只看报修")).to_be_visible()


def test_the_desk_refreshes_itself_and_keeps_the_focus(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    world, garden = job
    page = desktop.new_page()
    page.clock.install()
    sign_in(page, "supervisor_a")
    page.goto("/")
    page.locator("#count-late").focus()
    world.register(household=str(garden.household("3-2-502").uuid), text="刚刚打来的电话", kind="suggestion")
    with page.expect_response(lambda answer: answer.url.rstrip("/").count("/") == 2):
        page.clock.run_for(61_000)
    expect(page.locator("#desk")).to_contain_text("刚刚打来的电话")
    expect(page.locator("#count-late")).to_be_focused()
