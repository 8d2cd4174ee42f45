"""Registering: the page, and the screen that says what to tell the customer."""

from __future__ import annotations

import json
import uuid as uuids
from dataclasses import asdict
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huiyin.cases import choices, drafts, labels
from huiyin.cases.deskform import PICKED, at_from, facts_from, uuid_from
from huiyin.cases.intake import OnTheSpot, settle, take_in
from huiyin.cases.models import Draft
from huiyin.cases.ownfacts import OwnFactsForm
from huiyin.cases.promises import promise_of
from huiyin.cases.proposals import advice_of, emergency_in, word_lists
from huiyin.cases.rows import case_url, row_of, where_of
from huiyin.cases.selectors import get_case
from huiyin.cases.views import register_beside, register_drafts
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.core.ids import new_uuid
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import Rules, current_rules, rules_of


@login_required
@require_http_methods(["GET", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    if request.method == "POST":
        return _registered(request, actor)
    rules = current_rules(actor)
    draft = _draft(request, actor)
    return render(request, "cases/register.html", _page(request, actor, rules, draft))


def _draft(request: HttpRequest, actor: Actor) -> Draft | None:
    wanted = uuid_from(request.GET.get("draft"))
    return drafts.get_draft(actor, wanted) if wanted else None


def _page(request: HttpRequest, actor: Actor, rules: Rules, draft: Draft | None) -> dict[str, Any]:
    remembered = str(request.session.get("register_channel", ""))
    values: dict[str, str] = dict(draft.data) if draft else {}
    for name in ("household", "place", "customer", "equipment"):
        values.setdefault(name, request.GET.get(name, ""))
    values.setdefault("kind", rules.pack.kind[0].code)
    values.setdefault("channel", choices.first_channel(rules, remembered))
    uuid = str(draft.uuid if draft else new_uuid())
    return {
        "uuid": uuid,
        "values": values,
        "picked_names": PICKED,
        "card_url": reverse("customers:card"),
        "kinds": choices.kinds(rules),
        "judged_kinds": " ".join(row.code for row in rules.pack.kind if row.judged),
        "channels": choices.channels(rules, desk=True),
        "chat_channel": choices.chat_channel(rules),
        "categories": choices.categories(rules),
        "units": choices.desk_units(actor),
        "own_facts": OwnFactsForm(initial=values, rules=rules).shown(),
        "words": word_lists(rules),
        "draft": draft,
        "files": list(draft.files.select_related("stored")) if draft else [],
        "unfinished": drafts.unfinished(actor, besides=uuid),
        "validities": [(code, label) for code, label in labels.VALIDITIES.items() if code],
        "outcomes": [
            (code, labels.OUTCOMES[code]) for code in ("satisfied", "fairly_satisfied", "dissatisfied")
        ],
    }


def _registered(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register what the form says; whatever is wrong is told beside what was typed, which stays."""
    uuid = uuid_from(request.POST.get("uuid"))
    if uuid is None:
        raise InvalidInput(_("请重新打开登记页再提交；已写的内容还在。"))
    try:
        data = facts_from(request.POST, current_rules(actor))
        if not data.get("text"):
            raise InvalidInput(_("还没有写客户说了什么。"), fields={"text": _("请写客户的原话")})
        _check_spot(request.POST)
        for file in request.FILES.getlist("files"):
            drafts.add_file(actor=actor, uuid=uuid, content=file, name=file.name or "")
        taken = take_in(actor=actor, uuid=uuid, data=data, at=at_from(request.POST))
    except HuiyinError as error:
        return _told_back(request, error)
    if data.get("channel"):
        request.session["register_channel"] = data["channel"]
    if not taken.again or taken.case.version == 1:
        # sent twice while nothing else had happened: what was to be settled is still to be settled
        steps = [asdict(one) for one in _settled(request.POST, actor, taken.case)]
        request.session["settled"] = {"uuid": str(uuid), "steps": steps}
    url = reverse("cases:registered", args=[uuid])
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(url)
    key = request.POST.get("draft_key", "register")
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"draft-done": key[:60]})
    response["HX-Redirect"] = url
    return response


def _check_spot(post: QueryDict) -> None:
    """Ticked but without an answer nothing could be settled, and what was judged there would be lost."""
    if post.get("spot") and not post.get("spot_answer", "").strip():
        raise InvalidInput(
            _("要当场办结，还没有写怎么答复和处理的。"),
            fields={"spot_answer": _("请写答复，或去掉「当场办结」的勾")},
        )


def _settled(post: QueryDict, actor: Actor, case: Any) -> list[Any]:
    if not post.get("spot") or not post.get("spot_answer", "").strip():
        return []
    spot = OnTheSpot(
        answer=post.get("spot_answer", "").strip(),
        means="phone" if post.get("channel") in choices.FIRST else "face_to_face",
        validity=post.get("spot_validity", ""),
        reason=post.get("spot_reason", "").strip(),
        outcome=post.get("spot_outcome", ""),
    )
    return settle(actor=actor, case=case, spot=spot)


def _told_back(request: HttpRequest, error: HuiyinError) -> HttpResponse:
    fields = getattr(error, "fields", {})
    context = {"error": error, "fields": fields}
    if request.headers.get("HX-Request"):
        response = render(request, "cases/register_problem.html", context, status=error.status)
        response["HX-Retarget"] = "#register-problem"  # the page takes only marked answers of some statuses
        return response
    raise error


@login_required
@require_GET
def registered(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The number, large, and the sentence to say."""
    actor = actor_of(request)
    case = get_case(actor, str(uuid))
    told = promise_of(case)
    emergency = emergency_in(rules_of(case.edition), case.text, case.kind)
    last = request.session.get("settled", {})
    context = {
        "case": case,
        "row": row_of(case),
        "told": told,
        "settled": last.get("steps", []) if last.get("uuid") == str(uuid) else [],
        "reply": reply_text(case, told.text if told and not told.past else ""),
        "emergency": advice_of(emergency) if emergency else "",
        "where": where_of(case),
        "url": case_url(case.number),
    }
    return render(request, "cases/registered.html", context)


def reply_text(case: Any, promise: str) -> str:
    """What to paste back into the group: nothing that tells who or where."""
    if not case.open:
        return _("您反映的事项已登记并处理，编号 %(number)s。有疑问请随时联系我们。") % {
            "number": case.number
        }
    words = _("您好，您反映的事项已收到并登记，编号 %(number)s。") % {"number": case.number}
    return _("%(words)s%(promise)s。") % {"words": words, "promise": promise} if promise else words


@login_required
@require_GET
def receipt(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    case = get_case(actor_of(request), str(uuid))
    return render(
        request,
        "cases/register_receipt.html",
        {"case": case, "row": row_of(case), "told": promise_of(case), "where": where_of(case)},
    )


urlpatterns = [
    path("register/", register_page, name="register"),
    path("register/done/<uuid:uuid>/", registered, name="registered"),
    path("register/done/<uuid:uuid>/receipt/", receipt, name="receipt"),
    *register_beside.urlpatterns,
    *register_drafts.urlpatterns,
]
