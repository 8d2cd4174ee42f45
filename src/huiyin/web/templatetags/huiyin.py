"""Template tags and filters that every page has without loading them. docs/ui.md shows each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from huiyin.core import clock, phrases, times
from huiyin.web import states
from huiyin.web.navigation import safe_url
from huiyin.web.problems import Problem
from huiyin.web.problems import problem_of as find_problem
from huiyin.web.sprite import FALLBACK, icon_names

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. With a label it speaks for itself; without, the word beside it does."""
    if name not in icon_names():
        if settings.DEBUG:
            raise template.TemplateSyntaxError(f"no icon {name!r}: add it to tools/vendor/icons.txt")
        name = FALLBACK
    return _drawn(name, label, css, static("vendor/icons.svg"))


@lru_cache(maxsize=2048)
def _drawn(name: str, label: str, css: str, sprite: str) -> SafeString:
    """A page has hundreds of icons and few different ones."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"></use></svg>', css, spoken, sprite, name)


@register.filter
def moment(when: datetime | None) -> SafeString | str:
    """11月22日 周日 16:30; the exact time on hover."""
    if not when:
        return "—"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(),
        times.exact_text(when),
        times.moment_text(when),
    )


@register.filter
def day(when: date | None) -> SafeString | str:
    """11月22日, with the year where it is not this one."""
    if not when:
        return "—"
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), times.day_text(when))


@register.filter
def span(value: Any) -> str:
    """A timedelta as 2 小时 10 分."""
    return times.span_text(value) if value is not None else "—"


@register.filter(name="time_left")
def time_left_filter(due: datetime | None, warn_at: datetime | None = None) -> SafeString | str:
    """还剩 2 小时 10 分 or 已超 1 天, with icon and class is-late, is-soon or is-calm."""
    if not due:
        return ""
    left = times.time_left(due, warn_at)
    return format_html(
        '<time class="time-left is-{}" datetime="{}" title="{}">{}{}</time>',
        left.mark,
        due.isoformat(),
        times.exact_text(due),
        icon(left.icon),
        left.text,
    )


@register.filter
def listed(words: Iterable[object]) -> str:
    """甲、乙、丙, as the language of the page does it."""
    return phrases.listed(words)


@register.filter
def masked(phone: str | None) -> str:
    """138****1234; a landline keeps its last four digits, a short number its last two."""
    text = (phone or "").strip()
    if len(text) >= 11:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return (
        f"{'*' * (len(text) - (4 if len(text) > 6 else 2))}{text[-4 if len(text) > 6 else -2 :]}"
        if text
        else ""
    )


@register.simple_tag
def clause_chip(clause: str | None, edition: str | int | None = None) -> SafeString | str:
    """A small chip that opens the clause; without a link where the procedures are not there to open."""
    if not clause:
        return ""
    url = safe_url("procedures:clause", edition, clause) if edition else ""
    url = url or safe_url("procedures:clause", clause)
    words = _("依据条款 {clause}").format(clause=clause)
    if not url:
        return format_html('<span class="clause-chip" title="{}">{}</span>', words, clause)
    return format_html('<a class="clause-chip" href="{}" title="{}">{}</a>', url, words, clause)


@register.simple_tag
def state_badge(state: str, label: str = "") -> SafeString:
    """Where a case stands: a word with a shape."""
    shown = states.STATES.get(str(state), states.UNKNOWN)
    return format_html(
        '<span class="state is-{}">{}{}</span>',
        shown.tone,
        icon(shown.icon),
        label or shown.label or str(state),
    )


@register.simple_tag
def level_badge(level: str, label: str, tone: str = "") -> SafeString | str:
    """A level or urgency: `tone` is grave, high or plain."""
    if not label:
        return ""
    return format_html('<span class="level is-{}" data-level="{}">{}</span>', tone or "plain", level, label)


@register.simple_tag
def bar(value: float | int | None, total: float | int = 100, label: str = "", tone: str = "") -> SafeString:
    """A thin bar. An SVG, because the content security policy refuses inline styles."""
    share = 0.0 if not value or not total else max(0.0, min(1.0, float(value) / float(total)))
    return format_html(
        '<svg class="bar is-{}" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="bar-track" width="100" height="6"></rect>'
        '<rect class="bar-value" width="{}" height="6"></rect></svg>',
        tone or "plain",
        label or f"{round(share * 100)}%",
        round(share * 100, 2),
    )


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with changes; None takes one away. Paging starts anew unless it is named."""
    request = context.get("request")
    params = request.GET.copy() if request is not None else QueryDict(mutable=True)
    params.pop("after", None)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(one) for one in value])
        else:
            params[name] = str(value)
    text = params.urlencode()
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def query_set(context: template.Context, name: str, value: Any) -> str:
    """`query` where the parameter's name is a variable."""
    return str(query(context, **{name: value}))


@register.filter
def in_list(value: Any, values: Iterable[Any] | None) -> bool:
    return value in (values or ())


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping|get:key`, where the key is a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.simple_tag
def problem_of(status: int) -> Problem:
    """What an error page says."""
    return find_problem(status)


@register.simple_tag
def today() -> date:
    return clock.today()


def _css_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return ""
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control" if not isinstance(widget, FileInput) else "form-control form-file"


@register.simple_tag
def control(bound: BoundField, **attrs: Any) -> SafeString:
    """The input of a form field, with the classes of the design and its errors announced."""
    classes = [_css_of(bound), str(bound.field.widget.attrs.get("class", "")), str(attrs.pop("class", ""))]
    if bound.errors:
        classes.append("is-invalid")
        attrs["aria-invalid"] = "true"
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    attrs["class"] = " ".join(one for one in classes if one)
    return bound.as_widget(attrs={name.replace("_", "-"): value for name, value in attrs.items()})


@register.inclusion_tag("web/_field.html")
def field(bound: BoundField, hint: str = "", **attrs: Any) -> dict[str, Any]:
    """Label, input, help and errors of a form field."""
    widget = bound.field.widget
    return {
        "field": bound,
        "hint": hint or bound.help_text,
        "attrs": attrs,
        "control": control(bound, **attrs),
        "single_check": isinstance(widget, CheckboxInput),
        "group": isinstance(widget, CheckboxSelectMultiple | RadioSelect),
    }
