"""Issued reports: frozen with cut-off, figures and lists; then approved, published, decided on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.core import clock, outbox
from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.journal.models import Entry
from huiyin.journal.services import record_action
from huiyin.numbering.services import next_serial
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.reports.duties import decision_duty, holds, reader_post, report_duty
from huiyin.reports.figures.compute import build
from huiyin.reports.figures.conditions import COMPLAINT_BUCKETS
from huiyin.reports.figures.frame import Frame
from huiyin.reports.models import ActKind, Decision, IssuedList, IssuedReport, ReportAct
from huiyin.reports.names import Names
from huiyin.reports.periods import Period
from huiyin.reports.selection import bucket_key, selection
from huiyin.reports.selectors import frame_for

SUBJECT = "report"
PUBLISHED = "report.published"
SUBMITTED = "report.submitted"
# What is being written this very second is not in the report, so that the same cut-off always finds the same.
SETTLED = timedelta(seconds=1)
LOOKED_AT_EVERY = 60  # seconds


def issue_report(
    *, actor: Actor, unit: Unit, period: Period, cutoff: datetime | None = None, remark: str = ""
) -> IssuedReport:
    """Freeze the report of a period. By who may issue reports, or by the post whose duty the report is."""
    names = Names(actor)
    duty = report_duty(names.rules, period.kind)
    own = duty is not None and holds(actor, duty.owner, unit.pk) and actor.may(Capability.REPORT, unit.pk)
    if not own:
        actor.require(Capability.PUBLISH, unit.pk)
    now = clock.now()
    moment = cutoff or now - SETTLED
    if moment > now:
        raise InvalidInput(_("截止时间不能晚于现在。"), fields={"cutoff": _("不能晚于现在")})
    if moment < period.start:
        raise InvalidInput(_("这个期间还没有开始，不能签发。"), fields={"period": _("还没有开始")})
    frame = frame_for(actor, unit, period, moment)
    # what is frozen is in the company's language, whatever the issuer reads
    with translation.override(settings.LANGUAGE_CODE):
        figures = build(actor=actor, unit=unit, frame=frame, names=names)
    figures["feeds"] = list(duty.feeds) if duty else []
    lists = dict(_lists(frame, figures))
    with transaction.atomic():
        report = IssuedReport.objects.create(
            company_id=actor.company_id,
            unit=unit,
            number=_number(actor.company_id, period),
            period_kind=period.kind,
            period=period.code,
            cutoff=moment,
            figures=figures,
            remark=remark.strip(),
            approver_post=reader_post(duty),
            clause=duty.clause if duty else "",
            issued_by=actor.name,
            issuer=actor.person,
            issued_at=now,
            digest=digest_of(figures, lists, remark.strip()),
        )
        IssuedList.objects.bulk_create(
            IssuedList(report=report, figure=figure, bucket=bucket, cases=cases)
            for (figure, bucket), cases in lists.items()
        )
        _journal(actor, report, "report_issued", {"digest": report.digest, "cutoff": moment.isoformat()})
        if report.approver_post:
            _tell(report, SUBMITTED, posts=[report.approver_post])
    return report


def _number(company_id: int, period: Period) -> str:
    year = period.first // 100
    return f"BB-{year}-{next_serial(company_id=company_id, series=f'report:{year}'):03}"


def _lists(frame: Frame, figures: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], list[int]]]:
    """The list behind every number that the report shows: in all, by site, by dimension."""
    for name, count in figures["figures"].items():
        if count:
            yield (name, ""), selection(name, frame).case_ids()
    for row in figures["sites"] if len(figures["sites"]) > 1 else ():
        for name, count in row["figures"].items():
            if count:
                bucket = {"site": row["id"]}
                yield (name, bucket_key(bucket)), selection(name, frame, bucket).case_ids()
    for dimension, rows in figures["dimensions"].items():
        name = COMPLAINT_BUCKETS.get(dimension, "received")
        for row in rows:
            if row["count"]:
                bucket = {dimension: row["code"]}
                yield (name, bucket_key(bucket)), selection(name, frame, bucket).case_ids()
    for row in figures["pareto"]:
        bucket = {"category": row["code"]}
        yield (
            ("complaints_valid", bucket_key(bucket)),
            selection("complaints_valid", frame, bucket).case_ids(),
        )
    yield from _heat_lists(frame, figures["heat"])


def _heat_lists(frame: Frame, heat: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], list[int]]]:
    for site, cells in zip(heat["sites"], heat["cells"], strict=True):
        for category, count in zip(heat["categories"], cells, strict=True):
            if count:
                bucket = {"site": site["id"], "category": category["code"]}
                found = selection("complaints_valid", frame, bucket)
                yield ("complaints_valid", bucket_key(bucket)), found.case_ids()


def digest_of(figures: Mapping[str, Any], lists: Mapping[tuple[str, str], list[int]], remark: str) -> str:
    content = {
        "figures": figures,
        "lists": {f"{figure}?{bucket}": cases for (figure, bucket), cases in lists.items()},
        "remark": remark,
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def unchanged_lately(report: IssuedReport) -> bool:
    """`is_unchanged`, looked at again every minute: it reads all lists of the report."""
    key = f"report-unchanged:{report.pk}:{report.digest}"
    found = cache.get(key)
    if found is None:
        found = is_unchanged(report)
        cache.set(key, found, LOOKED_AT_EVERY)
    return bool(found)


def is_unchanged(report: IssuedReport) -> bool:
    """Whether the report is what was issued: by its digest and the journal's."""
    rows = {(one.figure, one.bucket): one.cases for one in report.lists.all()}
    issued = Entry.objects.filter(
        company_id=report.company_id,
        chain__subject_kind=SUBJECT,
        chain__subject_id=str(report.uuid),
        name="report_issued",
    ).first()
    known = issued.data.get("digest") if issued else None
    return known == report.digest == digest_of(report.figures, rows, report.remark)


def _journal(actor: Actor, report: IssuedReport, name: str, data: Mapping[str, Any], text: str = "") -> None:
    record_action(
        actor=actor,
        subject_kind=SUBJECT,
        subject_id=str(report.uuid),
        name=name,
        data={"number": report.number, "unit": report.unit.code, "period": report.period, **data},
        texts={"reason": text} if text else {},
    )


def _tell(report: IssuedReport, topic: str, **payload: Any) -> None:
    outbox.enqueue(
        key=f"{topic}:{report.uuid}",
        topic=topic,
        payload={"report": str(report.uuid), "number": report.number, **payload},
        company_id=report.company_id,
    )


def _act(
    actor: Actor,
    report: IssuedReport,
    kind: ActKind,
    *,
    post: str = "",
    text: str = "",
    decision: str = "",
    clause: str = "",
) -> ReportAct:
    act = ReportAct.objects.create(
        report=report,
        kind=kind,
        decision=decision,
        text=text.strip(),
        post=post,
        clause=clause or report.clause,
        by=actor.name,
        at=clock.now(),
    )
    data = {"post": post, **({"decision": decision} if decision else {})}
    _journal(actor, report, f"report_{kind}", data, text.strip())
    return act


def _lock(report: IssuedReport) -> IssuedReport:
    """The row, locked: two people at once decide one after the other."""
    return IssuedReport.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report.pk)


def kinds_of(report: IssuedReport) -> set[str]:
    return set(report.acts.values_list("kind", flat=True))


def _reader(actor: Actor, report: IssuedReport) -> str:
    """The post in which the actor may approve or decide. Raises Forbidden."""
    post = report.approver_post
    if not post:
        actor.require(Capability.PUBLISH, report.unit_id)
        return actor.post_at(report.unit_id) or ""
    if not holds(actor, post, report.unit_id):
        raise Forbidden(_("这份报表按程序由另一个岗位审批。"), post=post)
    return post


def may_read(actor: Actor, report: IssuedReport) -> bool:
    """Whether the actor holds the post that approves this report."""
    if not report.approver_post:
        return actor.may(Capability.PUBLISH, report.unit_id)
    return holds(actor, report.approver_post, report.unit_id)


def approve_report(*, actor: Actor, report: IssuedReport, text: str = "") -> ReportAct:
    """Agree to an issued report, by the post that the procedure names."""
    post = _reader(actor, report)
    with transaction.atomic():
        report = _lock(report)
        _undecided(report)
        return _act(actor, report, ActKind.APPROVED, post=post, text=text)


def decline_report(*, actor: Actor, report: IssuedReport, text: str) -> ReportAct:
    """Send it back with the reason: a new one is issued, this one stays as it is."""
    post = _reader(actor, report)
    if not text.strip():
        raise InvalidInput(_("请写明退回的理由。"), fields={"text": _("必填")})
    with transaction.atomic():
        report = _lock(report)
        _undecided(report)
        return _act(actor, report, ActKind.DECLINED, post=post, text=text)


def _undecided(report: IssuedReport) -> None:
    if kinds_of(report) & {ActKind.APPROVED, ActKind.DECLINED}:
        raise Conflict(_("这份报表已经审批过了。"), code="already_decided")


def publish_report(*, actor: Actor, report: IssuedReport, text: str = "") -> ReportAct:
    """Make it known to the departments; where somebody must approve, not before."""
    actor.require(Capability.PUBLISH, report.unit_id)
    with transaction.atomic():
        report = _lock(report)
        done = kinds_of(report)
        if ActKind.PUBLISHED in done:
            raise Conflict(_("这份报表已经公布过了。"), code="already_published")
        if ActKind.DECLINED in done or (report.approver_post and ActKind.APPROVED not in done):
            raise Conflict(_("还没有批准，不能公布。"), code="not_approved")
        act = _act(actor, report, ActKind.PUBLISHED, text=text)
        duty = report_duty(Names(actor).rules, report.period_kind)
        _tell(report, PUBLISHED, posts=list(duty.publish_to) if duty else [], unit=report.unit.code)
        return act


def decide_on_report(*, actor: Actor, report: IssuedReport, decision: str, reason: str) -> ReportAct:
    """Whether the report calls for corrective or preventive action, and why. May be decided again later."""
    duty = decision_duty(Names(actor).rules)
    if duty is None:
        post = _reader(actor, report)
    elif holds(actor, duty.owner, report.unit_id):
        post = duty.owner
    else:
        raise Forbidden(_("改进措施按程序由另一个岗位决定。"), post=duty.owner)
    if decision not in Decision.values or not reason.strip():
        raise InvalidInput(_("请选择决定并写明理由。"), fields={"reason": _("必填")})
    with transaction.atomic():
        report = _lock(report)
        clause = duty.clause if duty else ""
        return _act(actor, report, ActKind.DECIDED, post=post, text=reason, decision=decision, clause=clause)
