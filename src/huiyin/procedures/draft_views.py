"""Pages of drafts: the list, the editor with its preview, putting one forward, throwing one away."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huiyin.core.errors import Conflict, HuiyinError, InvalidInput
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures import pages
from huiyin.procedures.difference import ClauseChange, difference
from huiyin.procedures.drafts import (
    create_draft,
    drop_draft,
    get_draft,
    language,
    pack_of,
    save_draft,
    submit_draft,
)
from huiyin.procedures.forms import DraftForm, NewDraftForm
from huiyin.procedures.models import Draft, Edition
from huiyin.procedures.packfiles import FILE, PackError, find_pack, remarks_on
from huiyin.procedures.reading.documents import MOST, lines_from
from huiyin.procedures.reading.proposing import propose
from huiyin.procedures.selectors import COMING, rules_of
from huiyin.procedures.services import FORMS, forms_of
from huiyin.procedures.toml import toml_of
from huiyin.procedures.trying import Told, sample_for, try_out


@dataclass(slots=True)
class Preview:
    """What a text would be: wrong in these places, or clauses with rules, remarks and a sample case."""

    headline: str = ""
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    clauses: list[pages.ClauseText] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    trouble: str = ""
    changes: list[ClauseChange] = field(default_factory=list)
    against: Edition | None = None


def preview_of(actor: Actor, draft: Draft, text: str, sample: str) -> Preview:
    try:
        pack = pack_of(text)
    except PackError as error:
        return Preview(headline=error.message.partition("\n")[0], problems=list(error.problems))
    remarks = remarks_on(pack, {f"{FORMS}/{name}" for name in draft.forms}, language())
    found = Preview(remarks=remarks, clauses=pages.clause_texts(pack))
    try:
        found.told = try_out(pack, sample) if sample.strip() else []
    except InvalidInput as error:
        found.trouble = str(error)
    editions = Edition.objects.filter(
        company_id=actor.company_id, procedure__code=pack.procedure.code, state__in=COMING
    )
    found.against = editions.order_by("effective_from", "id").last()
    if found.against is not None:
        found.changes = difference(rules_of(found.against).pack, pack)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Drafts that are being written; beginning one from an edition, a ready-made pack or a document."""
    actor = actor_of(request)
    actor.require(Capability.PROCEDURES, actor.company_id)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewDraftForm(*given, editions=_editions(actor))
    if form.is_valid():
        try:
            text, forms = _beginning(actor, form)
            return redirect("procedures:draft", create_draft(actor=actor, text=text, forms=forms).pk)
        except HuiyinError as error:
            form.add_error("document" if form.cleaned_data["document"] else "source", str(error))
    drafts = Draft.objects.filter(company_id=actor.company_id, edition=None).defer("text", "forms")
    context = {"form": form, "drafts": drafts}
    return render(request, "procedures/drafts.html", context, status=422 if form.errors else 200)


def _editions(actor: Actor) -> list[tuple[str, str]]:
    rows = Edition.objects.filter(company_id=actor.company_id).select_related("procedure")
    return [(f"edition:{one.pk}", str(one)) for one in rows.defer("pack", "forms").order_by("-pk")]


def _beginning(actor: Actor, form: NewDraftForm) -> tuple[str, dict[str, str]]:
    """The text and templates to begin with."""
    document, source = form.cleaned_data["document"], form.cleaned_data["source"]
    if document:
        if document.size > MOST:
            raise InvalidInput(_("只能读 Word（.docx）、PDF 和文本，最大 20 MB。"), code="document")
        return propose(lines_from(document.name, document.read())).text, {}
    if source.startswith("edition:"):
        edition = Edition.objects.get(company_id=actor.company_id, pk=int(source.removeprefix("edition:")))
        return toml_of(rules_of(edition).pack), edition.forms
    folder = find_pack(source)
    return (folder / FILE).read_text(encoding="utf-8"), forms_of(folder)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """The editor. Saving keeps whatever was typed, right or wrong."""
    actor = actor_of(request)
    found = get_draft(actor, number)
    posted = request.method == "POST"
    form = DraftForm(request.POST) if posted else DraftForm(initial=_initial(found))
    if posted and form.is_valid():
        values = form.cleaned_data
        try:
            save_draft(actor=actor, draft=found, **values)
        except (Conflict, InvalidInput) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("草稿已保存。"))
            return redirect("procedures:draft", found.pk)
    text, sample = form["text"].value() or "", form["sample"].value() or ""
    context = {"draft": found, "form": form, "preview": preview_of(actor, found, text, sample)}
    return render(request, "procedures/draft.html", context, status=422 if form.errors else 200)


def _initial(found: Draft) -> dict[str, object]:
    sample = found.sample
    if not sample:
        try:
            sample = sample_for(pack_of(found.text))
        except PackError:
            sample = ""
    return {"text": found.text, "sample": sample, "version": found.version}


@login_required
@require_POST
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """The preview of what is typed just now; nothing is kept."""
    actor = actor_of(request)
    found = get_draft(actor, number)
    text, sample = request.POST.get("text", ""), request.POST.get("sample", "")
    context = {"draft": found, "preview": preview_of(actor, found, text, sample)}
    return render(request, "procedures/_preview.html", context)


@login_required
@require_POST
def submit(request: HttpRequest, number: int) -> HttpResponse:
    """Keep what is typed and put it forward to be signed; without a text, what was saved last."""
    actor = actor_of(request)
    found = get_draft(actor, number)
    form = DraftForm(request.POST)
    try:
        if form.is_valid():
            save_draft(actor=actor, draft=found, **form.cleaned_data)
        edition = submit_draft(actor=actor, draft=found)
    except (InvalidInput, Conflict) as error:
        messages.error(request, error.message.partition("\n")[0])
        return redirect("procedures:draft", found.pk)
    return redirect("procedures:edition", edition.pk)


@login_required
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    actor = actor_of(request)
    drop_draft(actor=actor, draft=get_draft(actor, number))
    messages.success(request, _("草稿已删除。"))
    return redirect("procedures:drafts")
