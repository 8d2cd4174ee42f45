"""A server and a Chromium for the tests of pages.

    def test_x(desktop, sign_in):            # or `phone`
        page = desktop.new_page()
        sign_in(page, "duty_a")
        page.goto("/scan/")
        assert_accessible(page)

`desktop` and `phone` are browser contexts in Chinese; addresses are relative to the live server. A console
error, an uncaught exception or a refused inline style or script fails the test. Without Chromium these tests
are skipped, under HUIYIN_REQUIRE_ALL=1 they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from tests.browser.one_at_a_time import one_request_at_a_time

from huiyin.organization.models import Person

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
PASSWORD = "huiyin-browser-2026"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# what the browser says about answers that a test asks for on purpose
EXPECTED = (
    "Failed to load resource: the server responded with a status of 4",
    "Response Status Error Code 4",
    "net::ERR_INTERNET_DISCONNECTED",
    "htmx:sendError",
    "htmx:afterRequest",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # a busy machine makes a browser miss its moment; what is really broken fails three times
            item.add_marker(pytest.mark.flaky(reruns=2))


def find_chromium() -> str:
    wanted = os.environ.get("HUIYIN_CHROMIUM", "")
    return wanted or next((path for name in NAMES if (path := shutil.which(name))), "")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if not path:
        if os.environ.get("HUIYIN_REQUIRE_ALL") == "1":
            pytest.fail("Chromium is required (Debian: chromium fonts-noto-cjk)")
        pytest.skip("no Chromium found (Debian: chromium fonts-noto-cjk; or set HUIYIN_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _one_request_at_a_time() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    with one_request_at_a_time():
        yield


@pytest.fixture(autouse=True)
def _for_the_browser(settings: Any) -> None:
    """Plain static files; the names under which the live server is called; passwords that cost no second."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


def _watch(context: BrowserContext, troubles: list[str]) -> None:
    def said(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            troubles.append(message.text)

    context.on("console", said)
    context.on("weberror", lambda error: troubles.append(str(error.error)))


def _context(chromium: Browser, base_url: str, options: dict[str, Any]) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=base_url, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    context.set_default_timeout(10_000)
    troubles: list[str] = []
    _watch(context, troubles)
    yield context
    context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def desktop(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    yield from _context(chromium, live_server.url, DESKTOP)


@pytest.fixture
def phone(chromium: Browser, live_server: Any) -> Iterator[BrowserContext]:
    yield from _context(chromium, live_server.url, PHONE)


SignIn = Callable[..., None]


@pytest.fixture
def sign_in(live_server: Any) -> SignIn:
    """`sign_in(page, username)`: by a session of its own; `through_page=True` types name and password."""

    def do(page: Page, username: str, *, through_page: bool = False) -> None:
        person = Person.objects.get(username=username)
        if through_page:
            Person.objects.filter(pk=person.pk).update(password=make_password(PASSWORD))
            page.goto("/account/login/")
            page.get_by_label("用户名").fill(username)
            page.locator("input[type=password]").fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url(lambda url: "/account/login/" not in url)
            return
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
        )

    return do


def assert_accessible(page: Page, *, without: tuple[str, ...] = ()) -> None:
    """axe finds nothing. `without` names rules (with a reason beside the call) that are left out."""
    page.evaluate((HERE / "vendor" / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        """async (without) => (await axe.run(document, {
            rules: Object.fromEntries(without.map((rule) => [rule, {enabled: false}])),
        })).violations.map((one) => `${one.id}: ${one.help}\\n` + one.nodes.slice(0, 5).map(
            (node) => `  ${node.target}: ${node.failureSummary.slice(0, 240)}`).join('\\n'))""",
        list(without),
    )
    assert not found, f"{page.url}\n" + "\n".join(found)


@pytest.fixture(name="assert_accessible")
def _assert_accessible() -> Callable[..., None]:
    return assert_accessible


_LOW = """() => [...document.querySelectorAll('main button, main .btn, main .chip, .phonebar a')]
    .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5)
    .map((one) => one.outerHTML.slice(0, 160))"""


def assert_fits(page: Page) -> None:
    """Nothing sticks out at the side; on a phone what is touched is at least 44 px high."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
    if page.viewport_size and page.viewport_size["width"] < 768:
        assert not (low := page.evaluate(_LOW)), f"{page.url}: too low for a thumb\n" + "\n".join(low)


@pytest.fixture(name="assert_fits")
def _assert_fits() -> Callable[[Page], None]:
    return assert_fits
