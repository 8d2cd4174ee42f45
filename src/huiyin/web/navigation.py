"""The navigation as one actor sees it: what his capabilities allow and what exists."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from huiyin.core.shell import NavItem, Text, nav_items, register_nav
from huiyin.organization.actors import Actor

__all__ = ["NavItem", "Place", "navigation", "register_defaults", "register_nav", "safe_url"]


@dataclass(frozen=True, slots=True)
class Place:
    """A navigation item with its address, ready to show."""

    url: str
    label: Text
    icon: str
    key: str
    current: bool
    url_name: str


def safe_url(url_name: str, *args: object) -> str:
    """The address of a URL name, or nothing where the room that owns it is absent."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def _is_current(item: NavItem, request: HttpRequest) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    name = match.view_name or ""
    return name == item.url_name or any(name.startswith(one) for one in item.prefix)


def navigation(request: HttpRequest, actor: Actor, *, firms: bool = False) -> list[Place]:
    """Items in order, the most specific match marked as current; `firms`: as a company calls them whose
    customers are firms."""
    found = []
    for item in nav_items():
        needed = item.capabilities
        if needed and not any(actor.may(one) for one in needed):
            continue
        if url := safe_url(item.url_name):
            label = (item.firms_label if firms else "") or item.label
            current = _is_current(item, request)
            found.append(Place(url, label, item.icon, item.key, current, item.url_name))
    return found


def register_defaults() -> None:
    """The places of the shell. A room may replace its own by registering the same URL name."""
    for item in (
        NavItem("cases:desk", _("工作台"), "layout-dashboard", "view", 10, "g d"),
        NavItem("cases:register", _("登记"), "edit", "register", 20, "n"),
        NavItem("cases:list", _("工单"), "list-details", "view", 30, "g l", ("cases:detail", "cases:case")),
        NavItem("cases:follow-ups", _("回访"), "phone-outgoing", "follow_up", 40, "g f"),
        NavItem("slips:list", _("联络单"), "transfer", "view", 50, "g s", ("slips:",)),
        NavItem("reports:index", _("报表"), "chart-bar", "report", 60, "g r", ("reports:",)),
        NavItem(
            "procedures:index",
            _("程序文件"),
            "book",
            ("view", "procedures", "audit"),
            70,
            "g p",
            ("procedures:",),
        ),
        NavItem(
            "customers:index",
            _("业主"),
            "users",
            ("customers", "register"),
            80,
            "g c",
            ("customers:",),
            _("客户"),
        ),
        NavItem(
            "organization:index", _("设置"), "settings", "admin", 90, "g o", ("organization:", "imports:")
        ),
    ):
        if all(known.url_name != item.url_name for known in nav_items()):
            register_nav(item)
