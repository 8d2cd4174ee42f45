"""Pages of replays: asking for one, its progress, what came out, the cases behind a figure."""

from __future__ import annotations

import uuid as uuids

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huiyin.cases.listing import with_names
from huiyin.cases.models import Case
from huiyin.cases.rows import rows_of
from huiyin.core.errors import HuiyinError, NotFound
from huiyin.engine import Pack
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.requests import actor_of
from huiyin.procedures.drafts import pack_of
from huiyin.procedures.models import Draft, Edition
from huiyin.procedures.selectors import rules_of
from huiyin.whatif.forms import ReplayForm
from huiyin.whatif.models import State
from huiyin.whatif.present import CAPTION, blocks, headline
from huiyin.whatif.selectors import candidates, get_replay, listed_cases, replays
from huiyin.whatif.services import ask_replay
from huiyin.whatif.workbook import replay_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.PROCEDURES, actor.company_id)
    drafts = candidates(actor)
    units = Unit.objects.filter(company_id=actor.company_id, active=True).with_tree_fields()
    places = [("", _("全公司")), *((one.code, one.name) for one in units)]
    chosen = {"draft": request.GET.get("draft", "")} if "draft" in request.GET else {}
    form = ReplayForm(request.POST if request.method == "POST" else None, drafts=drafts, units=places)
    form.fields["draft"].initial = chosen.get("draft")
    if form.is_valid():
        values = form.cleaned_data
        unit = next((one for one in units if one.code == values["unit"]), None)
        try:
            pack = _pack(actor, values["draft"])
            made = ask_replay(
                actor=actor,
                pack=pack,
                title=dict(drafts)[values["draft"]],
                since=values["since"],
                until=values["until"],
                unit=unit,
            )
        except HuiyinError as error:
            form.add_error(None, str(error))
        else:
            return redirect("whatif:detail", made.uuid)
    context = {"form": form, "replays": replays(actor)[:30], "caption": CAPTION}
    return render(request, "whatif/index.html", context, status=422 if form.errors else 200)


def _pack(actor: Actor, code: str) -> Pack:
    """The pack of `edition:3` or `draft:4`. Raises PackError where a draft cannot run."""
    what, _colon, number = code.partition(":")
    if what == "draft":
        draft = Draft.objects.filter(company_id=actor.company_id, pk=int(number)).first()
        if draft is None:
            raise NotFound(_("没有这份草稿。"))
        return pack_of(draft.text)
    edition = Edition.objects.filter(company_id=actor.company_id, pk=int(number)).first()
    if edition is None:
        raise NotFound(_("没有这份程序文件。"))
    return rules_of(edition).pack


@login_required
@require_safe
def detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    actor = actor_of(request)
    found = get_replay(actor, uuid)
    context: dict[str, object] = {"replay": found, "caption": CAPTION}
    if found.state == State.DONE:
        pack = Pack.model_validate(found.pack)
        if request.GET.get("form") == "xlsx":
            return _download(replay_workbook(found.title, found.result, pack), "replay.xlsx")
        figure = request.GET.get("show", "")
        keys = found.result["lists"].get(figure, [])
        cases = listed_cases(actor, keys)
        context |= {
            "blocks": blocks(found.result, pack),
            "headline": headline(found.result),
            "shown": figure if keys else "",
            "rows": rows_of(list(with_names(Case.objects.filter(pk__in=[one.pk for one in cases])))),
        }
    part = request.headers.get("HX-Request") and found.state == State.RUNNING
    return render(request, "whatif/_progress.html" if part else "whatif/detail.html", context)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
