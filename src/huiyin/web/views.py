"""The shell's own pages: search, profile, scan, the post worked in, the language."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language

from huiyin.core.errors import InvalidInput
from huiyin.core.shell import SearchHit, search_providers
from huiyin.organization.models import Person
from huiyin.organization.services import set_own_language
from huiyin.web.http import actor_of, is_fragment, safe_next
from huiyin.web.navigation import safe_url

HITS = 6
HITS_ON_PAGE = 20
FIRST_PAGES = ("cases:desk", "cases:list", "reports:index", "organization:index", "web:profile")


def _hits(request: HttpRequest, text: str, limit: int) -> list[tuple[str, list[SearchHit]]]:
    actor = actor_of(request)
    found = [hit for provider in search_providers() for hit in list(provider(actor, text, limit))[:limit]]
    return [(name, list(hits)) for name, hits in groupby(found, key=lambda hit: str(hit.group))]


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page that exists for this person."""
    return redirect(next(url for url in map(safe_url, FIRST_PAGES) if url))


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """One field for numbers, rooms, phones, names and words; also the list under the field."""
    text = request.GET.get("q", "").strip()[:100]
    fragment = is_fragment(request)
    groups = _hits(request, text, HITS if fragment else HITS_ON_PAGE) if text else []
    if not fragment and len(groups) == 1 and len(groups[0][1]) == 1:
        return redirect(groups[0][1][0].url)
    template = "web/_hits.html" if fragment else "web/search.html"
    return render(request, template, {"text": text, "groups": groups, "fragment": fragment})


@login_required
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """我的: on a phone also the way to everything that the bottom bar has no room for."""
    return render(request, "web/profile.html")


@login_required
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """扫一扫: opens what a code of ours leads to; anything else is looked up as text."""
    code = request.POST.get("code", "").strip()
    if not code:
        return render(request, "web/scan.html")
    if address := _own_address(request, code):
        return redirect(address)
    if "://" in code:
        return render(request, "web/scan.html", {"problem": _("这个二维码不是本系统的。")}, status=422)
    return redirect(f"{safe_url('web:search')}?q={code[:100]}")


def _own_address(request: HttpRequest, code: str) -> str:
    """The path of an address of this system, where it leads to a page."""
    parts = urlsplit(code)
    if parts.netloc and parts.netloc != request.get_host():
        return ""
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        return ""
    try:
        resolve(parts.path)
    except Resolver404:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


@login_required
@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    """Choose the post to work in; it is remembered for this session."""
    wanted = request.POST.get("post", "")
    if wanted not in {f"{held.post}@{held.unit_id}" for held in actor_of(request).held}:
        raise InvalidInput(_("您现在不担任这个岗位，仍以原来的岗位工作。"))
    request.session["post"] = wanted
    return HttpResponseRedirect(safe_next(request))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Django's own switch, and remembered with the person."""
    response = set_language(request)
    chosen = request.POST.get("language", "")
    if isinstance(request.user, Person) and chosen:
        set_own_language(actor=actor_of(request), language=chosen)
    return response
