"""The front desk with the phone at the ear: without a mouse, with a bad line, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.main_job import make_world
from tests.cases.conftest import World
from tests.factories.customers import MadeSite

from huiyin.cases.models import Attachment, Case, Draft

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[..., None]
Check = Callable[..., None]


@pytest.fixture
def job(live_server: object) -> tuple[World, MadeSite]:
    return make_world()


def at_the_desk(context: BrowserContext, sign_in: SignIn, username: str = "duty_a") -> Page:
    page = context.new_page()
    sign_in(page, username)
    page.goto("/register/")
    return page


def pick(page: Page, typed: str = "3-2-501") -> None:
    page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_contain_text("王小明")


def test_a_complaint_is_registered_without_a_mouse(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite], assert_accessible: Check
) -> None:
    page = at_the_desk(desktop, sign_in)
    page.goto("/")
    page.keyboard.press("n")
    expect(page.locator("#who")).to_be_focused()
    pick(page)
    page.keyboard.press("1")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("卫生间天花板漏水")
    expect(page.locator("#category")).to_have_value("leak")
    expect(page.locator("#card")).to_contain_text("138****8000")
    expect(page.locator("#promise")).to_contain_text("前答复您")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    case = Case.objects.get()
    expect(page.locator("#number")).to_have_text(case.number)
    expect(page.locator(".registered-say")).to_contain_text("前答复您")
    assert (case.kind, case.category, case.channel, case.text) == (
        "complaint",
        "leak",
        "phone",
        "卫生间天花板漏水",
    )
    assert case.customer is not None
    assert case.customer.name == "王小明"
    assert_accessible(page)
    page.keyboard.press("n")
    expect(page.locator("#who")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")


def test_pressing_twice_makes_one_case(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    pick(page)
    page.locator("#text").fill("电梯停了")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    assert Case.objects.count() == 1


def test_a_draft_survives_a_closed_tab(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    pick(page)
    page.keyboard.press("2")
    page.locator("#text").fill("厨房下水道堵了")
    uuid = page.locator("[name=uuid]").input_value()
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("#text")).to_have_value("厨房下水道堵了")
    expect(page.locator("[name=uuid]")).to_have_value(uuid)
    expect(page.locator("#person")).to_contain_text("王小明")
    expect(page.locator("[name=kind]:checked")).to_have_value("repair")
    page.locator("#text").focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    case = Case.objects.get()
    assert (str(case.uuid), case.kind) == (uuid, "repair")
    assert case.household is not None
    page.goto("/register/")
    expect(page.locator("#text")).to_have_value("")


def test_what_is_typed_reaches_another_device(
    desktop: BrowserContext, phone: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    with page.expect_response(re.compile(r"/register/drafts/[^/]+/$")):
        page.locator("#text").fill("走廊的灯不亮")
    assert Draft.objects.count() == 1
    other = at_the_desk(phone, sign_in)
    other.locator("#unfinished summary").click()
    other.locator("#unfinished a").first.click()
    expect(other.locator("#text")).to_have_value("走廊的灯不亮")


def test_nothing_is_lost_when_the_line_breaks(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    pick(page)
    page.locator("#text").fill("车位被占")
    desktop.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("没有丢失")
    expect(page.locator("#text")).to_have_value("车位被占")
    desktop.set_offline(False)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    assert Case.objects.count() == 1


def test_a_choice_is_never_overwritten_and_danger_is_urgent(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    page.locator("#category").select_option("noise")
    page.locator("#text").press_sequentially("有人困在电梯里")
    expect(page.locator("#emergency")).to_be_visible()
    expect(page.locator("[name=urgency]")).to_be_checked()
    expect(page.locator("#category")).to_have_value("noise")
    expect(page.locator("#category-proposals")).to_contain_text("电梯")
    page.locator("[name=urgency]").uncheck()
    page.locator("#text").press_sequentially("，快来")
    page.wait_for_timeout(400)
    expect(page.locator("[name=urgency]")).not_to_be_checked()


def test_a_chase_is_one_key(desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]) -> None:
    world, garden = job
    case = world.register(household=str(garden.household("3-2-501").uuid)).case
    page = at_the_desk(desktop, sign_in)
    pick(page)
    expect(page.locator("#card")).to_contain_text(case.number)
    page.keyboard.press("0")
    expect(page.locator("#card")).to_contain_text("第 1 次催办")
    case.refresh_from_db()
    assert case.chased == 1


def test_going_back_does_not_offer_what_was_registered(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    pick(page)
    page.keyboard.press("1")
    page.keyboard.type("楼上漏水")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    page.go_back()
    page.wait_for_url("**/register/")
    expect(page.locator("#text")).to_have_value("")


def test_settled_on_the_spot(desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]) -> None:
    page = at_the_desk(desktop, sign_in)
    pick(page)
    page.keyboard.press("3")
    page.keyboard.type("请问物业费怎么交")
    page.locator("#spot").check()
    expect(page.locator("[name=spot_validity]").first).to_be_hidden()
    page.locator("#spot_answer").fill("前台扫码")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    expect(page.locator("h1")).to_contain_text("已登记并结案")
    assert Case.objects.get().state == "closed"


PASTE = """(text) => {
    const data = new DataTransfer()
    data.setData('text', text)
    const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
    document.getElementById('text').dispatchEvent(event)
}"""
SCREENSHOT = """async (element) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 60
    canvas.getContext('2d').fillRect(0, 0, 30, 30)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'))
    const data = new DataTransfer()
    data.items.add(new File([blob], '截图.png', {type: 'image/png'}))
    element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}))
}"""


def test_a_group_message_and_its_screenshot_are_pasted(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    page = at_the_desk(desktop, sign_in)
    page.locator("#text").focus()
    page.evaluate(PASTE, "3-2-501王姐：楼道灯又不亮了")
    expect(page.locator("#text")).to_have_value("楼道灯又不亮了")
    expect(page.locator("#reporter")).to_have_value("王姐")
    expect(page.locator("#channel")).to_have_value("wechat")
    expect(page.locator("#person")).to_contain_text("王小明")
    page.locator("#text").evaluate(SCREENSHOT)
    expect(page.locator("#draft-files")).to_contain_text("截图.png")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/register/done/**")
    case = Case.objects.get()
    assert (case.channel, case.reporter) == ("wechat", "王姐")
    assert [one.name for one in Attachment.objects.filter(case=case)] == ["截图.png"]
    reply = page.locator("#reply").input_value()
    assert case.number in reply
    assert "王" not in reply
    assert "501" not in reply.replace(case.number, "")


def test_two_windows_are_two_calls(
    desktop: BrowserContext, sign_in: SignIn, job: tuple[World, MadeSite]
) -> None:
    first = at_the_desk(desktop, sign_in)
    first.locator("#text").fill("第一个电话")
    first.wait_for_timeout(400)
    second = desktop.new_page()
    second.goto("/register/")
    expect(second.locator("#text")).to_have_value("")
    second.locator("#text").fill("第二个电话")
    second.keyboard.press("Control+Enter")
    second.wait_for_url("**/register/done/**")
    expect(first.locator("#text")).to_have_value("第一个电话")
    first.locator("#text").focus()
    first.keyboard.press("Control+Enter")
    first.wait_for_url("**/register/done/**")
    assert sorted(Case.objects.values_list("text", flat=True)) == ["第一个电话", "第二个电话"]


def test_on_a_phone_it_fits_the_thumb(
    phone: BrowserContext,
    sign_in: SignIn,
    job: tuple[World, MadeSite],
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    page = at_the_desk(phone, sign_in)
    page.locator("#who").fill("wxm")
    page.locator("#who-1").tap()
    expect(page.locator("#person")).to_contain_text("王小明")
    page.locator("#text").fill("电梯停了")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="登记").tap()
    page.wait_for_url("**/register/done/**")
    assert_fits(page)
    assert Case.objects.count() == 1
