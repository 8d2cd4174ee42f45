"""The case page, follow-ups and slips as people use them: with a mouse, with the keyboard, with one thumb."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.cases.conftest import World, world
from tests.factories.cases import picture
from tests.factories.customers import make_site

from huiyin.cases.models import Attachment, Case
from huiyin.slips.models import Slip
from huiyin.slips.services import issue_slip

__all__ = ["world"]

pytestmark = pytest.mark.django_db(transaction=True)
Check = Callable[[Page], None]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(world: World) -> Case:
    garden = make_site(world.small.site_a)
    return world.register(
        household=str(garden.household("3-2-501").uuid),
        customer=str(garden.customer("王小明").uuid),
        reporter_phone="13912345678",
        category="leak",
    ).case


def open_case(context: BrowserContext, sign_in: Callable[..., None], case: Case, username: str) -> Page:
    page = context.new_page()
    sign_in(page, username)
    page.goto(f"/cases/{case.number}/")
    return page


def step(page: Page, name: str) -> None:
    buttons = page.locator("#steps [role=button]")
    buttons.filter(has_text=re.compile(rf"^\s*{name}\s*$")).first.click()
    expect(page.locator("#step-form h3")).to_have_text(name)


def test_somebody_was_faster_and_the_page_says_who(
    desktop: BrowserContext, sign_in: Any, world: World, case: Case
) -> None:
    page = open_case(desktop, sign_in, case, "head_a")
    step(page, "答复")
    page.get_by_label("怎么答复的").fill("师傅今天下午三点到")
    world.record(case, "contacted", "supervisor_a", means="visit", text="我已经上门了")
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#step-form")).to_contain_text("张敏")
    expect(page.get_by_label("怎么答复的")).to_have_value("师傅今天下午三点到")
    expect(page.locator("#notices")).not_to_contain_text("服务器")
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#notices")).to_contain_text("答复了顾客")


def test_a_complaint_from_judgement_to_closing_without_leaving_the_page(
    desktop: BrowserContext, sign_in: Any, case: Case, assert_accessible: Check
) -> None:
    page = open_case(desktop, sign_in, case, "head_a")
    assert_accessible(page)
    page.get_by_text("怎么算出来的").first.click()
    expect(page.locator(".clock-why").first).to_contain_text("条规定")
    step(page, "判定")
    page.get_by_role("radio", name="有效", exact=True).check()
    page.get_by_label("理由").fill("楼上防水老化，是我们的事")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#story")).to_contain_text("判定为有效")
    expect(page.locator(".case-head")).to_contain_text("有效")
    step(page, "答复")
    page.get_by_label("怎么答复的").fill("师傅今天下午三点到")
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#notices")).to_contain_text("答复了顾客")
    expect(page.locator("#steps .btn-big")).to_have_text("回访")
    page.locator("#steps .btn-big").click()
    page.get_by_role("radio", name="满意", exact=True).check()
    page.get_by_role("button", name="回访并结案").click()
    expect(page.locator(".case-head")).to_contain_text("已结案")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_refused_with_the_reason_the_words_are_still_there(
    desktop: BrowserContext, sign_in: Any, case: Case
) -> None:
    page = open_case(desktop, sign_in, case, "head_a")
    expect(page.locator(".steps-blocked")).to_contain_text("结案")
    page.goto(f"/cases/{case.number}/steps/closed/")
    page.get_by_label("原因").fill("业主说不用了")
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#step-form [role=alert]").first).to_contain_text("判定")
    expect(page.locator("#step-form .clause-chip").first).to_be_visible()
    expect(page.get_by_label("原因")).to_have_value("业主说不用了")
    assert Case.objects.get(pk=case.pk).open


def test_what_was_written_survives_a_closed_tab(desktop: BrowserContext, sign_in: Any, case: Case) -> None:
    page = open_case(desktop, sign_in, case, "head_a")
    step(page, "备注")
    page.get_by_label("写下来").fill("写了一半")
    page.get_by_label("写下来").blur()
    page.close(run_before_unload=False)
    page = open_case(desktop, sign_in, case, "head_a")
    step(page, "备注")
    expect(page.get_by_label("写下来")).to_have_value("写了一半")
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#story")).to_contain_text("写了一半")
    step(page, "备注")
    expect(page.get_by_label("写下来")).to_have_value("")


def test_with_one_thumb(
    phone: BrowserContext,
    sign_in: Any,
    world: World,
    case: Case,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    world.record(case, "assigned", to_unit="A-ENG", to_post="handler", person="handler_a")
    page = open_case(phone, sign_in, case, "handler_a")
    assert_fits(page)
    assert_accessible(page)
    thumb = page.locator(".case-thumb a")
    expect(thumb).to_be_in_viewport()
    page.goto(f"/cases/{case.number}/steps/completed/")
    page.get_by_label("处理结果").fill("换了密封圈，不漏了")
    photo = {"name": "修好了.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("#step-form input[name=photos]").set_input_files(photo)
    expect(page.locator("#step-form .drop-file")).to_contain_text("修好了.jpg")
    assert_fits(page)
    page.locator("#step-form [data-submit]").click()
    expect(page.locator("#story")).to_contain_text("换了密封圈")
    expect(page.locator("#files")).to_contain_text("修好了.jpg")
    assert Attachment.objects.get(case=case).name == "修好了.jpg"


def test_dropped_files_go_at_once_and_a_number_is_shown_on_demand(
    desktop: BrowserContext, sign_in: Any, case: Case
) -> None:
    page = open_case(desktop, sign_in, case, "duty_a")
    photo = {"name": "天花板.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    page.locator("#files input[name=files]").set_input_files(photo)
    expect(page.locator(".case-file")).to_have_count(1)
    expect(page.locator(".case-head")).not_to_contain_text("139 1234 5678")
    page.locator(".case-phone button").first.click()
    expect(page.locator(".case-head")).to_contain_text("139 1234 5678")


def test_calling_one_after_the_other_with_the_keyboard(
    desktop: BrowserContext, sign_in: Any, world: World, case: Case, assert_accessible: Check
) -> None:
    second = world.register(text="楼道灯不亮").case
    for one in (case, second):
        world.record(one, "judged", validity="valid", reason="是我们的事")
        world.record(one, "answered", text="已经修好")
    page = desktop.new_page()
    sign_in(page, "supervisor_a")
    page.goto("/follow-ups/")
    assert_accessible(page)
    first = page.locator("input[name=case]").input_value()
    page.keyboard.press("2")
    expect(page.locator("input[value=fairly_satisfied]")).to_be_checked()
    page.keyboard.type("还可以")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notices")).to_contain_text("基本满意")
    expect(page.locator("input[name=case]")).not_to_have_value(first)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("main")).to_contain_text("现在没有要回访的")


def test_follow_ups_on_a_phone(
    phone: BrowserContext,
    sign_in: Any,
    world: World,
    case: Case,
    assert_fits: Check,
    assert_accessible: Check,
) -> None:
    world.record(case, "judged", validity="valid", reason="是我们的事")
    world.record(case, "answered", text="已经修好")
    page = phone.new_page()
    sign_in(page, "supervisor_a")
    page.goto("/follow-ups/")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("radio", name="不满意").check()
    page.get_by_role("button", name="记下").click()
    expect(page.locator("#notices")).to_contain_text("不满意")
    assert Case.objects.get(pk=case.pk).round == 2


def test_a_slip_is_issued_signed_for_and_finished(
    desktop: BrowserContext, phone: BrowserContext, sign_in: Any, world: World, case: Case,
    assert_accessible: Check, assert_fits: Check,
) -> None:  # fmt: skip
    page = open_case(desktop, sign_in, case, "head_a")
    page.locator("#steps").get_by_role("button", name="开联络单").click()
    form = page.locator("#step-form")
    form.get_by_role("radio", name="工作安排通知单").check()
    form.get_by_label("发给").select_option("A-ENG")
    form.get_by_label("要对方做什么").fill("今天派两个人上门")
    form.locator("[data-submit]").click()
    expect(page.locator("#notices")).to_contain_text("TZ-")
    slip = Slip.objects.get()
    expect(page.locator(".case-side")).to_contain_text(slip.number)

    hand = phone.new_page()
    sign_in(hand, "handler_a")
    hand.goto("/slips/")
    assert_fits(hand)
    assert_accessible(hand)
    hand.get_by_text(slip.number).click()
    hand.get_by_role("link", name="签收联络单").click()
    pad = hand.locator("canvas").bounding_box()
    assert pad is not None
    hand.locator("canvas").scroll_into_view_if_needed()
    pad = hand.locator("canvas").bounding_box()
    assert pad is not None
    hand.mouse.move(pad["x"] + 20, pad["y"] + 30)
    hand.mouse.down()
    hand.mouse.move(pad["x"] + 120, pad["y"] + 60)
    hand.mouse.up()
    assert_fits(hand)
    hand.get_by_role("button", name="签收联络单").click()
    expect(hand.locator(".story")).to_contain_text("签收联络单")
    assert Attachment.objects.get(case=case).note == "签名"
    hand.get_by_role("link", name="办结联络单").click()
    hand.get_by_label("办理结果").fill("修好了")
    hand.get_by_role("button", name="办结联络单").click()
    expect(hand.locator(".story")).to_contain_text("修好了")


def test_a_slip_looks_right(
    desktop: BrowserContext, sign_in: Any, world: World, case: Case, assert_accessible: Check
) -> None:
    slip = issue_slip(
        actor=world.actor("head_a"), case=case, form="work_slip", to_unit="HQ", text="请公司出面"
    )
    page = desktop.new_page()
    sign_in(page, "deputy")
    page.goto(f"/slips/{slip.number}/")
    assert_accessible(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("工作传签单"))
