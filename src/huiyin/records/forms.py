"""The company's own paper forms from what is on record: Word from the pack's template, PDF for printing."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.phrases import title_of
from huiyin.engine.schema.papers import FieldOf, RecordForm, SlipForm
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import Rules, rules_of
from huiyin.records.offprocess import make_pdf, make_word
from huiyin.records.retention_rules import keep_words, rule_for
from huiyin.records.values import CaseValues, SlipValues, plain
from huiyin.slips.models import Slip

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A form as a file."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled form before it becomes a file. `fields` are (name, title, words) in the pack's order."""

    title: str
    number: str
    company: str
    unit: str
    procedure: str
    edition: str
    clause: str
    retention: str
    fields: Sequence[tuple[str, str, str]]
    template: bytes | None


# Beside the pack's own fields a template may name these of a complaint's record.
_MORE = (
    ("completed_at", "completed.at"),
    ("judged_at", "judged.at"),
    ("judge", "judged.actor"),
    ("visit_words", "followed_up.text"),
    ("closed_at", "case.closed_at"),
    ("category", "case.category"),
    ("state", "case.state"),
)


def render_case_form(*, actor: Actor, case: Case, form: str) -> Paper:
    """The record form of a case in force for its kind. Raises NotFound where its procedure has none."""
    return _file(actor, case_sheet(case), form, subject=f"{case.uuid}")


def render_slip(*, actor: Actor, slip: Slip, form: str) -> Paper:
    """A slip on the company's own form."""
    return _file(actor, slip_sheet(slip), form, subject=f"{slip.case.uuid}")


def case_sheet(case: Case) -> Sheet:
    rules = rules_of(case.edition)
    record = _record_form(rules, case.kind)
    values = CaseValues(case, rules)
    fields = [(one.name, one.title, values.value(one.source)) for one in record.fields]
    fields = [_with_visit(one, values) for one in fields]
    named = {name for name, _title, _words in fields}
    fields += [(name, "", values.value(source)) for name, source in _MORE if name not in named]
    return _sheet(record, case, rules, case.number, fields)


def _with_visit(field: tuple[str, str, str], values: CaseValues) -> tuple[str, str, str]:
    """The complainant's opinion is how the visit ended, and the customer's own words."""
    name, title, words = field
    if name != "opinion":
        return field
    return name, title, "\n".join(one for one in (words, values.value("followed_up.text")) if one)


def _record_form(rules: Rules, kind: str) -> RecordForm:
    for one in rules.pack.record:
        if not one.kinds or kind in one.kinds:
            return one
    # suggestions, enquiries and repairs go on the form of the complaints
    if rules.pack.record:
        return rules.pack.record[0]
    raise NotFound(_("程序文件没有规定这类工单的记录表。"))


def slip_sheet(slip: Slip) -> Sheet:
    case = slip.case
    rules = rules_of(case.edition)
    form = next((one for one in rules.pack.slip if one.code == slip.form), None)
    if form is None:
        raise NotFound(_("程序文件里没有这种联络单。"))
    values = SlipValues(CaseValues(case, rules), slip.number, slip.to_unit.name if slip.to_unit else "")
    fields = [(one.name, one.title, values.value(one.source)) for one in _slip_fields(form)]
    return _sheet(form, case, rules, slip.number, fields)


def _slip_fields(form: SlipForm) -> list[FieldOf]:
    """The pack's fields, and when it was issued and received, which every form shows."""
    known = {one.name for one in form.fields}
    more = [
        FieldOf(name="issued_at", title=_("开出时间"), source="slip.issued_at"),
        FieldOf(name="received", title=_("签收"), source="slip.received"),
    ]
    return [*form.fields, *[one for one in more if one.name not in known]]


def _sheet(
    form: RecordForm | SlipForm,
    case: Case,
    rules: Rules,
    number: str,
    fields: Sequence[tuple[str, str, str]],
) -> Sheet:
    company = Unit.objects.get(pk=case.company_id)
    return Sheet(
        title=title_of(form),
        number=number,
        company=company.name,
        unit=case.unit.name if case.unit_id != company.pk else "",
        procedure=title_of(rules.pack.procedure),
        edition=case.edition.label,
        clause=form.clause,
        retention=keep_words(rule_for(rules, form.code) or rule_for(rules, case.kind)),
        fields=fields,
        template=_template(case.edition, form.file or f"{form.code}.docx"),
    )


def _template(edition: Edition, file: str) -> bytes | None:
    found = edition.forms.get(file.rsplit("/", 1)[-1])
    return base64.b64decode(found) if found else None


def _file(actor: Actor, sheet: Sheet, form: str, subject: str) -> Paper:
    if form not in MEDIA_TYPES:
        raise NotFound(_("没有这种格式。"))
    content = (
        _word(sheet)
        if form == "docx"
        else make_pdf(html=render_to_string("records/sheet.html", {"sheet": sheet}))
    )
    # personal data leaves the system here: on record
    with transaction.atomic():
        record_action(
            actor=actor,
            subject_kind="record_form",
            subject_id=subject,
            name="form_made",
            data={"number": sheet.number, "format": form},
        )
    return Paper(f"{sheet.number}.{form}", content, MEDIA_TYPES[form])


def _word(sheet: Sheet) -> bytes:
    if sheet.template is None:
        raise InvalidInput(_("程序文件没有带这张表的 Word 模板，请用 PDF。"), code="no_template")
    context = plain(
        {
            **{name: words for name, _title, words in sheet.fields},
            "company": sheet.company,
            "unit": sheet.unit,
            "procedure": sheet.procedure,
            "edition": sheet.edition,
            "clause": sheet.clause,
            "retention": sheet.retention,
        }
    )
    return make_word(template=sheet.template, context=context)
