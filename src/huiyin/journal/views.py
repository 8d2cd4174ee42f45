"""The auditor's pages."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from huiyin.journal import selectors
from huiyin.journal.checks import ask_check
from huiyin.journal.findings import rows as finding_rows
from huiyin.journal.forms import JournalFilter
from huiyin.journal.models import Check, Entry, Seal
from huiyin.journal.seals import deposit_line, deposit_text, qr_svg
from huiyin.journal.wording import name_words, subject_words
from huiyin.organization.requests import actor_of


def _after(request: HttpRequest) -> int | None:
    value = request.GET.get("after", "")
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _shown(entry: Entry) -> dict[str, Any]:
    subject, url = subject_words(entry.company_id, entry.chain.subject_kind, entry.chain.subject_id)
    return {"entry": entry, "words": name_words(entry.name), "subject": subject, "subject_url": url}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = JournalFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    entries, following = selectors.entries_page(actor, wanted, _after(request))
    context = {
        "form": form,
        "filtered": any(wanted.values()),
        "rows": [_shown(entry) for entry in entries],
        "next": following,
        "check": selectors.last_check(actor),
    }
    return render(request, "journal/index.html", context)


@login_required
@require_safe
def entry(request: HttpRequest, number: int) -> HttpResponse:
    found = selectors.entry(actor_of(request), number)
    data = json.dumps(found.data, ensure_ascii=False, indent=2, sort_keys=True)
    return render(
        request,
        "journal/entry.html",
        {**_shown(found), "data": data if found.data else "", "texts": found.texts.all()},
    )


@login_required
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    asked = ask_check(actor=actor_of(request))
    return redirect("journal:result", asked.pk)


@login_required
@require_safe
def result(request: HttpRequest, number: int) -> HttpResponse:
    found = selectors.check_by_number(actor_of(request), number)
    template = "journal/_result.html" if getattr(request, "htmx", False) else "journal/result.html"
    return render(request, template, _result(found))


def _result(found: Check) -> dict[str, Any]:
    return {"check": found, "result": found.result, "findings": finding_rows(found.result, found.company_id)}


@login_required
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    found, following = selectors.seals_page(actor_of(request), _after(request))
    return render(request, "journal/seals.html", {"seals": found, "next": following})


@login_required
@require_safe
def seal(request: HttpRequest, number: int) -> HttpResponse:
    """For print: the line and its QR code, to keep on paper."""
    found = selectors.seal_by_number(actor_of(request), number)
    context = {"seal": found, "line": deposit_line(found), "qr": mark_safe(qr_svg(found))}  # noqa: S308 — our SVG
    return render(request, "journal/seal.html", context)


@login_required
@require_safe
def deposit(request: HttpRequest) -> HttpResponse:
    """All seals as a text file, for `huiyin verify --seals`."""
    selectors.require_auditor(actor_of(request))
    text = deposit_text(Seal.objects.order_by("number").iterator())
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="huiyin-seals.txt"'
    return response
