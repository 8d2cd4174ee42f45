"""A procedure as a controlled document in Word and PDF: edition, dates, signatures, clauses, rules."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.procedures.models import Edition
from huiyin.procedures.pages import clause_texts, line_of, signing_lines
from huiyin.procedures.selectors import rules_of
from huiyin.procedures.words import Words
from huiyin.records.forms import MEDIA_TYPES, Paper
from huiyin.records.offprocess import make_pdf, make_word

TEMPLATE = Path(__file__).resolve().parent / "templates_word" / "controlled_copy.docx"


def make_controlled_copy(*, actor: Actor, edition: Edition, form: str) -> Paper:
    """The copy as docx or pdf; who took it and when is journalled. Raises NotFound for another form."""
    if form not in MEDIA_TYPES or edition.company_id != actor.company_id:
        raise NotFound(_("没有这种格式。"))
    context = copy_context(actor, edition)
    if form == "docx":
        content = make_word(template=TEMPLATE.read_bytes(), context=_clean(context))
    else:
        content = make_pdf(html=render_to_string("records/controlled_copy.html", {"copy": context}))
    with transaction.atomic():
        record_action(
            actor=actor,
            subject_kind="edition",
            subject_id=edition.pk,
            name="procedure_copied",
            data={"label": edition.label, "format": form, "digest": edition.digest},
        )
    name = f"{edition.procedure.code}-{edition.label}".replace("/", "-")
    return Paper(f"{name}.{form}", content, MEDIA_TYPES[form])


def copy_context(actor: Actor, edition: Edition) -> dict[str, Any]:
    """Everything that stands on the copy. A label of the form A/1 is edition A, revision 1."""
    pack = rules_of(edition).pack
    words, line = Words(pack), line_of(edition)
    letter, _slash, revision = edition.label.partition("/")
    texts = clause_texts(pack)
    return {
        "company": Unit.objects.get(pk=edition.company_id).name,
        "title": words.title(pack.procedure),
        "code": edition.procedure.code,
        "edition": letter,
        "revision": revision or "0",
        "issued": pack.procedure.issued.isoformat() if pack.procedure.issued else "",
        "effective": edition.effective_from.isoformat(),
        "until": line.until.isoformat() if line.until else "",
        "state": edition.get_state_display(),
        "not_in_force": line.place != "in_force",
        "digest": edition.digest,
        "printed": _("%(who)s 于 %(when)s 取用") % {"who": actor.name, "when": _minute(clock.now())},
        "signatures": [
            {"act": one.act, "post": one.post, "name": one.name, "at": _minute(one.at), "note": one.note}
            for one in signing_lines(edition, pack)
        ],
        "clauses": [
            {
                "id": one.id,
                "title": one.title,
                "demands": one.demands,
                "note": one.note,
                "running": one.running,
                "rules": [{"label": rule.label, "text": rule.text} for rule in one.rules],
            }
            for one in texts
        ],
    }


def _minute(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def _clean(value: Any) -> Any:
    """Without characters that XML cannot hold."""
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, str):
        return "".join(one for one in value if one >= " " or one in "\n\t")
    return value
