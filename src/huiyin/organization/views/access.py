"""Keys for programs, and people who are locked out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huiyin.core import clock
from huiyin.organization.administration import locked_out, token_of, tokens_of
from huiyin.organization.forms import TokenForm
from huiyin.organization.models import Capability
from huiyin.organization.services import create_token, revoke_token
from huiyin.organization.views.shared import act, actor_of, page_for, posted, shown_once, status_of, tried


@require_safe
@page_for()
def tokens(request: HttpRequest) -> HttpResponse:
    labels = dict(Capability.choices)
    rows = [
        {"token": token, "may": [labels[one] for one in token.may if one in labels]}
        for token in tokens_of(actor_of(request))
    ]
    return render(request, "organization/tokens.html", {"rows": rows, "now": clock.now()})


@page_for()
def token_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form = TokenForm(
        posted(request), actor=actor, initial={"expires_on": clock.today() + timedelta(days=365)}
    )
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        # to the end of that day
        expires = timezone.make_aware(datetime.combine(fields.pop("expires_on") + timedelta(days=1), time()))
        made = tried(form, lambda: create_token(actor=actor, expires_at=expires, **fields))
        if made is not None:
            token, secret = made
            return shown_once(
                request,
                heading=_("已新建接口密钥“%(name)s”") % {"name": token.name},
                facts=[(_("密钥"), secret)],
                lead=_("只显示这一次，请现在复制到要用它的系统里；之后谁也看不到，丢了就吊销重建。"),
                back_url="organization:tokens",
                back_arg=None,
            )
    context = {"form": form, "heading": _("新建接口密钥"), "back": "organization:tokens"}
    return render(request, "organization/form.html", context, status=status_of(form))


@require_POST
@page_for()
def token_revoke(request: HttpRequest, prefix: str) -> HttpResponse:
    actor = actor_of(request)
    token = token_of(actor, prefix)
    done = _("已吊销“%(name)s”，用它的系统随即断开。") % {"name": token.name}
    return act(request, lambda: revoke_token(actor=actor, token=token), done, "organization:tokens")


@require_safe
@page_for()
def lockouts(request: HttpRequest) -> HttpResponse:
    return render(request, "organization/lockouts.html", {"rows": locked_out(actor_of(request))})
