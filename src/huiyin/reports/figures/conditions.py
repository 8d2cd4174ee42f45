"""Every counted figure by name: what it is taken from and which rows it counts.

The count and the list come from the same condition, so the length of the list is the figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.reports.figures import frame as frames
from huiyin.reports.figures.frame import Frame

Text = str | Promise
Condition = Callable[[Frame], Q]
COMPLAINTS = ("complaint", "dissatisfaction")
VALID = ("valid", "partly_valid")
REACHED = ("satisfied", "fairly_satisfied", "dissatisfied")
OFF = ("voided", "returned", "withdrawn")


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that each stand for one case. `site` is the column of its site, `at` the time the list shows."""

    name: str
    rows: Callable[[Frame], QuerySet[Any]]
    site: str
    at: str


RECEIVED = Source("received", frames.received, "site_id", "registered_at")
SPANS = Source("spans", frames.spans, "site_id", "opened_at")
ENDED = Source("spans", frames.spans, "site_id", "closed_at")
PROMISES = Source("promises", frames.promises, "site_id", "made_at")
CHASES = Source("chases", frames.chases, "case__snapshots__site_id", "at")


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    label: Text
    source: Source
    condition: Condition


def _complaint() -> Q:
    return Q(kind__in=COMPLAINTS)


def _valid() -> Q:
    return _complaint() & Q(validity__in=VALID) & ~Q(state__in=OFF)


# the balance of open cases: open at a moment is begun before it and not ended before it


def _ended_before(moment: Any, cutoff: Any) -> Q:
    return Q(closed_at__isnull=False, closed_at__lt=moment, closed_known__lte=cutoff)


def _open_at(moment: Any, cutoff: Any) -> Q:
    return Q(opened_at__lt=moment) & ~_ended_before(moment, cutoff)


def _begun(kind: str) -> Condition:
    return lambda frame: Q(opened_as=kind, opened_at__gte=frame.period.start)


def _ended(**kind: Any) -> Condition:
    return lambda frame: Q(
        closed_at__gte=frame.period.start,
        closed_at__lt=frame.period.end,
        closed_known__lte=frame.cutoff,
        **kind,
    )


def _open_start(frame: Frame) -> Q:
    return _open_at(frame.period.start, frame.cutoff)


def _open_end(frame: Frame) -> Q:
    return _open_at(frame.period.end, frame.cutoff)


def _aged(at_least: int, below: int | None) -> Condition:
    """Open at the end, and told so many days before the end (or before the cut-off, if that was earlier)."""

    def condition(frame: Frame) -> Q:
        found = _open_end(frame) & Q(registered_at__lte=frame.seen_until - timedelta(days=at_least))
        if at_least == 0:
            found = _open_end(frame)
        if below is not None:
            found &= Q(registered_at__gt=frame.seen_until - timedelta(days=below))
        return found

    return condition


AGES = ((0, 1), (1, 3), (3, 7), (7, 15), (15, 30), (30, None))


def age_name(at_least: int, below: int | None) -> str:
    return f"open_age_{at_least}_{below}" if below is not None else f"open_age_{at_least}"


def _age_label(at_least: int, below: int | None) -> Text:
    if at_least == 0:
        return _("不到 1 天")
    labels: dict[int, Text] = {
        1: _("1 至 3 天"),
        3: _("3 至 7 天"),
        7: _("7 至 15 天"),
        15: _("15 至 30 天"),
        30: _("30 天以上"),
    }
    return labels[at_least]


# the answer: the clock of the first round. A running clock whose time is over is late, ticked or not


def _late(frame: Frame) -> Q:
    overrun = Q(answer_state="running", answer_due__lt=frame.cutoff)
    return ~Q(state="voided") & (
        Q(answer_breached=True) | Q(answer_stopped__gt=F("answer_due")) & ~Q(answer_state="void") | overrun
    )


def _met(frame: Frame) -> Q:
    in_time = Q(answer_state="met", answer_stopped__lte=F("answer_due"), answer_breached=False)
    return ~Q(state="voided") & in_time


def _waiting(frame: Frame) -> Q:
    running = Q(answer_state="running", answer_due__gte=frame.cutoff) | Q(answer_state="paused")
    return ~Q(state="voided") & Q(answer_breached=False) & running


def _asked(condition: Condition, beyond: bool) -> Condition:
    return lambda frame: condition(frame) & Q(asked_beyond=beyond)


def _unclocked(frame: Frame) -> Q:
    """All others: voided, or closed or settled so that no clock to answer ran to its end."""
    without = Q(answer_state__in=("", "void"), answer_breached=False)
    return Q(state="voided") | without


def _rework_late(frame: Frame) -> Q:
    return Q(rework_late=True) | Q(rework_due__lt=frame.cutoff)


# the visit afterwards: due for every valid complaint that was finished


def _visit_due(frame: Frame) -> Q:
    return _valid() & (Q(solved_at__isnull=False) | ~Q(outcome=""))


def _visit(*outcomes: str) -> Condition:
    return lambda frame: _visit_due(frame) & Q(outcome__in=outcomes)


# promises, as known at the cut-off


def _kept_known(frame: Frame) -> Q:
    return Q(stopped__isnull=False, stopped_known__lte=frame.cutoff)


def _promise_kept(frame: Frame) -> Q:
    return _kept_known(frame) & Q(state="met", breached=False)


def _promise_broken(frame: Frame) -> Q:
    late = _kept_known(frame) & (Q(state="late") | Q(breached=True))
    return late | ~_kept_known(frame) & ~Q(state="paused") & Q(due__lt=frame.cutoff)


def _promise_void(frame: Frame) -> Q:
    return _kept_known(frame) & Q(state="void", breached=False)


def _promise_open(frame: Frame) -> Q:
    return ~_kept_known(frame) & (Q(due__gte=frame.cutoff) | Q(state="paused"))


def _is(**columns: Any) -> Condition:
    return lambda frame: Q(**columns)


def _all(frame: Frame) -> Q:
    return Q()


_BALANCE = [
    Figure("open_start", _("期初未结"), SPANS, _open_start),
    Figure("new", _("新收"), SPANS, _begun("new")),
    Figure("reopened", pgettext_lazy("figure", "重开"), SPANS, _begun("reopened")),
    Figure("closed", pgettext_lazy("figure", "结案"), ENDED, _ended(closed_as="closed", approved=False)),
    Figure("closed_approved", _("特批结案"), ENDED, _ended(closed_as="closed", approved=True)),
    Figure("withdrawn", pgettext_lazy("figure", "撤诉"), ENDED, _ended(closed_as="withdrawn")),
    Figure("returned", pgettext_lazy("figure", "退回"), ENDED, _ended(closed_as="returned")),
    Figure("voided", pgettext_lazy("figure", "作废"), ENDED, _ended(closed_as="voided")),
    Figure("open_end", _("期末未结"), SPANS, _open_end),
    *[Figure(age_name(*age), _age_label(*age), SPANS, _aged(*age)) for age in AGES],
]
_RECEIVED = [
    Figure("received", _("受理登记"), RECEIVED, _all),
    Figure("complaints", _("投诉"), RECEIVED, lambda frame: _complaint()),
    Figure("complaints_valid", _("有效投诉"), RECEIVED, lambda frame: _complaint() & Q(validity__in=VALID)),
    Figure("complaints_invalid", _("无效投诉"), RECEIVED, lambda frame: _complaint() & Q(validity="invalid")),
    Figure("complaints_unjudged", _("待判定投诉"), RECEIVED, lambda frame: _complaint() & Q(validity="")),
    Figure("answer_met", _("按时答复"), RECEIVED, _asked(_met, False)),
    Figure("answer_late", _("超时答复"), RECEIVED, _asked(_late, False)),
    Figure("answer_waiting", _("尚在时限内"), RECEIVED, _asked(_waiting, False)),
    Figure("answer_none", _("不计时"), RECEIVED, _unclocked),
    Figure("asked_met", _("约定较晚时间，按时"), RECEIVED, _asked(_met, True)),
    Figure("asked_late", _("约定较晚时间，超时"), RECEIVED, _asked(_late, True)),
    Figure("asked_waiting", _("约定较晚时间，未到"), RECEIVED, _asked(_waiting, True)),
    Figure("rework_late", _("重开后答复超时"), RECEIVED, _rework_late),
    Figure("solved", _("已办完"), RECEIVED, _is(solved_at__isnull=False)),
    Figure("chased_cases", _("被催办的工单"), RECEIVED, _is(chased__gt=0)),
    Figure("visit_due", _("应回访的有效投诉"), RECEIVED, _visit_due),
    Figure("visited", _("已回访"), RECEIVED, _visit(*REACHED)),
    Figure("visit_unreachable", _("联系不上"), RECEIVED, _visit("unreachable")),
    Figure("visit_declined", _("拒绝回访"), RECEIVED, _visit("declined")),
    Figure("visit_missing", _("尚未回访"), RECEIVED, _visit("")),
    Figure("satisfied", _("满意"), RECEIVED, _visit("satisfied")),
    Figure("fairly_satisfied", _("基本满意"), RECEIVED, _visit("fairly_satisfied")),
    Figure("dissatisfied", _("不满意"), RECEIVED, _visit("dissatisfied")),
    Figure("visit_own", _("本人回访"), RECEIVED, lambda frame: _visit(*REACHED)(frame) & Q(visit_own=True)),
    Figure(
        "visit_other", _("他人回访"), RECEIVED, lambda frame: _visit(*REACHED)(frame) & Q(visit_own=False)
    ),
    Figure(
        "visit_unknown",
        _("不知由谁回访"),
        RECEIVED,
        lambda frame: _visit(*REACHED)(frame) & Q(visit_own__isnull=True),
    ),
    Figure(
        "valid_answered", _("有效且已答复"), RECEIVED, lambda frame: _valid() & Q(answered_at__isnull=False)
    ),
    Figure("valid_solved", _("有效且已办完"), RECEIVED, lambda frame: _valid() & Q(solved_at__isnull=False)),
    Figure("content", _("满意或基本满意"), RECEIVED, _visit("satisfied", "fairly_satisfied")),
    Figure("approved_closures", _("其中特批结案"), RECEIVED, _is(approved_closure=True)),
    Figure("downgraded", _("临近时限改低要求"), RECEIVED, _is(downgraded=True)),
    Figure("late_registered", _("补录登记"), RECEIVED, _is(late_entry=True)),
    Figure("late_recorded", _("过程补录"), RECEIVED, _is(late_event=True)),
    Figure("received_voided", _("其中作废"), RECEIVED, _is(state="voided")),
]
_OTHERS = [
    Figure("chases", _("催办次数"), CHASES, _all),
    Figure("promises", pgettext_lazy("figure", "承诺"), PROMISES, _all),
    Figure("promises_kept", _("兑现的承诺"), PROMISES, _promise_kept),
    Figure("promises_broken", _("未兑现的承诺"), PROMISES, _promise_broken),
    Figure("promises_open", _("未到期的承诺"), PROMISES, _promise_open),
    Figure("promises_void", _("不再适用的承诺"), PROMISES, _promise_void),
]
FIGURES: dict[str, Figure] = {one.name: one for one in (*_BALANCE, *_RECEIVED, *_OTHERS)}
BALANCE = [one.name for one in _BALANCE]
ENDINGS = ("closed", "closed_approved", "withdrawn", "returned", "voided")

COMPLAINT_BUCKETS = {"validity": "complaints"}
"""Dimensions that are of complaints only; all others are of everything received."""
