"""People: the list, one person, and the buttons of an account."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import clock
from huiyin.core.phrases import listed
from huiyin.organization.actors import Actor
from huiyin.organization.administration import (
    PAGE,
    holdings_of,
    people_of,
    person_of,
    posts_by_person,
)
from huiyin.organization.authority import may_manage, require_manageable
from huiyin.organization.forms import (
    EndHoldingForm,
    HandOverForm,
    HoldingForm,
    NewPersonForm,
    PersonForm,
    StandInForm,
)
from huiyin.organization.models import Person
from huiyin.organization.services import (
    create_person,
    deactivate_person,
    edit_person,
    give_post,
    hand_over_person,
    preview_hand_over,
    reactivate_person,
    reset_password,
    reset_second_factor,
    unlock_person,
)
from huiyin.organization.views.shared import (
    act,
    actor_of,
    page_for,
    posted,
    saved,
    shown_once,
    status_of,
    tried,
)


@require_safe
@page_for()
def people(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    words, state = request.GET.get("words", ""), request.GET.get("state", "active")
    found = people_of(actor, words=words, state=state)
    if after := request.GET.get("after"):
        found = found.filter(username__gt=after)
    listed = list(found[: PAGE + 1])
    shown = listed[:PAGE]
    held = posts_by_person(shown)
    context = {
        "rows": [{"person": one, "held": held.get(one.pk, [])} for one in shown],
        "next": shown[-1].username if len(listed) > PAGE else "",
        "words": words,
        "states": [
            {"value": "active", "label": _("在用"), "on": state == "active"},
            {"value": "closed", "label": _("已停用"), "on": state == "closed"},
            {"value": "all", "label": _("全部"), "on": state == "all"},
        ],
    }
    return render(request, "organization/people.html", context)


@page_for()
def person_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = NewPersonForm(posted(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: _create(actor, dict(form.cleaned_data)))
        if made is not None:
            person, password = made
            return _password_page(request, person, password, _("已新建%(name)s的账号"))
    context = {"form": form, "heading": _("新建人员"), "back": "organization:people"}
    return render(request, "organization/form.html", context, status=status_of(form))


@transaction.atomic
def _create(actor: Actor, fields: dict[str, Any]) -> tuple[Person, str]:
    """An account and its first post together, or neither."""
    post, since = fields.pop("post"), fields.pop("since") or clock.today()
    person, password = create_person(actor=actor, **fields)
    if post is not None:
        give_post(actor=actor, person=person, post=post, unit=fields["unit"], since=since)
    return person, password


@page_for()
def person(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    shown = person_of(actor, username)
    initial = {
        "name": shown.name,
        "phone": shown.phone,
        "email": shown.email,
        "unit": shown.unit.code if shown.unit else None,
    }
    form = PersonForm(posted(request), actor=actor, initial=initial)
    if saved(request, form, lambda: edit_person(actor=actor, person=shown, **form.cleaned_data)):
        messages.success(request, _("已保存%(name)s。") % {"name": shown.name})
        return redirect("organization:person", username)
    return render(
        request, "organization/person.html", person_page(actor, shown, form), status=status_of(form)
    )


def person_page(
    actor: Actor, shown: Person, form: PersonForm, holding_form: HoldingForm | None = None
) -> dict[str, Any]:
    manageable = may_manage(actor, shown)
    today = clock.today()
    held = holdings_of(shown)
    return {
        "person": shown,
        "form": form,
        "manageable": manageable,
        "second_factor": is_mfa_enabled(shown),
        "current": [one for one in held if one.until is None or one.until >= today],
        "past": [one for one in held if one.until is not None and one.until < today],
        "holding_form": holding_form or HoldingForm(actor=actor, prefix="holding"),
        "end_form": EndHoldingForm(initial={"last_day": today}),
        "stand_in_form": StandInForm(people=_others(actor, shown)),
        "today": today,
    }


def _others(actor: Actor, person: Person) -> Any:
    return people_of(actor, state="active").exclude(pk=person.pk).order_by("name", "id")


@require_POST
@page_for()
def person_active(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    shown = person_of(actor, username)
    name = {"name": shown.name}
    if shown.is_active:
        done = _("已停用%(name)s的账号，他已登录的设备随即退出。") % name
        return act(
            request,
            lambda: deactivate_person(actor=actor, person=shown),
            done,
            "organization:person",
            username,
        )
    done = _("已重新启用%(name)s的账号。") % name
    return act(
        request, lambda: reactivate_person(actor=actor, person=shown), done, "organization:person", username
    )


@require_POST
@page_for()
def person_password(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    shown = person_of(actor, username)
    password = reset_password(actor=actor, person=shown)
    return _password_page(request, shown, password, _("已重置%(name)s的密码"))


@require_POST
@page_for()
def person_second_factor(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    shown = person_of(actor, username)
    done = _("已关闭%(name)s的两步验证，下次只用密码登录。") % {"name": shown.name}
    return act(
        request,
        lambda: reset_second_factor(actor=actor, person=shown),
        done,
        "organization:person",
        username,
    )


@require_POST
@page_for()
def person_unlock(request: HttpRequest, username: str) -> HttpResponse:
    actor = actor_of(request)
    shown = person_of(actor, username)
    done = _("已解除%(name)s的登录锁定。") % {"name": shown.name}
    return act(request, lambda: unlock_person(actor=actor, person=shown), done, "organization:lockouts")


@page_for()
def hand_over(request: HttpRequest, username: str) -> HttpResponse:
    """What will move is shown first; one button moves it."""
    actor = actor_of(request)
    leaving = person_of(actor, username)
    require_manageable(actor, leaving)
    form = HandOverForm(posted(request), people=_others(actor, leaving))
    moving = preview_hand_over(actor=actor, leaving=leaving)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        moved = tried(form, lambda: hand_over_person(actor=actor, leaving=leaving, **fields))
        if moved is not None:
            parts = [f"{one.label} {one.count}" for one in moved if one.count]
            said = {"name": leaving.name, "to": fields["to"].name, "what": listed(parts) or "0"}
            messages.success(request, _("已把%(name)s的事项移交给%(to)s：%(what)s。") % said)
            return redirect("organization:person", username)
    context = {"person": leaving, "form": form, "moving": moving}
    return render(request, "organization/hand_over.html", context, status=status_of(form))


def _password_page(request: HttpRequest, person: Person, password: str, heading: str) -> HttpResponse:
    return shown_once(
        request,
        heading=heading % {"name": person.name},
        facts=[(_("用户名"), person.username), (_("初始密码"), password)],
        lead=_("只显示这一次。请当面或电话告诉本人；第一次登录时必须改掉。"),
        back_url="organization:person",
        back_arg=person.username,
    )
