"""The page of a case, through the browser's requests: what it shows, and taking steps on it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from tests.cases.conftest import World, local
from tests.factories.customers import make_site

from huiyin.cases.models import Attachment, Case, CaseEvent
from huiyin.core import clock
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry

HTMX = {"HTTP_HX_REQUEST": "true"}
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(autouse=True)
def _thursday() -> Any:
    with time_machine.travel(local("2026-10-08 10:00"), tick=False):
        yield


@pytest.fixture
def case(world: World) -> Case:
    """A leak in 3-2-501, told by its owner."""
    garden = make_site(world.small.site_a)
    facts = {
        "household": str(garden.household("3-2-501").uuid),
        "customer": str(garden.customer("王小明").uuid),
        "reporter": "王小明",
        "reporter_phone": "13912345678",
        "category": "leak",
    }
    return world.register(at="2026-10-08 09:30", **facts).case


def browser(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def post(client: Client, case: Case, event: str, *, htmx: bool = False, **data: Any) -> HttpResponse:
    filled = {"uuid": str(new_uuid()), "expected_version": str(fresh(case).version), **data}
    return client.post(f"/cases/{case.number}/steps/{event}/", filled, **(HTMX if htmx else {}))


def text_of(response: HttpResponse) -> str:
    words = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


@pytest.mark.clause("PM1-7.2.3")
def test_the_page_tells_what_was_said_what_is_due_and_why(world: World, case: Case) -> None:
    shown = text_of(browser(world, "head_a").get(f"/cases/{case.number}/"))
    for words in (
        case.number, "投诉", "锦绣花园 3栋2单元501", "王小明", "楼上漏水", "漏水渗水", "电话", "答复",
        "7.2.3 条规定：2 个工作日", "当天（10月8日周四）不算", "10月10日周六调休上班，是第 2 个工作日",
        "所以最迟 10月10日周六 18:00", "需要判定", "登记了投诉", "李晓梅", "值班人员（前台）",
    ):  # fmt: skip
        assert words in shown, words
    for code in ("complaint", "department_head", "handler", "leak", "registered", "phone", "clock_started"):
        assert not re.search(rf"\b{code}\b", shown), code


def test_the_next_step_is_the_large_button_and_a_refused_one_says_what_is_missing(
    world: World, case: Case
) -> None:
    response = browser(world, "head_a").get(f"/cases/{case.number}/")
    steps = response.context["page"].steps
    assert steps.primary.event == "judged"
    blocked = {step.event: step for step in steps.blocked}
    assert any("判定" in line for line in blocked["closed"].missing), blocked["closed"].missing
    assert blocked["closed"].clause


def test_what_another_post_must_do_says_so(world: World, case: Case) -> None:
    assert "需要判定（由其他岗位办）" in text_of(browser(world, "duty_a").get(f"/cases/{case.number}/"))
    assert "由其他岗位办" not in text_of(browser(world, "head_a").get(f"/cases/{case.number}/"))


def test_when_the_answer_is_late_it_leads(world: World, case: Case) -> None:
    with time_machine.travel(local("2026-10-11 10:00"), tick=False):
        steps = browser(world, "head_a").get(f"/cases/{case.number}/").context["page"].steps
    assert steps.primary.event == "answered"


def test_a_step_without_scripts_leads_back_to_the_case(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    assert "判定" in text_of(client.get(f"/cases/{case.number}/steps/judged/"))
    response = post(client, case, "judged", validity="valid", reason="防水老化", responsible_party="own")
    assert response.status_code == 302
    assert fresh(case).validity == "valid"
    shown = text_of(client.get(response["Location"]))
    assert "判定为有效" in shown
    assert "防水老化" in shown


def test_a_step_in_place_answers_with_the_case_as_it_now_stands(world: World, case: Case) -> None:
    response = post(browser(world, "head_a"), case, "answered", htmx=True, text="师傅下午到", means="phone")
    assert response.status_code == 200
    assert response["HX-Retarget"] == "#case"
    assert f"step-{case.number}-answered" in response["HX-Trigger"]
    assert "师傅下午到" in text_of(response)
    assert b"<html" not in response.content


def test_pressing_twice_is_one_event(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    data = {"uuid": str(new_uuid()), "expected_version": str(case.version), "text": "师傅下午到"}
    for _ in range(2):
        assert client.post(f"/cases/{case.number}/steps/answered/", data).status_code == 302
    assert CaseEvent.objects.filter(case=case, name="answered").count() == 1


def test_somebody_was_faster_the_words_are_kept_and_the_change_is_shown(world: World, case: Case) -> None:
    seen = case.version
    world.record(case, "contacted", "supervisor_a", means="visit", text="我已经上门了")
    client = browser(world, "head_a")
    response = post(client, case, "answered", htmx=True, text="我正要说的话", expected_version=str(seen))
    assert response.status_code == 409
    shown = text_of(response)
    assert "我正要说的话" in response.content.decode()
    assert "张敏" in shown
    assert "联系了顾客" in shown
    again = re.search(r'name="expected_version" value="(\d+)"', response.content.decode())
    assert again is not None
    assert int(again[1]) == fresh(case).version
    assert not CaseEvent.objects.filter(case=case, name="answered").exists()


@pytest.mark.clause("PM1-7.2.10")
def test_a_refusal_names_what_is_missing_and_the_clause_and_keeps_the_words(world: World, case: Case) -> None:
    response = post(browser(world, "head_a"), case, "closed", htmx=True, reason="业主说算了")
    assert response.status_code == 409
    shown = text_of(response)
    assert "没有判定是否有效" in shown
    assert "业主说算了" in response.content.decode()
    assert re.search(r'class="clause-chip"[^>]*>7\.', response.content.decode())
    assert fresh(case).open
    assert Entry.objects.filter(chain__subject_id=str(case.uuid), name="refused").count() == 1


def test_refused_attempts_are_shown_to_who_may_audit(world: World, case: Case) -> None:
    post(browser(world, "head_a"), case, "closed")
    assert "没有做成：结案" in text_of(browser(world, "quality").get(f"/cases/{case.number}/"))
    assert "没有做成" not in text_of(browser(world, "head_a").get(f"/cases/{case.number}/"))


def test_what_is_entered_late_says_so(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    with time_machine.travel(local("2026-10-08 16:00"), tick=False):
        response = post(client, case, "contacted", means="phone", text="上午打的", at="2026-10-08T10:30")
        assert response.status_code == 302
        row = CaseEvent.objects.get(case=case, name="contacted")
        assert row.at == local("2026-10-08 10:30")
        shown = text_of(client.get(f"/cases/{case.number}/"))
    assert "补录" in shown


def test_a_time_that_has_not_come_is_an_error_at_its_field(world: World, case: Case) -> None:
    response = post(
        browser(world, "head_a"), case, "contacted", htmx=True, at="2026-10-09T10:30", text="明天"
    )
    assert response.status_code == 422
    assert "不能晚于现在" in text_of(response)
    assert "明天" in response.content.decode()


def test_answering_and_closing_in_one_press(world: World) -> None:
    case = world.register(kind="enquiry", text="停车月卡怎么办").case
    client = browser(world, "duty_a")
    assert "答复并结案" in text_of(client.get(f"/cases/{case.number}/steps/answered/"))
    post(client, case, "answered", text="带行驶证到前台办", then="closed")
    assert fresh(case).state == "closed"
    assert fresh(case).version == 3


def test_where_closing_has_to_wait_it_is_not_offered_and_not_lost(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    assert "答复并结案" not in text_of(client.get(f"/cases/{case.number}/steps/answered/"))
    response = client.post(
        f"/cases/{case.number}/steps/answered/",
        {"uuid": str(new_uuid()), "expected_version": case.version, "text": "今天修", "then": "closed"},
        follow=True,
    )
    assert fresh(case).state == "answered"
    assert "现在还不能「结案」" in text_of(response)


def test_giving_a_case_to_a_person_shows_what_he_has_in_hand(world: World, case: Case) -> None:
    client = browser(world, "supervisor_a")
    shown = text_of(client.get(f"/cases/{case.number}/steps/assigned/"))
    assert "王建国（投诉处理人（部门主管），手上 0 件）" in shown
    assert "刘洋" not in shown
    post(client, case, "assigned", to="handler|A-ENG|handler_a", text="先带上梯子")
    assert fresh(case).handler == world.small.people["handler_a"]
    shown = text_of(browser(world, "handler_a").get(f"/cases/{case.number}/"))
    assert "派给王建国" in shown
    assert "先带上梯子" in shown
    other = world.register(text="又一件").case
    assert "手上 1 件" in text_of(client.get(f"/cases/{other.number}/steps/assigned/"))


def test_completing_with_photos(world: World, case: Case, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    from django.core.files.uploadedfile import SimpleUploadedFile

    photo = SimpleUploadedFile("修好了.jpg", picture(), "image/jpeg")
    client = browser(world, "head_a")
    data = {
        "uuid": str(new_uuid()),
        "expected_version": case.version,
        "result": "换了密封圈",
        "photos": photo,
    }
    assert client.post(f"/cases/{case.number}/steps/completed/", data).status_code == 302
    assert fresh(case).state == "completed"
    assert Attachment.objects.get(case=case).name == "修好了.jpg"


def picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (40, 30), (90, 120, 150)).save(stream, "JPEG")
    return stream.getvalue()


def test_the_customer_signs_on_the_screen(world: World, case: Case, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = browser(world, "head_a")
    assert (
        post(client, case, "confirmed", satisfied="yes", signed_by="王小明", signature=PIXEL).status_code
        == 302
    )
    assert Attachment.objects.get(case=case).note == "签名"
    shown = text_of(client.get(f"/cases/{case.number}/"))
    assert "顾客确认：满意" in shown
    assert "签字人 王小明" in shown


def test_amending_sends_only_what_was_changed_and_wants_a_reason(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    same = {"category": "leak", "reporter": "王小明", "reason": "没有什么"}
    assert "没有改动任何一项" in text_of(post(client, case, "amended", htmx=True, **same))
    post(client, case, "amended", category="drain", reporter="王小明", reason="是下水管")
    event = CaseEvent.objects.get(case=case, name="amended")
    assert event.data == {"category": "drain"}
    assert fresh(case).category == "drain"


def test_linking_by_number_and_taking_it_back(world: World, case: Case) -> None:
    other = world.register(text="楼道也在滴水").case
    elsewhere = world.register("duty_b", text="楼道也在滴水").case
    client = browser(world, "head_a")
    hits = client.get(f"/cases/{case.number}/link-search/", {"to": "滴水"}).content.decode()
    assert other.number in hits
    assert elsewhere.number not in hits
    post(client, case, "linked", to=other.number, relation="related")
    assert other.number in text_of(client.get(f"/cases/{case.number}/"))
    post(client, case, "unlinked", to=other.number)
    assert not fresh(case).links.exists()


@pytest.mark.clause("PM1-7.2.10")
def test_closing_without_consent_takes_the_superiors_approval(world: World, case: Case) -> None:
    client = browser(world, "head_a")
    post(client, case, "judged", validity="valid", reason="防水老化", responsible_party="own")
    post(client, case, "answered", text="修好了")
    post(client, case, "followed_up", outcome="unreachable", means="phone")
    assert "还没有顾客满意" in text_of(post(client, case, "closed", htmx=True))
    deputy = browser(world, "deputy")
    shown = deputy.get(f"/cases/{case.number}/steps/approved/")
    assert "破例结案" in text_of(shown)
    assert shown.context["step_form"].form["attempts"].value() == 1
    post(deputy, case, "approved", what="closed", attempts="1", recourse_offered="on", reason="三次联系不上")
    post(client, case, "closed")
    assert fresh(case).state == "closed"
    assert fresh(case).approved_closure


def test_paused_case_says_so_and_can_go_on(world: World) -> None:
    case = world.register(kind="repair", text="水管漏").case
    client = browser(world, "head_a")
    assert "等配件" in text_of(client.get(f"/cases/{case.number}/steps/paused/"))
    post(client, case, "paused", reason="waiting_parts")
    response = client.get(f"/cases/{case.number}/")
    assert "已暂停" in text_of(response)
    assert "resumed" in {step.event for step in response.context["page"].steps.rare}
    post(client, case, "resumed")
    assert "已暂停" not in text_of(client.get(f"/cases/{case.number}/"))


def test_numbers_are_masked_and_looking_is_on_record(world: World, case: Case) -> None:
    client = browser(world, "duty_a")
    page = client.get(f"/cases/{case.number}/")
    assert b"13912345678" not in page.content
    assert "139****5678" in text_of(page)
    shown = text_of(client.post(f"/cases/{case.number}/phones/reporter/", **HTMX))
    assert "139 1234 5678" in shown
    entry = Entry.objects.get(chain__subject_id=str(case.uuid), name="phone_revealed")
    assert entry.actor_name == "李晓梅"
    assert "查看了电话号码" in text_of(client.get(f"/cases/{case.number}/"))


def test_the_story_pages_back(world: World, case: Case, monkeypatch: Any) -> None:
    for index in range(6):
        world.record(case, "noted", text=f"第{index}条备注")
    monkeypatch.setattr("huiyin.cases.timeline.story.__kwdefaults__", {"before": None, "size": 3})
    client = browser(world, "head_a")
    page = client.get(f"/cases/{case.number}/")
    assert "第5条备注" in text_of(page)
    assert "第1条备注" not in text_of(page)
    seen = text_of(page)
    url = page.context["page"].story_more_url
    while url:
        more = client.get(url)
        seen += text_of(more)
        url = more.context["more"]
    for index in range(6):
        assert seen.count(f"第{index}条备注") == 1
    assert seen.count("登记了投诉") == 1


def test_a_late_clock_says_so_in_words(world: World, case: Case) -> None:
    from huiyin.cases.recording import advance_due

    with time_machine.travel(local("2026-10-12 09:00"), tick=False):
        advance_due(clock.now())
        shown = text_of(browser(world, "head_a").get(f"/cases/{case.number}/"))
    assert "已超" in shown
    warned, late = shown.index("答复快到时限了"), shown.index("答复超时，应在 10月10日 周六 18:00 之前")
    # each has its own line, the later one above
    assert late < warned


def test_what_came_due_before_an_event_is_not_hidden_under_it(world: World, case: Case) -> None:
    with time_machine.travel(local("2026-10-12 09:00"), tick=False):
        world.record(case, "noted", "head_a", text="已联系")
        moments = browser(world, "head_a").get(f"/cases/{case.number}/").context["page"].story
    assert [one.tone for one in moments] == ["quiet", "late", "soon", "start"]
    assert not moments[0].notes


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/cases/{number}/"),
        ("get", "/cases/{number}/steps/answered/"),
        ("post", "/cases/{number}/steps/answered/"),
        ("get", "/cases/{number}/story/"),
        ("post", "/cases/{number}/phones/reporter/"),
        ("post", "/cases/{number}/files/"),
        ("get", "/cases/{number}/link-search/"),
        ("get", "/cases/{number}/slips/new/"),
    ],
)
def test_another_sites_case_is_not_there(world: World, case: Case, method: str, path: str) -> None:
    client = browser(world, "head_b")
    assert getattr(client, method)(path.format(number=case.number)).status_code == 404
    assert Client().get(path.format(number=case.number)).status_code in (302, 405)


def test_every_step_the_page_offers_opens_a_form(world: World, case: Case) -> None:
    """For each post: what is offered can be opened, and its fields are those of the event."""
    world.record(case, "linked", to=world.register(text="另一件").case.number, relation="related")
    for username in ("duty_a", "supervisor_a", "head_a", "deputy", "manager", "quality"):
        client = browser(world, username)
        steps = client.get(f"/cases/{case.number}/").context["page"].steps
        for step in [steps.primary, *steps.usual, *steps.rare, *steps.blocked]:
            if step is not None:
                response = client.get(step.url, **HTMX)
                assert response.status_code == 200, (username, step.event)
                assert b"csrfmiddlewaretoken" in response.content


def test_the_time_a_step_takes_to_be_shown_is_bounded(
    world: World, case: Case, django_assert_max_num_queries: Any
) -> None:
    """A page with a long story takes no more queries than one with a short story."""
    for index in range(20):
        world.record(case, "noted", text=f"备注{index}")
    client = browser(world, "head_a")
    client.get(f"/cases/{case.number}/")
    with django_assert_max_num_queries(60):
        client.get(f"/cases/{case.number}/")


def test_who_may_only_look_is_offered_nothing_he_may_not_do(world: World, case: Case) -> None:
    steps = browser(world, "quality").get(f"/cases/{case.number}/").context["page"].steps
    offered = {step.event for step in [steps.primary, *steps.usual, *steps.rare] if step}
    assert "judged" not in offered
    assert "noted" in offered
    assert browser(world, "quality").get(f"/cases/{case.number}/steps/judged/").status_code == 404


def test_time_left_is_counted_from_now(world: World, case: Case) -> None:
    views = browser(world, "head_a").get(f"/cases/{case.number}/").context["page"].clocks
    answer = next(view for view in views if view.title == "答复")
    assert answer.due - clock.now() == timedelta(days=2, hours=8)
    assert 0 < answer.share < 5
