"""What people get: the frame, errors in plain words, answers to HTMX, health."""

from __future__ import annotations

import errno
import json

import pytest
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.test import Client, override_settings
from django.urls import include, path
from tests.factories.organization import SmallCompany

from huiyin.core import shell
from huiyin.core.errors import Conflict, InvalidInput, NotFound, Refused
from huiyin.core.shell import NavItem, SearchHit, register_nav, register_search
from huiyin.organization.models import Holding, Person

HTMX = {"HX-Request": "true"}


def conflict(request: HttpRequest) -> HttpResponse:
    raise Conflict("王建国刚刚接了这张单。")


def missing(request: HttpRequest) -> HttpResponse:
    raise NotFound("没有这张工单。")


def refused(request: HttpRequest) -> HttpResponse:
    raise Refused("还没有回访，不能结案。", event="closed", reason="needs", clause="7.2.10")


def invalid(request: HttpRequest) -> HttpResponse:
    raise InvalidInput("有一处没填对。", fields={"phone": "电话少了一位。"})


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def said(request: HttpRequest) -> HttpResponse:
    messages.success(request, "已登记，编号 TS-1。")
    return HttpResponse("<p>ok</p>")


def elsewhere(request: HttpRequest) -> HttpResponse:
    return redirect("/me/")


def wrong_way(request: HttpRequest) -> HttpResponse:
    return HttpResponseNotAllowed(["POST"])


urlpatterns = [
    path("", include("huiyin.web.urls")),
    path("account/", include("huiyin.organization.account_urls")),
    *[
        path(f"t/{view.__name__}/", view)
        for view in (conflict, missing, refused, invalid, forbidden, broken, said, elsewhere, wrong_way)
    ],
    path("trial/", include(([path("", said, name="list")], "trial"))),
]


@pytest.fixture(autouse=True)
def _own_urls(settings: object) -> None:
    settings.ROOT_URLCONF = __name__  # type: ignore[attr-defined]


@pytest.fixture
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "_items", dict(shell._items))
    monkeypatch.setattr(shell, "_providers", [])


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("conflict", 409, "王建国刚刚接了这张单。"),
        ("missing", 404, "没有这张工单。"),
        ("refused", 409, "7.2.10"),
        ("invalid", 422, "电话少了一位。"),
        ("forbidden", 403, "您的岗位没有这项权限"),
        ("wrong_way", 405, "这个地址不能这样打开"),
    ],
)
def test_errors_say_what_is_wrong_in_a_page_and_in_a_notice(
    signed_in: Client, name: str, status: int, words: str
) -> None:
    page = signed_in.get(f"/t/{name}/")
    assert page.status_code == status
    assert words in page.content.decode()
    assert "主导航" in page.content.decode()
    piece = signed_in.get(f"/t/{name}/", headers=HTMX)
    assert piece.status_code == status
    assert piece["HX-Retarget"] == "#notices"
    assert words in piece.content.decode()
    assert "<!DOCTYPE" not in piece.content.decode()


def test_a_wrong_method_still_names_the_right_one(signed_in: Client) -> None:
    assert signed_in.get("/t/wrong_way/")["Allow"] == "POST"


def test_a_fault_of_ours_tells_nothing_and_keeps_the_page(signed_in: Client) -> None:
    signed_in.raise_request_exception = False
    page = signed_in.get("/t/broken/")
    assert page.status_code == 500
    assert "ZeroDivision" not in page.content.decode()
    assert "系统出了故障" in page.content.decode()
    piece = signed_in.get("/t/broken/", headers=HTMX)
    assert piece["HX-Retarget"] == "#notices"


def test_unknown_address(client: Client, db: None) -> None:
    answer = client.get("/no/such/place/")
    assert answer.status_code == 404
    assert "没有找到您要的内容" in answer.content.decode()


def test_a_stale_form_is_explained(company: SmallCompany) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(company.people["duty_a"])
    answer = strict.post("/me/post/", {"post": "x"})
    assert answer.status_code == 403
    assert "这一页放得太久了" in answer.content.decode()


def test_messages_come_with_a_piece(signed_in: Client) -> None:
    piece = signed_in.get("/t/said/", headers=HTMX)
    assert json.loads(piece["HX-Trigger"])["notice"] == [{"text": "已登记，编号 TS-1。", "level": "success"}]
    assert "已登记" not in signed_in.get("/me/").content.decode()


def test_a_redirect_opens_the_page(signed_in: Client) -> None:
    piece = signed_in.get("/t/elsewhere/", headers=HTMX)
    assert (piece.status_code, piece["HX-Redirect"]) == (200, "/me/")


def test_without_sign_in_a_piece_says_so_and_nothing_is_replaced(client: Client, db: None) -> None:
    piece = client.get("/search/?q=x", headers=HTMX)
    assert piece.status_code == 401
    assert "登录已过期" in piece.content.decode()
    assert client.get("/me/").status_code == 302


def test_navigation_shows_what_the_post_may_do_and_what_exists(
    company: SmallCompany, registries: None
) -> None:
    register_nav(NavItem("trial:list", "试验处", "list", "judge", 5, "g x"))
    register_nav(NavItem("nowhere:list", "没有的地方", "list"))
    shown = {}
    for username in ("supervisor_a", "duty_a"):
        client = Client()
        client.force_login(company.people[username])
        shown[username] = client.get("/me/").content.decode()
    assert 'data-key="g x"' in shown["supervisor_a"]
    assert "试验处" not in shown["duty_a"]
    assert "没有的地方" not in shown["supervisor_a"]


def test_search_asks_every_room_with_the_actor(signed_in: Client, registries: None) -> None:
    seen: list[object] = []

    def provider(actor: object, text: str, limit: int) -> list[SearchHit]:
        seen.append((actor.name, text))  # type: ignore[attr-defined]
        return [SearchHit(f"/me/?{number}", f"{text} {number}", "工单", "<b>") for number in range(limit + 5)]

    register_search(provider)
    piece = signed_in.get("/search/?q=漏水", headers=HTMX).content.decode()
    assert piece.count('class="hit"') == 6
    assert "&lt;b&gt;" in piece
    assert "<html" not in piece
    assert seen == [(Person.objects.get(username="supervisor_a").name, "漏水")]


def test_one_hit_opens_at_once(signed_in: Client, registries: None) -> None:
    register_search(lambda actor, text, limit: [SearchHit("/me/", "TS-1", "工单")])
    assert signed_in.get("/search/?q=TS-1")["Location"] == "/me/"


def test_scanning_opens_our_addresses_and_no_others(signed_in: Client) -> None:
    def scan(code: str) -> HttpResponse:
        return signed_in.post("/scan/", {"code": code})

    assert scan("http://testserver/me/?a=1")["Location"] == "/me/?a=1"
    assert scan("/me/")["Location"] == "/me/"
    assert scan("3-2-501")["Location"] == "/search/?q=3-2-501"
    assert scan("https://elsewhere.example/me/").status_code == 422
    assert scan("//elsewhere.example/me/")["Location"].startswith("/search/")


def test_switching_the_post_is_kept_and_limited_to_ones_own(company: SmallCompany, signed_in: Client) -> None:
    person = company.people["supervisor_a"]
    holding = person.holdings.get()
    held = company.people["duty_b"].holdings.get()
    other = Holding.objects.create(
        company=held.company, person=person, post=held.post, unit=held.unit, since=held.since
    )
    wanted = f"{other.post.code}@{other.unit_id}"
    assert signed_in.post("/me/post/", {"post": wanted, "next": "/scan/"})["Location"] == "/scan/"
    assert signed_in.get("/me/").context["actor"].held[0].unit_id == other.unit_id
    assert signed_in.post("/me/post/", {"post": f"general_manager@{holding.unit_id}"}).status_code == 422
    away = signed_in.post("/me/post/", {"post": wanted, "next": "https://elsewhere.example/"})
    assert away["Location"] == "/"


def test_language_is_remembered_with_the_person(signed_in: Client) -> None:
    signed_in.post("/me/language/", {"language": "zh-hant", "next": "/me/"})
    assert Person.objects.get(username="supervisor_a").language == "zh-hant"
    assert 'lang="zh-hant"' in signed_in.get("/me/").content.decode()


def test_health(client: Client, db: None) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok"}


def test_not_ready_without_database(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_figures_for_a_monitor_with_the_token_or_from_this_machine(
    client: Client, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 404
    monkeypatch.setenv("HUIYIN_METRICS_TOKEN", "secret-of-the-monitor")
    assert client.get("/metrics").status_code == 404
    given = {"Authorization": "Bearer secret-of-the-monitor"}
    assert client.get("/metrics", headers=given, REMOTE_ADDR="10.1.2.3").status_code == 200


@override_settings(DEBUG=False)
def test_content_security_policy_allows_nothing_inline(signed_in: Client) -> None:
    policy = signed_in.get("/me/")["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "style-src 'self';" in f"{policy};"


@pytest.mark.parametrize(
    "fault", [OperationalError("database is locked"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_what_passes_is_a_503_that_says_to_try_again(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise fault

    monkeypatch.setattr("huiyin.web.views.render", fails)
    answer = signed_in.get("/me/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "没有完成" in answer.content.decode()
