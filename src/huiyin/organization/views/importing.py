"""Importing the organisation: a file, a preview with what will be refused and why, one button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from huiyin.core.phrases import english
from huiyin.organization.actors import Actor
from huiyin.organization.forms import ImportForm
from huiyin.organization.services.importing import Imported, import_organization
from huiyin.organization.spreadsheet import COLUMNS, MAX_BYTES, Row, read_rows
from huiyin.organization.views.shared import actor_of, page_for, posted, status_of, tried

_KEPT = "organization-import"


@page_for()
def upload(request: HttpRequest) -> HttpResponse:
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        # one byte more than allowed is enough to see that it is too much
        rows = tried(form, lambda: read_rows(file.name, file.read(MAX_BYTES + 1)))
        if rows is not None:
            request.session[_KEPT] = [[row.sheet, row.line, row.cells] for row in rows]
            return _preview(request, actor_of(request), rows)
    columns = [titles[-1 if english() else 0] for titles in COLUMNS.values()]
    context = {"form": form, "columns": columns}
    return render(request, "organization/import.html", context, status=status_of(form))


def _preview(request: HttpRequest, actor: Actor, rows: list[Row]) -> HttpResponse:
    planned = import_organization(actor=actor, rows=rows, dry_run=True)
    return render(request, "organization/import_result.html", {"done": False, **_counted(planned)})


@require_POST
@page_for()
def confirm(request: HttpRequest) -> HttpResponse:
    kept = request.session.pop(_KEPT, None)
    if kept is None:
        return redirect("organization:import")
    rows = [Row(sheet, line, cells) for sheet, line, cells in kept]
    imported = import_organization(actor=actor_of(request), rows=rows)
    context = {"done": True, "passwords": imported.passwords, **_counted(imported)}
    response = render(request, "organization/import_result.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _counted(imported: Imported) -> dict[str, Any]:
    """Refused ones first: they are what somebody has to do something about."""
    order = {"refused": 0, "created": 1, "changed": 2, "unchanged": 3}
    outcomes = sorted(
        (one for one in imported.outcomes if one.result != "unchanged"), key=lambda one: order[one.result]
    )
    return {
        "outcomes": outcomes,
        **{one: imported.count(one) for one in order},
        "work": imported.count("created") + imported.count("changed"),
    }
