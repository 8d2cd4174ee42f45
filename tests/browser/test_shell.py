"""The frame of the pages in a real browser: navigation, keys, phone, drafts, notices, the lost network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from tests.factories.organization import SmallCompany, add_people, make_company

from huiyin.procedures.services import install_pack
from huiyin.web.static_files import StaticFilesMiddleware

Check = Callable[..., None]


@pytest.fixture
def company(transactional_db: None) -> SmallCompany:
    small = make_company(posts=False)
    install_pack(company=small.root, source="PM1")
    add_people(small)
    return small


@pytest.fixture
def desk(company: SmallCompany, desktop: BrowserContext, sign_in: Check) -> Page:
    page = desktop.new_page()
    sign_in(page, "supervisor_a")
    return page


@pytest.fixture
def handheld(company: SmallCompany, phone: BrowserContext, sign_in: Check) -> Page:
    page = phone.new_page()
    sign_in(page, "handler_a")
    return page


def test_sign_in_page_is_accessible_and_tells_nothing(
    company: SmallCompany, desktop: BrowserContext, assert_accessible: Check
) -> None:
    page = desktop.new_page()
    page.goto("/account/login/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("用户名").fill("nobody")
    page.locator("input[type=password]").fill("wrong-password")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".notice.is-error, .field-error").first).to_be_visible()
    assert page.get_by_text("nobody").count() == 0


def test_signing_in_by_hand(company: SmallCompany, desktop: BrowserContext, sign_in: Check) -> None:
    page = desktop.new_page()
    sign_in(page, "supervisor_a", through_page=True)
    expect(page.locator(".topbar-person")).to_contain_text(company.people["supervisor_a"].name)


def test_every_place_opens(desk: Page, assert_accessible: Check) -> None:
    desk.goto("/me/")
    places = desk.locator(".rail-place").evaluate_all("all => all.map((one) => one.href)")
    for url in places:
        answer = desk.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        expect(desk.locator(".rail-place[aria-current=page]")).to_have_count(1)


def test_own_pages_are_accessible(desk: Page, assert_accessible: Check, assert_fits: Check) -> None:
    for path in ("/me/", "/scan/", "/search/", "/search/?q=没有的", "/account/2fa/"):
        desk.goto(path)
        assert_accessible(desk)
        assert_fits(desk)


def test_own_pages_fit_a_phone(handheld: Page, assert_accessible: Check, assert_fits: Check) -> None:
    for path in ("/me/", "/scan/", "/search/", "/account/password/change/", "/nothing/"):
        handheld.goto(path)
        assert_accessible(handheld)
        assert_fits(handheld)


def test_keys(desk: Page) -> None:
    desk.goto("/me/")
    desk.keyboard.press("Control+k")
    expect(desk.locator("#shell-search")).to_be_focused()
    desk.keyboard.press("n")  # typed, not pressed
    expect(desk.locator("#shell-search")).to_have_value("n")
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_visible()
    expect(desk.locator("#keys")).to_contain_text("搜索")
    desk.keyboard.press("Escape")
    expect(desk.locator("#keys")).to_be_hidden()
    desk.keyboard.press("/")
    expect(desk.locator("#shell-search")).to_be_focused()


def test_keys_lead_to_places(desk: Page) -> None:
    desk.goto("/me/")
    desk.keyboard.press("n")
    expect(desk).to_have_url(re.compile(reverse("cases:register")))
    desk.goto("/me/")
    desk.keyboard.press("g")
    desk.keyboard.press("d")
    expect(desk).to_have_url(re.compile(reverse("cases:desk")))


def test_phone_has_its_bar_and_all_places_under_my_page(handheld: Page) -> None:
    handheld.goto("/me/")
    expect(handheld.locator(".rail")).to_be_hidden()
    expect(handheld.locator(".phonebar")).to_be_visible()
    expect(handheld.get_by_role("link", name="扫一扫")).to_be_visible()
    handheld.get_by_role("link", name="扫一扫").click()
    expect(handheld.get_by_label("或者输入编号、房号")).to_be_visible()
    handheld.get_by_label("或者输入编号、房号").fill("https://elsewhere.example/x")
    handheld.get_by_role("button", name="打开").click()
    expect(handheld.get_by_text("这个二维码不是本系统的。")).to_be_visible()


def test_search_shows_hits_while_typing(desk: Page) -> None:
    desk.goto("/me/")
    desk.locator("#shell-search").press_sequentially("没有这样的")
    expect(desk.locator("#shell-search-hits")).to_contain_text("没有找到“没有这样的”")


def test_lost_network_says_so(desk: Page) -> None:
    desk.goto("/me/")
    desk.context.set_offline(True)
    expect(desk.locator("#offline")).to_be_visible()
    desk.locator("#shell-search").press_sequentially("abc")
    expect(desk.locator(".notice.is-error")).to_contain_text("没有丢失")
    desk.context.set_offline(False)
    expect(desk.locator("#offline")).to_be_hidden()


def test_a_draft_survives_a_closed_tab(desk: Page) -> None:
    desk.goto("/scan/")
    form = """() => {
        const form = document.querySelector('[data-scan-form]')
        form.dataset.draftKey = 'trial'
        document.body.dispatchEvent(new CustomEvent('htmx:load', {detail: {elt: form}}))
    }"""
    desk.evaluate(form)
    desk.locator("#scan-code").fill("3-2-501 漏水")
    context = desk.context
    desk.close()
    page = context.new_page()
    page.goto("/scan/")
    page.evaluate(form)
    expect(page.locator("#scan-code")).to_have_value("3-2-501 漏水")
    expect(page.locator(".draft-note")).to_contain_text("已恢复")
    page.get_by_role("button", name="丢弃").click()
    expect(page.locator("#scan-code")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.endsWith('trial')).length") == 0


def test_a_session_that_ended_leaves_the_page_as_it_is(desk: Page) -> None:
    desk.goto("/scan/")
    desk.locator("#scan-code").fill("写到一半")
    desk.context.clear_cookies()
    desk.locator("#shell-search").press_sequentially("abc")
    expect(desk.locator(".notice")).to_contain_text("登录已过期")
    expect(desk.locator("#scan-code")).to_have_value("写到一半")


def test_small_on_the_wire(desk: Page, settings: Any) -> None:
    """What the frame loads, as the server of a company sends it: compressed."""
    settings.WHITENOISE_AUTOREFRESH = False
    served = StaticFilesMiddleware(lambda request: None)
    loaded: set[str] = set()
    desk.on("request", lambda request: loaded.add(request.url))
    desk.goto("/me/")
    paths = {url.split("?")[0].split("/static/")[1] for url in loaded if "/static/" in url}
    sizes = [
        min(
            int(dict(headers)["Content-Length"])
            for _, _, headers in served.files[f"/static/{path}"].alternatives
        )
        for path in paths
    ]
    assert len(paths) > 8
    assert sum(sizes) < 140_000


CHART = """(options) => {
    const box = document.createElement('div')
    box.innerHTML = '<figure class="chart-figure"><div class="chart" data-chart="trial"></div></figure>'
    const data = document.createElement('script')
    data.type = 'application/json'
    data.id = 'trial'
    data.textContent = JSON.stringify(options)
    box.append(data)
    document.querySelector('main').prepend(box)
    document.body.dispatchEvent(new CustomEvent('htmx:load', {detail: {elt: box}}))
}"""
PARETO = {
    "legend": {},
    "xAxis": {"type": "category", "data": ["漏水", "噪音", "电梯", "停车"]},
    "yAxis": [{"type": "value"}, {"type": "value", "max": 100, "valueFormat": "percent"}],
    "series": [
        {"name": "件数", "type": "bar", "data": [{"value": 42, "url": "/scan/"}, 27, 15, 8]},
        {"name": "累计", "type": "line", "yAxisIndex": 1, "data": [45.7, 75, 91.3, 100]},
    ],
}


def test_a_chart_is_drawn_under_the_policy_and_opens_what_lies_behind(desk: Page) -> None:
    desk.goto("/me/")
    desk.evaluate(CHART, PARETO)
    expect(desk.locator(".chart svg text", has_text="漏水")).to_be_visible()
    box = desk.locator(".chart").bounding_box()
    assert box is not None
    desk.mouse.move(box["x"] + box["width"] * 0.16, box["y"] + box["height"] * 0.7)
    expect(desk.locator(".chart svg")).to_contain_text("42")
    desk.mouse.click(box["x"] + box["width"] * 0.16, box["y"] + box["height"] * 0.7)
    expect(desk).to_have_url(re.compile("/scan/"))


def test_asking_before_something_grave(desk: Page) -> None:
    desk.goto("/scan/")
    desk.evaluate("document.querySelector('[data-scan-form]').dataset.confirm = '真的打开吗？'")
    desk.locator("#scan-code").fill("/me/")
    desk.get_by_role("button", name="打开").click()
    expect(desk.get_by_role("dialog")).to_contain_text("真的打开吗？")
    desk.get_by_role("button", name="取消").click()
    expect(desk).to_have_url(re.compile("/scan/"))
    desk.get_by_role("button", name="打开").click()
    desk.get_by_role("button", name="确定").click()
    expect(desk).to_have_url(re.compile("/me/"))
