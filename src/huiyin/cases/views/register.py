"""Registering: one page, a few fragments beside it, and the screen that says what to tell the customer."""

from __future__ import annotations

import json
import re
import uuid as uuids
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.cases import choices, drafts, labels
from huiyin.cases.facts import moment
from huiyin.cases.intake import OnTheSpot, settle, take_in
from huiyin.cases.models import Draft
from huiyin.cases.pasting import parse_message
from huiyin.cases.promises import preview_promise, promise_of
from huiyin.cases.proposals import emergency_in, word_lists
from huiyin.cases.rows import case_url, row_of, where_of
from huiyin.cases.selectors import get_case
from huiyin.cases.similar import similar_cases
from huiyin.cases.verbs import chase_case
from huiyin.core.errors import HuiyinError, InvalidInput, NotFound
from huiyin.core.ids import new_uuid
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, Household, Place, PlaceKind
from huiyin.customers.residents import residents_of
from huiyin.customers.scope import customer_for, household_for, place_for
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import Rules, current_rules

# Facts that the form carries under their own names.
FACTS = (
    "kind", "channel", "unit", "household", "customer", "place", "equipment", "reporter", "reporter_phone",
    "category", "demand", "answer_by", "external_number", "text",
)  # fmt: skip
SUBJECT = ("household", "place", "equipment", "customer")
PHONE = re.compile(r"[\d\s+()-]{5,40}")
PICKED = (*SUBJECT, "who_title")
FLAGS = {"urgency": "urgent", "severity": "severe"}


def facts_from(post: QueryDict | Mapping[str, str]) -> dict[str, Any]:
    """The facts of a registration as the form sends them. Raises InvalidInput for a time that is none."""
    data: dict[str, Any] = {name: post.get(name, "") for name in FACTS}
    for name, value in FLAGS.items():
        if post.get(name) == value:
            data[name] = value
    if post.get("safety"):
        data["safety"] = True
    if data["answer_by"]:
        data["answer_by"] = moment(data["answer_by"], "answer_by").isoformat()
    return {name: value for name, value in (data | _caller(post, data)).items() if value != ""}


def _caller(post: QueryDict | Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed in the first field where nothing was picked from it: a name or a number, never lost."""
    typed = post.get("who", "").strip()
    if not typed or any(data[name] for name in (*SUBJECT, "reporter", "reporter_phone")):
        return {}
    return {"reporter_phone" if PHONE.fullmatch(typed) else "reporter": typed[:80]}


def _at(post: QueryDict | Mapping[str, str]) -> datetime | None:
    value = post.get("at", "")
    return moment(value, "at") if value else None


def _uuid(value: str | None) -> uuids.UUID | None:
    try:
        return uuids.UUID(str(value))
    except ValueError:
        return None


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
    wanted = _uuid(request.GET.get("draft"))
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
    uuid = _uuid(request.POST.get("uuid"))
    if uuid is None:
        raise InvalidInput(_("请重新打开登记页再提交；已写的内容还在。"))
    try:
        data = facts_from(request.POST)
        if not data.get("text"):
            raise InvalidInput(_("还没有写客户说了什么。"), fields={"text": _("请写客户的原话")})
        for file in request.FILES.getlist("files"):
            drafts.add_file(actor=actor, uuid=uuid, content=file, name=file.name or "")
        taken = take_in(actor=actor, uuid=uuid, data=data, at=_at(request.POST))
    except HuiyinError as error:
        return _told_back(request, error)
    if data.get("channel"):
        request.session["register_channel"] = data["channel"]
    settled = [] if taken.again else _settled(request.POST, actor, taken.case)
    if settled:
        request.session[f"settled:{uuid}"] = [
            [one.label, one.done, one.problem, one.clause] for one in settled
        ]
    url = reverse("cases:registered", args=[uuid])
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(url)
    key = request.POST.get("draft_key", "register")
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"draft-done": key[:60]})
    response["HX-Redirect"] = url
    return response


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
        return render(request, "cases/register_problem.html", context, status=error.status)
    raise error


@login_required
@require_GET
def registered(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """The number, large, and the sentence to say."""
    actor = actor_of(request)
    case = get_case(actor, str(uuid))
    told = promise_of(case)
    settled = request.session.get(f"settled:{uuid}", [])
    context = {
        "case": case,
        "row": row_of(case),
        "told": told,
        "settled": [dict(zip(("label", "done", "problem", "clause"), one, strict=True)) for one in settled],
        "reply": reply_text(case, told.text if told and not told.past else ""),
        "emergency": emergency_in(case.text),
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
    return f"{words}{promise}。" if promise else words


@login_required
@require_GET
def receipt(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    case = get_case(actor_of(request), str(uuid))
    return render(
        request,
        "cases/register_receipt.html",
        {"case": case, "row": row_of(case), "told": promise_of(case), "where": where_of(case)},
    )


@login_required
@require_GET
def who(request: HttpRequest) -> HttpResponse:
    """Lines of the look-up while it is typed, with the ways out where nobody is found."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    text = request.GET.get("q", "").strip()
    home = actor.held[0].unit_id if actor.held else None
    found = lookup(actor, text, unit_id=home) if text else []
    kinds = dict(
        Place.objects.filter(pk__in=[one.place_id for one in found if one.place_id]).values_list("pk", "kind")
    )
    lines = [
        {"match": one, "equipment": kinds.get(one.place_id or 0) == PlaceKind.EQUIPMENT} for one in found
    ]
    return render(request, "cases/register_who.html", {"lines": lines, "text": text})


def _subject(actor: Actor, query: QueryDict) -> tuple[Household | None, Place | None, Customer | None]:
    household = place = customer = None
    if key := _uuid(query.get("household")):
        household = household_for(actor, key)
    if key := _uuid(query.get("equipment") or query.get("place")):
        place = place_for(actor, key)
    if key := _uuid(query.get("customer")):
        customer = customer_for(actor, key)
    return household, place, customer


@login_required
@require_GET
def person(request: HttpRequest) -> HttpResponse:
    """Whom and what was picked: the place, and the people of the household to choose the customer from."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    household, place, customer = _subject(actor, request.GET)
    people = residents_of([household.pk]).get(household.pk, []) if household else []
    chosen = str(customer.uuid) if customer else str(people[0].customer_uuid) if people else ""
    context = {
        "household": household,
        "place": place or (household.room if household else None),
        "equipment": place if place is not None and place.kind == PlaceKind.EQUIPMENT else None,
        "people": people,
        "customer": customer,
        "chosen": chosen,
        "reporter": request.GET.get("reporter", ""),
    }
    return render(request, "cases/register_person.html", context)


@login_required
@require_POST
def promise(request: HttpRequest) -> HttpResponse:
    """The promise as it would be read aloud, of what is on the form now. Nothing is stored."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    problem, told = "", None
    try:
        told = preview_promise(actor, facts_from(request.POST), at=_at(request.POST))
    except InvalidInput as error:
        problem = next(iter(error.fields.values()), "") or error.message
    return render(request, "cases/register_promise.html", {"told": told, "problem": problem})


@login_required
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Open cases that may be the same matter."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    household, place, _customer = _subject(actor, request.POST)
    found = similar_cases(
        actor,
        household=household,
        place=place,
        text=request.POST.get("text", "")[:2000],
        category=request.POST.get("category", ""),
    )
    shown = [{"row": row_of(one.case), "own": one.same_household, "words": one.words} for one in found]
    return render(request, "cases/register_similar.html", {"similar": shown})


@login_required
@require_POST
def chase(request: HttpRequest, number: str) -> HttpResponse:
    """The customer asks again: one key on the card, with the words as far as there are any."""
    actor = actor_of(request)
    case = get_case(actor, number)
    words = request.POST.get("text", "").strip()
    done = chase_case(actor=actor, case=case, text=words, uuid=_uuid(request.POST.get("chase_uuid")))
    if typed_in := _uuid(request.POST.get("uuid")):
        drafts.discard_draft(actor=actor, uuid=typed_in)
    context = {"row": row_of(get_case(actor, number)), "told": promise_of(done.case), "words": words}
    response = render(request, "cases/register_chased.html", context)
    response["HX-Trigger"] = "chased"
    return response


@login_required
@require_POST
def paste(request: HttpRequest) -> JsonResponse:
    """What a pasted group message says: who, where, what. The page decides what to fill in."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    found = parse_message(request.POST.get("message", ""))
    if found is None:
        return JsonResponse({"message": False})
    home = actor.held[0].unit_id if actor.held else None
    matches = lookup(actor, found.room, unit_id=home) if found.room else []
    exact = [one for one in matches if one.exact and one.household_uuid]
    sure = exact[0] if len(exact) == 1 else None
    return JsonResponse(
        {
            "message": True,
            "room": found.room,
            "name": found.name,
            "text": found.text,
            "household": str(sure.household_uuid) if sure else "",
            "place": str(sure.place_uuid) if sure else "",
            "title": sure.title if sure else "",
        }
    )


@login_required
@require_POST
def draft(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Keep what is typed, for this or another device."""
    names = (
        *FACTS,
        *FLAGS,
        "safety",
        "at",
        "who",
        "spot",
        "spot_answer",
        "spot_validity",
        "spot_reason",
        "spot_outcome",
    )
    data = {name: request.POST.get(name, "") for name in names}
    label = " ".join(part for part in (request.POST.get("who_title", ""), data["text"][:40]) if part)
    drafts.save_draft(actor=actor_of(request), uuid=uuid, data=data, label=label)
    return HttpResponse(status=204)


@login_required
@require_POST
def discard(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    drafts.discard_draft(actor=actor_of(request), uuid=uuid)
    if request.headers.get("HX-Request"):
        return HttpResponse("")
    return HttpResponseRedirect(reverse("cases:register"))


@login_required
@require_POST
def draft_files(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Files as they are dropped, pasted or taken; each refusal says which and why."""
    actor = actor_of(request)
    actor.require(Capability.REGISTER)
    problems = []
    for file in request.FILES.getlist("files"):
        try:
            drafts.add_file(actor=actor, uuid=uuid, content=file, name=file.name or "")
        except InvalidInput as error:
            problems.append(error.message)
    return _files(request, actor, uuid, problems)


@login_required
@require_POST
def draft_file_removed(request: HttpRequest, uuid: uuids.UUID, file: uuids.UUID) -> HttpResponse:
    actor = actor_of(request)
    drafts.remove_file(actor=actor, uuid=uuid, file=file)
    return _files(request, actor, uuid, [])


def _files(request: HttpRequest, actor: Actor, uuid: uuids.UUID, problems: list[str]) -> HttpResponse:
    try:
        files = list(drafts.get_draft(actor, uuid).files.select_related("stored"))
    except NotFound:
        files = []
    context = {"files": files, "uuid": uuid, "problems": problems}
    return render(request, "cases/register_files.html", context)


urlpatterns = [
    path("register/", register_page, name="register"),
    path("register/who/", who, name="register-who"),
    path("register/person/", person, name="register-person"),
    path("register/promise/", promise, name="register-promise"),
    path("register/similar/", similar, name="register-similar"),
    path("register/paste/", paste, name="register-paste"),
    path("register/chase/<str:number>/", chase, name="register-chase"),
    path("register/drafts/<uuid:uuid>/", draft, name="register-draft"),
    path("register/drafts/<uuid:uuid>/discard/", discard, name="register-discard"),
    path("register/drafts/<uuid:uuid>/files/", draft_files, name="register-files"),
    path(
        "register/drafts/<uuid:uuid>/files/<uuid:file>/remove/",
        draft_file_removed,
        name="register-file-remove",
    ),
    path("register/done/<uuid:uuid>/", registered, name="registered"),
    path("register/done/<uuid:uuid>/receipt/", receipt, name="receipt"),
]
