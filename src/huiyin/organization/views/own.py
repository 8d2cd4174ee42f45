"""One's own account."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiyin.core.errors import Forbidden
from huiyin.organization.forms import OwnForm
from huiyin.organization.services import edit_own_contact, set_own_language
from huiyin.organization.views.shared import actor_of, posted, status_of, tried


@login_required
def me(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    person = actor.person
    if person is None:
        raise Forbidden(_("只有本人可以这样做。"))
    initial = {"phone": person.phone, "email": person.email, "language": person.language}
    form = OwnForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data

        def save() -> bool:
            edit_own_contact(actor=actor, phone=fields["phone"], email=fields["email"])
            if fields["language"] != initial["language"]:
                set_own_language(actor=actor, language=fields["language"])
            return True

        if tried(form, save):
            with override(person.language or None):
                messages.success(request, _("已保存。"))
            return redirect("organization:me")
    context = {"person": person, "form": form, "second_factor": is_mfa_enabled(person)}
    return render(request, "organization/me.html", context, status=status_of(form))
