"""A maker's complaint from the page to closing, each step by whoever takes it in that company."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import local
from tests.factories.makers import make_firm, make_maker
from tests.factories.organization import SmallCompany

from huiyin.cases.models import Case
from huiyin.core.ids import new_uuid
from huiyin.procedures.selectors import rules_of
from huiyin.records.values import CaseValues, SlipValues
from huiyin.slips.models import Slip

pytestmark = pytest.mark.django_db
NOW = local("2026-11-18 10:00")


def said(answer: Any) -> list[str]:
    """What a page says went wrong."""
    found = re.findall(r'class="(?:notice|field-error)[^>]*>(.*?)</div>', answer.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in found]


class Story:
    """Posts what the pages would post, each as somebody."""

    def __init__(self, small: SmallCompany) -> None:
        self.small = small
        self.case: Case | None = None

    def client(self, username: str) -> Client:
        client = Client()
        client.force_login(self.small.people[username])
        return client

    def register(self, username: str, **fields: Any) -> Case:
        form = {
            "uuid": str(new_uuid()),
            "kind": "complaint",
            "channel": "phone",
            "text": "轴承座开裂。",
            **fields,
        }
        answer = self.client(username).post(reverse("cases:register"), form)
        assert answer.status_code == 302, said(answer)
        self.case = Case.objects.get(uuid=form["uuid"])
        return self.case

    def step(self, username: str, event: str, *, code: int = 302, **fields: Any) -> None:
        assert self.case is not None
        self.case.refresh_from_db()
        form = {"uuid": str(new_uuid()), "expected_version": self.case.version, **fields}
        answer = self.client(username).post(reverse("cases:step", args=[self.case.number, event]), form)
        assert answer.status_code == code, said(answer)
        self.case.refresh_from_db()

    def slip(self, username: str, form: str, to_unit: str) -> Slip:
        assert self.case is not None
        self.case.refresh_from_db()
        data = {
            "uuid": str(new_uuid()),
            "expected_version": self.case.version,
            "slip_form": form,
            "to_unit": to_unit,
            "text": "见附件",
        }
        answer = self.client(username).post(reverse("slips:issue", args=[self.case.number]), data)
        assert answer.status_code == 302, said(answer)
        return Slip.objects.latest("pk")

    def on_slip(self, username: str, slip: Slip, event: str, **fields: Any) -> None:
        data = {"uuid": str(new_uuid()), **fields}
        answer = self.client(username).post(reverse("slips:step", args=[slip.number, event]), data)
        assert answer.status_code == 302, said(answer)


@time_machine.travel(NOW, tick=False)
def test_a_class_b_complaint_of_a_maker_of_heavy_equipment(db: None) -> None:
    story = Story(make_maker("HM1"))
    # any unit passes it on, and may know the customer by name alone
    told = {"reporter": "北方矿业公司", "own-product": "球磨机", "own-order_number": "HT-81"}
    case = story.register("unit_head", **told)
    assert (case.number, case.owner_post) == ("GK-2026-0001", "sales")
    story.step("sales", "accepted", code=422)
    story.step("sales", "accepted", original_attached="on")
    sheet = story.slip("sales", "feedback_sheet", "QA")
    assert sheet.number == "F-2026-0001"
    story.on_slip("quality", sheet, "slip_received")
    story.step("quality", "admitted", feedback_class="b")
    assert story.case is not None
    assert story.case.owner_post == "quality"
    story.step("quality", "judged", validity="valid", reason="铸造缺陷", responsibility="own_unit")
    story.step("quality", "completed", result="换轴承座", improvement="加强探伤")
    copy = story.slip("quality", "handling_sheet", "SALES")
    assert copy.number == "C-2026-0001"
    story.on_slip("sales", copy, "slip_received")
    story.step("sales", "answered", text="已更换。", means="phone")
    story.step("sales", "closed")
    assert story.case.state == "closed"
    values = SlipValues(CaseValues(story.case, rules_of(story.case.edition)), copy.number, "销售部")
    assert values.value("case.responsibility") == "本单位"
    assert values.value("completed.improvement") == "加强探伤"
    assert values.value("case.product") == "球磨机"


@time_machine.travel(NOW, tick=False)
def test_a_complaint_from_outside_the_province_until_the_customer_is_satisfied(db: None) -> None:
    story = Story(make_maker("SV1"))
    firm = make_firm(story.small)
    story.register("marketing", customer=str(firm.uuid), **{"own-region": "outside"})
    story.step("quality", "judged", validity="valid", reason="漏检")
    form = story.slip("quality", "action_form", "SHOP1")
    story.on_slip("unit_head", form, "slip_received")
    story.on_slip("unit_head", form, "slip_finished", result="全检，改工艺")
    story.step("quality", "completed", result="换货")
    story.step("marketing", "answered", text="已换货", means="email", action_form_sent="on")
    story.step("marketing", "followed_up", outcome="satisfied", means="phone")
    story.step("marketing", "closed")
    assert story.case is not None
    assert story.case.state == "closed"


@time_machine.travel(NOW, tick=False)
def test_what_is_not_the_companys_fault_is_explained_and_agreed_to(db: None) -> None:
    story = Story(make_maker("SV1"))
    story.register("marketing", customer=str(make_firm(story.small).uuid))
    story.step("quality", "judged", validity="invalid", reason="超载使用")
    page = story.client("marketing").get(reverse("cases:step", args=[story.case.number, "answered"]))  # type: ignore[union-attr]
    assert "依据（检测数据、照片、标准条文）" in page.content.decode()
    story.step("marketing", "answered", code=422, text="超载所致", means="phone")
    story.step("marketing", "answered", text="超载所致", means="phone", evidence="检测报告 26-118")
    story.step("marketing", "confirmed", satisfied="yes", signed_by="王工")
    story.step("marketing", "closed")
    assert story.case is not None
    assert story.case.state == "closed"
