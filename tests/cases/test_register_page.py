"""Registering over HTTP, as the page does it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cases.conftest import World
from tests.cases.desk_kit import HTMX, WORDS, case_of, form_of, send, signed_in
from tests.factories.customers import MadeSite, make_site

from huiyin.cases.models import Attachment, Case, CaseEvent, Draft
from huiyin.cases.tasks import forget_drafts
from huiyin.core.ids import new_uuid
from huiyin.customers.models import PlaceKind
from huiyin.journal.models import Entry

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def garden(world: World) -> MadeSite:
    return make_site(world.small.site_a)


def test_the_page_opens_with_the_kinds_of_the_pack_and_the_telephone(world: World, garden: MadeSite) -> None:
    page = signed_in(world).get(reverse("cases:register")).content.decode()
    assert 'value="complaint" checked' in page
    assert 'data-key="2" data-key-label="报修"' in page
    assert '<option value="phone" selected>电话</option>' in page


@pytest.mark.clause("PM1-7.2.1")
@time_machine.travel(SUNDAY, tick=False)
def test_a_complaint_gets_its_number_and_the_sentence_to_say(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden, customer=str(garden.customer("王小明").uuid))
    answer = send(client, form)
    case = case_of(form)
    assert answer.status_code == 302
    assert (case.text, case.channel, case.first_receiver.username) == (WORDS, "phone", "duty_a")  # type: ignore[union-attr]
    assert case.household == garden.household("3-2-501")
    assert case.unit == world.small.site_a
    page = client.get(answer["Location"]).content.decode()
    assert case.number in page
    assert "最迟后天 18:00 前答复您" in page
    assert "王小明" not in page.split('id="reply"')[1].split("</textarea>")[0]


@time_machine.travel(SUNDAY, tick=False)
def test_the_promise_is_told_before_anything_is_stored(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    url = reverse("cases:register-promise")
    ordinary = client.post(url, form_of(garden)).content.decode()
    urgent = client.post(url, form_of(garden, urgency="urgent")).content.decode()
    asked = client.post(url, form_of(garden, answer_by="2026-11-25T09:30")).content.decode()
    repair = client.post(url, form_of(garden, kind="repair")).content.decode()
    assert "最迟后天 18:00 前答复您" in ordinary
    assert "7.2.3" in ordinary
    assert "最迟今天 12:00 前" in urgent
    assert "最迟11月25日（周三）09:30 前" in asked
    assert "前修好" in repair
    assert "7.1.1" in repair
    assert not Case.objects.exists()
    assert not Entry.objects.filter(name="registered").exists()


@time_machine.travel(SUNDAY, tick=False)
def test_a_time_that_has_gone_by_is_no_sentence_to_say(world: World, garden: MadeSite) -> None:
    answer = signed_in(world).post(reverse("cases:register-promise"), form_of(garden, at="2026-11-10T09:00"))
    page = answer.content.decode()
    assert "已经过了" in page
    assert "最迟" not in page


def test_sending_it_twice_makes_one_case(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    first, second = send(client, form), send(client, form)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert CaseEvent.objects.filter(name="registered").count() == 1


def test_without_words_nothing_is_registered_and_the_page_says_so(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    answer = client.post(reverse("cases:register"), form_of(garden, text=""), headers=HTMX)
    assert answer.status_code == 422
    assert "已写的内容都还在" in answer.content.decode()
    assert not Case.objects.exists()


def test_the_desk_remembers_the_channel_used_last(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    send(client, form_of(garden, channel="front_desk"))
    page = client.get(reverse("cases:register")).content.decode()
    assert '<option value="front_desk" selected>' in page


def test_a_caller_without_a_room_is_registered_for_the_desks_own_site(world: World, garden: MadeSite) -> None:
    client, form = (
        signed_in(world),
        form_of(reporter="路过的赵先生", reporter_phone="13312345678", kind="enquiry"),
    )
    send(client, form)
    case = case_of(form)
    assert case.household is None
    assert case.unit == world.small.site_a
    assert (case.reporter, case.reporter_phone) == ("路过的赵先生", "13312345678")


def test_what_was_typed_as_caller_is_not_lost_where_nobody_was_picked(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    by_name, by_phone = form_of(who="隔壁小区的吴姐"), form_of(who="13312345678")
    send(client, by_name)
    send(client, by_phone)
    assert case_of(by_name).reporter == "隔壁小区的吴姐"
    assert case_of(by_phone).reporter_phone == "13312345678"


def test_a_lift_and_a_garage_are_found_and_registered(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    lines = client.get(reverse("cases:register-who"), {"q": "3号电梯"}).content.decode()
    lift, garage = garden.shared("3号电梯"), garden.shared("B2车库")
    assert f'data-equipment="{lift.uuid}"' in lines
    of_lift, of_garage = form_of(equipment=str(lift.uuid)), form_of(place=str(garage.uuid))
    send(client, of_lift)
    send(client, of_garage)
    assert case_of(of_lift).equipment == lift
    assert case_of(of_garage).place == garage
    assert lift.kind == PlaceKind.EQUIPMENT


def test_three_keystrokes_find_room_phone_name_and_initials(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    for typed in ("501", "3-2-501", "3栋2单元501", "8000", "王小明", "wxm", "wangxiao"):
        lines = client.get(reverse("cases:register-who"), {"q": typed}).content.decode()
        assert "3栋2单元501" in lines, typed
        assert "13800138000" not in lines


def test_the_tenant_who_tells_it_stands_beside_the_owner(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    household = garden.household("1-1-101")
    people = client.get(reverse("cases:register-person"), {"household": str(household.uuid)}).content.decode()
    assert "解珍" in people
    assert "李雷" in people
    assert "租户" in people
    form = form_of(garden, "1-1-101", customer=str(garden.customer("解珍").uuid), reporter="李雷的儿子")
    send(client, form)
    case = case_of(form)
    assert case.customer == garden.customer("解珍")
    assert case.reporter == "李雷的儿子"


def test_similar_matters_of_household_and_building_are_shown_while_typing(
    world: World, garden: MadeSite
) -> None:
    own = world.register(household=str(garden.household("3-2-501").uuid), text="厨房下水道堵了").case
    near = world.register(household=str(garden.household("3-2-502").uuid), text="卫生间天花板漏水").case
    far = world.register(household=str(garden.household("1-1-101").uuid), text="卫生间天花板漏水").case
    client = signed_in(world)
    url = reverse("cases:register-similar")
    leak = client.post(url, form_of(garden, text="天花板漏水了")).content.decode()
    drain = client.post(url, form_of(garden, text="下水道又堵了")).content.decode()
    assert near.number in leak
    assert far.number not in leak
    assert own.number not in leak
    assert own.number in drain
    assert "本户" in drain


def test_the_card_shows_what_is_open_and_how_earlier_ones_ended(world: World, garden: MadeSite) -> None:
    household = garden.household("3-2-501")
    opened = world.register(household=str(household.uuid)).case
    ended = world.register(household=str(household.uuid), kind="enquiry", text="几点下班").case
    world.record(ended, "answered", "duty_a", text="六点")
    world.record(ended, "closed", "duty_a")
    page = (
        signed_in(world).get(reverse("customers:card"), {"household": str(household.uuid)}).content.decode()
    )
    assert opened.number in page
    assert "催办" in page
    assert "几点下班" in page
    assert "已结案" in page


@pytest.mark.clause("PM1-7.2.1")
def test_a_chase_is_counted_on_the_open_case_with_the_words(world: World, garden: MadeSite) -> None:
    case = world.register(household=str(garden.household("3-2-501").uuid)).case
    client = signed_in(world)
    url, key = reverse("cases:register-chase", args=[case.number]), str(new_uuid())
    answer = client.post(url, {"text": "怎么还没人来", "chase_uuid": key}, headers=HTMX)
    case.refresh_from_db()
    assert answer.status_code == 200
    assert "第 1 次催办" in answer.content.decode()
    assert case.chased == 1
    assert case.state == "registered"
    entry = Entry.objects.get(name="chased", type="event")
    assert [one.text for one in entry.texts.all()] == ["怎么还没人来"]
    assert client.post(url, {"chase_uuid": key}, headers=HTMX).status_code == 409
    case.refresh_from_db()
    assert case.chased == 1


def test_an_enquiry_is_settled_on_the_spot(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    form = form_of(
        garden, kind="enquiry", text="物业费能用微信交吗", spot="1", spot_answer="可以，扫前台的码"
    )
    answer = send(client, form)
    case = case_of(form)
    assert case.state == "closed"
    page = client.get(answer["Location"]).content.decode()
    assert "已登记并结案" in page


def test_settling_without_an_answer_is_told_and_nothing_is_lost(world: World, garden: MadeSite) -> None:
    form = form_of(garden, spot="1", spot_answer=" ", spot_validity="valid", spot_reason="水管老化")
    answer = signed_in(world).post(reverse("cases:register"), form, headers=HTMX)
    assert answer.status_code == 422
    assert "去掉「当场办结」的勾" in answer.content.decode()
    assert not Case.objects.exists()


@pytest.mark.clause("PM1-7.2.1", "PM1-4.2")
def test_what_the_desk_may_not_do_on_the_spot_stays_open_and_says_why(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    form = form_of(
        garden,
        spot="1",
        spot_answer="已经关了阀门",
        spot_validity="valid",
        spot_reason="水管老化",
        spot_outcome="",
    )
    answer = send(client, form)
    case = case_of(form)
    assert case.open
    assert case.answered_at is not None
    names = set(CaseEvent.objects.filter(case=case).values_list("name", flat=True))
    assert "judged" not in names
    assert "closed" not in names
    page = client.get(answer["Location"]).content.decode()
    assert "判定" in page
    assert "结案" in page
    assert "7.2" in page
    assert not Entry.objects.filter(name="refused").exists()


def test_a_supervisor_settles_a_complaint_on_the_spot(world: World, garden: MadeSite) -> None:
    client = signed_in(world, "supervisor_a")
    form = form_of(
        garden,
        spot="1",
        spot_answer="换了密封圈，不漏了",
        spot_validity="valid",
        spot_reason="密封圈老化",
        spot_outcome="satisfied",
    )
    send(client, form)
    case = case_of(form)
    assert (case.state, case.validity, case.follow_up_outcome) == ("closed", "valid", "satisfied")


def test_a_late_entry_keeps_both_times(world: World, garden: MadeSite) -> None:
    with time_machine.travel(SUNDAY, tick=False):
        form = form_of(garden, at="2026-11-20T09:15")
        send(signed_in(world), form)
    case = case_of(form)
    assert case.late_entry
    assert case.registered_at.isoformat().startswith("2026-11-20T01:15")
    assert case.recorded_at == SUNDAY


def test_files_come_before_the_case_and_are_its_own_afterwards(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    url = reverse("cases:register-files", args=[form["uuid"]])
    kept = client.post(url, {"files": SimpleUploadedFile("漏水.txt", "天花板".encode())}, headers=HTMX)
    refused = client.post(
        url, {"files": SimpleUploadedFile("x.exe", b"MZ\x90\x00" + b"\0" * 200)}, headers=HTMX
    )
    assert "漏水.txt" in kept.content.decode()
    assert "x.exe" in refused.content.decode()
    assert not Attachment.objects.exists()
    send(client, form)
    assert [one.name for one in Attachment.objects.filter(case=case_of(form))] == ["漏水.txt"]
    assert not Draft.objects.exists()


def test_a_file_dropped_by_mistake_is_removed(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    client.post(
        reverse("cases:register-files", args=[form["uuid"]]), {"files": SimpleUploadedFile("a.txt", b"one")}
    )
    file = Draft.objects.get().files.get()
    client.post(reverse("cases:register-file-remove", args=[form["uuid"], file.uuid]))
    send(client, form)
    assert not Attachment.objects.exists()


def test_a_draft_is_resumed_by_its_owner_alone(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden, who_title="锦绣花园 3栋2单元501", urgency="urgent")
    assert client.post(reverse("cases:register-draft", args=[form["uuid"]]), form).status_code == 204
    listed = client.get(reverse("cases:register")).content.decode()
    assert form["uuid"] in listed
    assert "未完成的登记" in listed
    resumed = client.get(reverse("cases:register"), {"draft": form["uuid"]}).content.decode()
    assert WORDS in resumed
    assert f'name="uuid" value="{form["uuid"]}"' in resumed
    other = signed_in(world, "supervisor_a")
    assert other.get(reverse("cases:register"), {"draft": form["uuid"]}).status_code == 404
    assert other.post(reverse("cases:register-draft", args=[form["uuid"]]), form).status_code == 409
    send(client, form)
    assert not Draft.objects.exists()


def test_a_draft_that_arrives_after_its_registration_stays_away(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    send(client, form)
    assert (
        client.post(reverse("cases:register-draft", args=[form["uuid"]]), form, headers=HTMX).status_code
        == 409
    )
    assert not Draft.objects.exists()


def test_a_draft_is_discarded_on_request(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    client.post(reverse("cases:register-draft", args=[form["uuid"]]), form)
    client.post(reverse("cases:register-discard", args=[form["uuid"]]))
    assert not Draft.objects.exists()


def test_a_group_message_names_its_room_and_the_household(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    url = reverse("cases:register-paste")
    found = client.post(url, {"message": "3-2-501王姐：楼道灯又不亮了，老人差点摔倒"}).json()
    assert found["household"] == str(garden.household("3-2-501").uuid)
    assert (found["name"], found["text"]) == ("王姐", "楼道灯又不亮了，老人差点摔倒")
    assert client.post(url, {"message": "电梯坏了快来修"}).json() == {"message": False}


@pytest.mark.parametrize("path", ["person", "similar", "promise"])
def test_another_sites_household_is_not_there(world: World, garden: MadeSite, path: str) -> None:
    other = make_site(world.small.site_b, "西山雅苑")
    client = signed_in(world)
    data = {"household": str(other.household("3-2-501").uuid), "kind": "complaint", "text": WORDS}
    url = reverse(f"cases:register-{path}")
    answer = client.get(url, data) if path == "person" else client.post(url, data)
    if path == "promise":
        assert answer.status_code == 200
        assert "没有找到" in answer.content.decode()
    else:
        assert answer.status_code == 404
    form = form_of(other)
    assert client.post(reverse("cases:register"), form, headers=HTMX).status_code == 422
    assert not Case.objects.exists()


def test_another_sites_case_is_neither_chased_nor_shown(world: World, garden: MadeSite) -> None:
    case = world.register("duty_b").case
    client = signed_in(world)
    assert client.post(reverse("cases:register-chase", args=[case.number])).status_code == 404
    assert client.get(reverse("cases:registered", args=[case.uuid])).status_code == 404
    assert client.get(reverse("cases:receipt", args=[uuid.uuid4()])).status_code == 404


def test_who_may_not_register_is_told_so(world: World) -> None:
    assert signed_in(world, "admin").get(reverse("cases:register")).status_code == 403
    assert signed_in(world, "admin").get(reverse("cases:register-who"), {"q": "501"}).status_code == 403


def test_the_receipt_carries_number_and_promise(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    send(client, form)
    page = client.get(reverse("cases:receipt", args=[form["uuid"]])).content.decode()
    assert case_of(form).number in page
    assert "前答复您" in page


def test_a_draft_that_nobody_came_back_to_is_forgotten(world: World, garden: MadeSite) -> None:
    client, form = signed_in(world), form_of(garden)
    with time_machine.travel(SUNDAY, tick=False):
        client.post(reverse("cases:register-draft", args=[form["uuid"]]), form)
    assert forget_drafts(SUNDAY + timedelta(days=6)) == 0
    assert forget_drafts(SUNDAY + timedelta(days=8)) > 0
    assert not Draft.objects.exists()


def test_sent_twice_it_is_settled_once(world: World, garden: MadeSite) -> None:
    client = signed_in(world)
    form = form_of(garden, kind="enquiry", spot="1", spot_answer="可以")
    send(client, form)
    send(client, form)
    answers = CaseEvent.objects.filter(name="answered", case=case_of(form))
    assert answers.count() == 1
