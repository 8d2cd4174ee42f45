"""Posts and what they may do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.organization.administration import post_of, posts_of
from huiyin.organization.authority import administers_company, require_company
from huiyin.organization.forms import NewPostForm, PostForm
from huiyin.organization.models import Capability
from huiyin.organization.services import create_post, edit_post
from huiyin.organization.views.shared import actor_of, page_for, posted, saved, status_of, tried


@require_safe
@page_for()
def posts(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = list(posts_of(actor))
    names = {post.code: post.name for post in found}
    labels = dict(Capability.choices)
    rows = [
        {
            "post": post,
            "above": names.get(post.reports_to, ""),
            "may": [labels[one] for one in post.may if one in labels],
        }
        for post in found
    ]
    context = {"rows": rows, "may_edit": administers_company(actor)}
    return render(request, "organization/posts.html", context)


@page_for()
def post_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    require_company(actor)
    form = NewPostForm(posted(request), actor=actor)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: create_post(actor=actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("已新建岗位%(name)s。") % {"name": made.name})
            return redirect("organization:posts")
    context = {"form": form, "heading": _("新建岗位"), "back": "organization:posts"}
    return render(request, "organization/form.html", context, status=status_of(form))


@page_for()
def post(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    require_company(actor)
    shown = post_of(actor, code)
    initial = {
        "name": shown.name,
        "may": shown.may,
        "whole_company": shown.whole_company,
        "active": shown.active,
        "second_factor": shown.second_factor,
    }
    form = PostForm(posted(request), initial=initial)
    if saved(request, form, lambda: edit_post(actor=actor, post=shown, **form.cleaned_data)):
        messages.success(request, _("已保存岗位%(name)s。") % {"name": shown.name})
        return redirect("organization:posts")
    context = {"form": form, "heading": shown.name, "back": "organization:posts"}
    return render(request, "organization/form.html", context, status=status_of(form))
