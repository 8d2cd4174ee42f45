"""The pages of importing: drop a file, match its columns, look at what would happen, take it in."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.config.environment import environment
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.imports import running
from huiyin.imports.choices import guessed, mapping_from, picks_of
from huiyin.imports.forms import MappingForm, UploadForm
from huiyin.imports.mapping import CaseMapping
from huiyin.imports.models import ImportRun, RunState
from huiyin.imports.reading import Table, sample
from huiyin.imports.selectors import get_run, visible_runs
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.organization.requests import actor_of
from huiyin.procedures.selectors import Rules, current_rules

SHOWN = 200


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.IMPORT)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, actor=actor, initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        values = form.cleaned_data
        try:
            run = running.receive(
                actor=actor, kind=values["kind"], upload=values["file"], unit=values["unit"]
            )
        except InvalidInput as error:
            form.add_error("file", str(error))
        else:
            return redirect("imports:detail", run.uuid)
    context = {"form": form, "runs": visible_runs(actor)[:50], "limit_mb": environment().import_limit_mb}
    return render(request, "imports/index.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def detail(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """Where an import stands: its preview before it begins, its progress, what came of it."""
    actor = actor_of(request)
    run = get_run(actor, uuid)
    if run.state == RunState.MAPPING:
        return redirect("imports:mapping", run.uuid)
    if request.headers.get("HX-Request"):
        return render(request, "imports/_progress.html", _context(run))
    context = _context(run)
    if run.state == RunState.READY:
        found = running.preview(actor=actor, run=run)
        context |= {"preview": found, "refusals": found.refused[:SHOWN]}
    return render(request, "imports/detail.html", context)


def _context(run: ImportRun) -> dict[str, Any]:
    percent = round(100 * run.seen / run.total) if run.total else 0
    refusals = list(run.refusals.values_list("row", "reason")[:SHOWN])
    return {"run": run, "percent": percent, "refusals": refusals, "shown": SHOWN}


@login_required
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    """What each column is: as last time, by a mapping that ships, or picked one by one."""
    actor = actor_of(request)
    run = get_run(actor, uuid)
    if run.state not in (RunState.MAPPING, RunState.READY):
        return redirect("imports:detail", run.uuid)
    if ready := request.POST.get("ready"):
        running.use_ready(actor=actor, run=run, name=ready)
        return redirect("imports:detail", run.uuid)
    table = running.table_of(run)
    rules = current_rules(actor) if run.kind == "cases" else None
    picks = _picks(run, table.columns)
    given = request.POST if request.method == "POST" else None
    form = MappingForm(given, columns=table.columns, picks=picks, rules=rules)
    if form.is_valid() and _chosen(actor, run, form, rules):
        return redirect("imports:detail", run.uuid)
    context = {
        "run": run,
        "form": form,
        "columns": _fields(form, table),
        "is_cases": rules is not None,
        "ready": running.ready_mappings(run, table.columns),
        "remembered": bool(run.mapping) and run.state == RunState.MAPPING,
    }
    return render(request, "imports/mapping.html", context, status=422 if form.errors else 200)


def _fields(form: MappingForm, table: Table) -> list[tuple[Any, list[Any]]]:
    """Each column's choice, with what stands in the first rows."""
    rows = sample(table, 3)
    return [
        (form[f"column_{index}"], [row.cells.get(name) for row in rows if row.cells.get(name)])
        for index, name in enumerate(form.columns)
    ]


def _picks(run: ImportRun, columns: tuple[str, ...]) -> dict[str, str]:
    """What is chosen before the person chooses: as last time, otherwise by the titles."""
    if run.kind == "customers":
        return {column: field for field, column in run.mapping.items()}
    if run.mapping:
        return picks_of(CaseMapping.model_validate(run.mapping))
    return guessed(columns)


def _chosen(actor: Actor, run: ImportRun, form: MappingForm, rules: Rules | None) -> bool:
    picks = form.picks()
    try:
        if rules is None:
            values: dict[str, Any] = {meaning: name for name, meaning in picks.items()}
        else:
            made = mapping_from(
                picks,
                kind=form.cleaned_data["kind"],
                channel=form.cleaned_data["channel"],
                source=f"file-{run.header[:16]}",
                rules=rules,
            )
            values = made.model_dump(mode="json")
        running.choose_mapping(actor=actor, run=run, mapping=values)
    except HuiyinError as error:
        form.add_error(None, str(error))
        return False
    return True


@login_required
@require_POST
def begin(request: HttpRequest, uuid: uuids.UUID) -> HttpResponse:
    actor = actor_of(request)
    run = running.begin(actor=actor, run=get_run(actor, uuid))
    return redirect("imports:detail", run.uuid)
