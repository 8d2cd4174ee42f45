"""Times in the words people use: 11月22日 周日 16:30, 还剩 2 小时 10 分, 已超 1 天."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core import clock

SOON = timedelta(hours=2)
WEEKDAYS = [
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
]


def day_text(when: date) -> str:
    """11月22日, with the year where it is not this one."""
    if when.year == clock.today().year:
        return date_format(when, _("n月j日"))
    return date_format(when, _("Y年n月j日"))


def moment_text(when: datetime) -> str:
    local = timezone.localtime(when)
    return _("{date} {weekday} {time}").format(
        date=day_text(local), weekday=WEEKDAYS[local.weekday()], time=local.strftime("%H:%M")
    )


def exact_text(when: datetime) -> str:
    """To the second, with the year: what is shown on hover."""
    local = timezone.localtime(when)
    return f"{date_format(local, _('Y年n月j日'))} {local:%H:%M:%S}"


def span_text(span: timedelta) -> str:
    """The two largest parts: 3 天, 1 天 4 小时, 2 小时 10 分, 25 分."""
    minutes = int(abs(span).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days >= 3 or (days and not hours):
        return _("{days} 天").format(days=days)
    if days:
        return _("{days} 天 {hours} 小时").format(days=days, hours=hours)
    if hours and minutes:
        return _("{hours} 小时 {minutes} 分").format(hours=hours, minutes=minutes)
    if hours:
        return _("{hours} 小时").format(hours=hours)
    return _("{minutes} 分").format(minutes=minutes) if minutes else _("不到 1 分钟")


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`mark` is late, soon or calm; each has an icon, so that colour never stands alone."""

    mark: str
    text: str

    @property
    def icon(self) -> str:
        return {"late": "alert-triangle", "soon": "clock-exclamation"}.get(self.mark, "clock")


def time_left(due: datetime, warn_at: datetime | None = None, *, now: datetime | None = None) -> TimeLeft:
    """What is left until `due`; it is soon from `warn_at` on, or in the last two hours."""
    moment = now or clock.now()
    if moment > due:
        return TimeLeft("late", _("已超 {span}").format(span=span_text(moment - due)))
    soon = moment >= (warn_at if warn_at is not None else due - SOON)
    return TimeLeft("soon" if soon else "calm", _("还剩 {span}").format(span=span_text(due - moment)))
