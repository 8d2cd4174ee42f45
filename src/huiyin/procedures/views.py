"""Pages of procedures: the list, the document, a clause with its evidence, installing, what changed."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput
from huiyin.organization.models import Capability, Unit
from huiyin.organization.requests import actor_of
from huiyin.procedures import pages
from huiyin.procedures.difference import difference
from huiyin.procedures.forms import InstallForm, PeriodForm, ScopeForm, SignForm
from huiyin.procedures.hooks import Asked, evidence
from huiyin.procedures.life import (
    WAITING,
    approve_edition,
    countersign_edition,
    decline_edition,
    needs_signing,
    open_acts,
    scope_procedure,
    submit_content,
)
from huiyin.procedures.models import Edition
from huiyin.procedures.packfiles import PackError, find_pack
from huiyin.procedures.selectors import rules_of
from huiyin.procedures.services import content_of, install_pack
from huiyin.procedures.uploads import unpacked
from huiyin.procedures.words import Words


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "procedures": pages.procedure_lines(actor),
        "may_install": actor.may(Capability.PROCEDURES, actor.company_id),
    }
    return render(request, "procedures/index.html", context)


@require_safe
@login_required
def edition(request: HttpRequest, edition: int) -> HttpResponse:
    actor = actor_of(request)
    found = pages.get_edition(actor, edition)
    rules = rules_of(found)
    document, words = rules.pack.procedure, Words(rules.pack)
    texts = pages.clause_texts(rules.pack)
    context = {
        "line": pages.line_of(found),
        "document": document,
        "title": words.title(document),
        "written_by": [words.post(code) for code in document.written_by],
        "reviewed_by": [words.post(code) for code in document.reviewed_by],
        "approved_by": [words.post(code) for code in document.approved_by],
        "clauses": texts,
        "running": sum(text.running for text in texts),
        "posts": pages.post_lines(actor, rules.pack),
        "hours": rules.pack.service_hours,
        "years": pages.year_lines(rules.calendar, around=clock.today().year),
        "before": pages.previous_edition(found),
        "signing": pages.signing_lines(found, rules.pack),
        "scope": pages.scope_words(found.procedure, rules.pack),
        "may_install": actor.may(Capability.PROCEDURES, actor.company_id),
        "acts": open_acts(actor, found),
        "may_count": actor.may(Capability.AUDIT) or actor.may(Capability.REPORT),
        "sign_form": SignForm(initial={"effective_from": found.effective_from}),
    }
    return render(request, "procedures/edition.html", context)


@require_POST
@login_required
def sign(request: HttpRequest, edition: int, verb: str) -> HttpResponse:
    """Countersign, approve or decline an edition that waits for it."""
    actor = actor_of(request)
    found = pages.get_edition(actor, edition)
    form = SignForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(
            _("有一项填得不对。"), fields={name: str(one[0]) for name, one in form.errors.items()}
        )
    note, day = form.cleaned_data["note"], form.cleaned_data["effective_from"]
    if verb == "countersign":
        signed = countersign_edition(actor=actor, edition=found, note=note)
    elif verb == "approve":
        signed = approve_edition(actor=actor, edition=found, effective_from=day, note=note)
    else:
        signed = decline_edition(actor=actor, edition=found, note=note)
    messages.success(
        request, _("%(label)s %(state)s。") % {"label": signed.label, "state": signed.get_state_display()}
    )
    return redirect("procedures:edition", signed.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def scope(request: HttpRequest, edition: int) -> HttpResponse:
    """At which units and for which kinds the procedure of this edition is used."""
    actor = actor_of(request)
    found = pages.get_edition(actor, edition)
    actor.require(Capability.PROCEDURES, actor.company_id)
    words, pack = Words(rules_of(found).pack), rules_of(found).pack
    units = list(Unit.objects.filter(company_id=actor.company_id, active=True).with_tree_fields())
    choices: dict[str, Any] = {
        "units": [(str(one.pk), one.name) for one in units],
        "kinds": [(one.code, words.title(one)) for one in pack.kind],
        "initial": {"units": [str(pk) for pk in found.procedure.units], "kinds": found.procedure.kinds},
    }
    form = ScopeForm(request.POST if request.method == "POST" else None, **choices)
    if form.is_valid():
        chosen = [one for one in units if str(one.pk) in form.cleaned_data["units"]]
        scope_procedure(
            actor=actor, procedure=found.procedure, units=chosen, kinds=form.cleaned_data["kinds"]
        )
        messages.success(request, _("已经规定好。以后登记的工单照此选程序文件。"))
        return redirect("procedures:edition", found.pk)
    context = {"form": form, "edition": found}
    return render(request, "procedures/scope.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def clause(request: HttpRequest, clause: str, edition: int | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = pages.get_edition(actor, edition) if edition else pages.edition_with(actor, clause)
    text = pages.clause_text(rules_of(found).pack, clause)
    form = PeriodForm(request.GET or None)
    since, until = form.period()
    after = request.GET.get("after", "")
    unit, units = pages.chosen_units(actor, request.GET.get("unit", ""))
    asked = Asked(
        clause=clause,
        procedure=found.procedure_id,
        units=units,
        since=since,
        until=until,
        show=request.GET.get("show", "")[:20],
        after=int(after) if after.isdecimal() and len(after) < 19 else None,
    )
    may_count = actor.may(Capability.AUDIT) or actor.may(Capability.REPORT)
    context = {
        "line": pages.line_of(found),
        "clause": text,
        "form": PeriodForm(initial={"since": since, "until": until}),
        "asked": asked,
        "sections": evidence(actor, asked) if may_count else [],
        "may_count": may_count,
        "unit": unit,
        "units": pages.evidence_units(actor) if may_count else [],
    }
    return render(request, "procedures/clause.html", context)


@require_safe
@login_required
def compare(request: HttpRequest, edition: int, other: int) -> HttpResponse:
    """What `edition` changed against `other`."""
    actor = actor_of(request)
    new, old = pages.get_edition(actor, edition), pages.get_edition(actor, other)
    changes = difference(rules_of(old).pack, rules_of(new).pack)
    return render(request, "procedures/compare.html", {"old": old, "new": new, "changes": changes})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def install(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.PROCEDURES, actor.company_id)
    posted = request.method == "POST"
    form = InstallForm(request.POST, request.FILES) if posted else InstallForm()
    problems: list[str] = []
    if posted and form.is_valid():
        try:
            found = _install(request, form)
        except (InvalidInput, Conflict) as error:
            headline, problems = _told(error)
            form.add_error("file" if form.cleaned_data.get("file") else "builtin", headline)
        else:
            messages.success(request, _installed(found))
            return redirect("procedures:edition", found.pk)
    status = 422 if form.errors else 200
    return render(request, "procedures/install.html", {"form": form, "problems": problems}, status=status)


def _install(request: HttpRequest, form: InstallForm) -> Edition:
    actor = actor_of(request)
    company = Unit.objects.get(pk=actor.company_id)
    day: date | None = form.cleaned_data["effective_from"]
    with ExitStack() as stack:
        upload = form.cleaned_data["file"]
        if upload:
            source = stack.enter_context(unpacked(upload, upload.size))
        else:
            source = find_pack(form.cleaned_data["builtin"])
        content = content_of(source)
        if not needs_signing(actor.company_id, content.pack):
            return install_pack(company=company, source=source, actor=actor, effective_from=day)
        return submit_content(actor=actor, content=content, effective_from=day)


def _told(error: InvalidInput | Conflict) -> tuple[str, list[str]]:
    problems = list(error.problems) if isinstance(error, PackError) else []
    return error.message.partition("\n")[0], problems


def _installed(found: Edition) -> str:
    values = {"title": found.title, "label": found.label, "day": found.effective_from}
    if found.state in WAITING:
        return _("《%(title)s》%(label)s 已提交，等有关岗位会签和批准，批准后才生效。") % values
    if found.effective_from > clock.today():
        return _("《%(title)s》%(label)s 已装好，%(day)s 起生效。") % values
    return _("《%(title)s》%(label)s 已装好，从 %(day)s 起登记的工单照它办。") % values
