"""Facts that a pack adds: asked where it says, kept, shown in words, found again, printed on the sheets."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.cases.conftest import local
from tests.factories.makers import make_firm, make_maker
from tests.factories.organization import SmallCompany

from huiyin.cases.models import Case
from huiyin.cases.rows import where_of
from huiyin.cases.search import index_case, matching
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry
from huiyin.procedures.selectors import rules_of
from huiyin.records.values import CaseValues

pytestmark = pytest.mark.django_db
NOW = local("2026-11-18 10:00")


@pytest.fixture
def maker(db: None) -> SmallCompany:
    return make_maker("MF1")


def browser(small: SmallCompany, username: str = "sales") -> Client:
    client = Client()
    client.force_login(small.people[username])
    return client


def form_of(**fields: Any) -> dict[str, Any]:
    known = {"uuid": str(new_uuid()), "kind": "complaint", "channel": "phone", "text": "一批继电器不吸合。"}
    own = {
        "own-order_number": "PO-20261118-3",
        "own-product": "继电器 JQX-13F",
        "own-defect": "不吸合",
        "own-defect_rate": "0",
    }
    return {**known, **own, **fields}


def registered(small: SmallCompany, **fields: Any) -> Case:
    form = form_of(**fields)
    answer = browser(small).post(reverse("cases:register"), form)
    assert answer.status_code == 302, answer.content.decode()
    return Case.objects.get(uuid=form["uuid"])


def test_the_page_asks_for_what_the_pack_wants_to_know(maker: SmallCompany) -> None:
    page = browser(maker).get(reverse("cases:register")).content.decode()
    for name in ("order_number", "product", "defect", "defect_rate"):
        assert f'name="own-{name}"' in page
    assert "own-corrective_action" not in page


@time_machine.travel(NOW, tick=False)
def test_what_was_told_is_kept_and_shown_in_words(maker: SmallCompany) -> None:
    case = registered(maker, customer=str(make_firm(maker).uuid))
    facts = case.standing["facts"]
    assert (facts["order_number"], facts["defect_rate"], facts["product"]) == ("PO-20261118-3", 0.0, True)
    told = Entry.objects.get(name="registered")
    assert "继电器" not in str(told.data)
    assert told.texts.get(field="product").text == "继电器 JQX-13F"
    page = browser(maker, "quality").get(f"/cases/{case.number}/").content.decode()
    for words in ("订单号", "PO-20261118-3", "不良现象", "不吸合", "继电器 JQX-13F", "北方矿业公司"):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value"), [("own-defect_rate", "许多"), ("own-order_number", "去年那张单子")]
)
def test_a_value_that_cannot_be_is_said_and_nothing_is_registered(
    maker: SmallCompany, field: str, value: str
) -> None:
    form = form_of(**{field: value})
    answer = browser(maker).post(reverse("cases:register"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert not Case.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_a_case_is_found_again_by_order_and_product(maker: SmallCompany) -> None:
    case = registered(maker)
    for text in ("PO-20261118-3", "继电器"):
        assert list(matching(Case.objects.all(), company_id=maker.root.pk, text=text)) == [case]
    index_case(case)
    assert matching(Case.objects.all(), company_id=maker.root.pk, text="PO-20261118-3").exists()


@time_machine.travel(NOW, tick=False)
def test_what_was_not_known_is_filled_in_later(maker: SmallCompany) -> None:
    case = registered(maker, **{"own-order_number": ""})
    client, url = browser(maker), reverse("cases:step", args=[case.number, "amended"])
    page = client.get(url).content.decode()
    assert 'value="不吸合"' in page
    form = {
        "uuid": str(new_uuid()),
        "expected_version": case.version,
        "order_number": "PO-1",
        "product": "继电器 JQX-13F",
        "defect": "不吸合",
        "defect_rate": "0",
        "reason": "问过了",
    }
    assert client.post(url, form).status_code == 302
    case.refresh_from_db()
    assert case.standing["facts"]["order_number"] == "PO-1"
    assert matching(Case.objects.all(), company_id=maker.root.pk, text="PO-1").exists()
    assert set(case.events.get(name="amended").data) == {"order_number"}


@time_machine.travel(NOW, tick=False)
def test_a_step_asks_for_its_own_and_the_gates_say_what_must_be_filled_in(maker: SmallCompany) -> None:
    case = registered(maker)
    client = browser(maker, "quality")
    page = client.get(reverse("cases:step", args=[case.number, "completed"])).content.decode()
    assert 'name="corrective_action"' in page
    assert 'name="preventive_action"' in page
    form = {"uuid": str(new_uuid()), "expected_version": case.version, "result": "x"}
    answer = client.post(reverse("cases:step", args=[case.number, "completed"]), form)
    assert answer.status_code == 422


@time_machine.travel(NOW, tick=False)
def test_the_sheets_are_filled_from_them(maker: SmallCompany) -> None:
    case = registered(maker)
    values = CaseValues(case, rules_of(case.edition))
    assert values.value("case.order_number") == "PO-20261118-3"
    assert values.value("case.product") == "继电器 JQX-13F"
    assert values.value("registered.defect") == "不吸合"
    assert values.value("case.nothing") == ""


@time_machine.travel(NOW, tick=False)
def test_the_promise_goes_by_them(db: None) -> None:
    small = make_maker("SV1")
    client, url = browser(small, "marketing"), reverse("cases:register-promise")
    assert "后天 17:30 前" in client.post(url, form_of()).content.decode()
    outside = client.post(url, form_of(**{"own-region": "outside"})).content.decode()
    assert "11月23日" in outside
    page = client.get(reverse("cases:register")).content.decode()
    assert "省外" in page
    assert "inside_province" not in page


ROOMS = ("房号", "业主", "管理处", "一户", "3-2-501")


@pytest.mark.parametrize(
    "address", ["cases:register", "cases:desk", "cases:list", "customers:index", "web:search"]
)
def test_a_company_whose_customers_are_firms_reads_nothing_of_rooms(
    maker: SmallCompany, address: str
) -> None:
    page = browser(maker).get(reverse(address)).content.decode()
    assert "客户" in page
    assert not [word for word in ROOMS if word in page]


@time_machine.travel(NOW, tick=False)
def test_a_firms_case_says_which_firm(maker: SmallCompany) -> None:
    case = registered(maker, customer=str(make_firm(maker).uuid))
    assert where_of(case) == "北方矿业公司"
    page = browser(maker).get(f"/cases/{case.number}/").content.decode()
    assert not [word for word in ROOMS if word in page]


def test_a_new_customer_of_theirs_is_a_firm(maker: SmallCompany) -> None:
    client = browser(maker)
    page = client.get(reverse("customers:customer-new")).content.decode()
    assert '<option value="organisation" selected>' in page
    assert "管理处" not in page


@time_machine.travel(NOW, tick=False)
def test_a_firms_own_open_matter_is_shown_while_it_is_told_again(maker: SmallCompany) -> None:
    firm, other = make_firm(maker), make_firm(maker, "长江水泥集团", "027-88776655")
    case = registered(maker, customer=str(firm.uuid))
    client, url = browser(maker), reverse("cases:register-similar")
    again = form_of(customer=str(firm.uuid), text="那批继电器还是不吸合")
    assert case.number in client.post(url, again).content.decode()
    assert case.number not in client.post(url, again | {"customer": str(other.uuid)}).content.decode()
