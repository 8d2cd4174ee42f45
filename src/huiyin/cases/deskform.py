"""The register form as it is sent: facts, times, and whom it is about."""

from __future__ import annotations

import re
import uuid as uuids
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict

from huiyin.cases.facts import moment
from huiyin.cases.ownfacts import own_facts_from
from huiyin.procedures.selectors import Rules

# Facts that the form carries under their own names.
FACTS = (
    "kind", "channel", "unit", "household", "customer", "place", "equipment", "reporter", "reporter_phone",
    "category", "demand", "answer_by", "external_number", "text",
)  # fmt: skip
SUBJECT = ("household", "place", "equipment", "customer")
PHONE = re.compile(r"[\d\s+()-]{5,40}")
PICKED = (*SUBJECT, "who_title")
FLAGS = {"urgency": "urgent", "severity": "severe"}


def facts_from(post: QueryDict | Mapping[str, str], rules: Rules) -> dict[str, Any]:
    """The facts of a registration as the form sends them, the pack's own among them.

    Raises InvalidInput for a time that is none, or another value that cannot be read.
    """
    data: dict[str, Any] = {name: post.get(name, "") for name in FACTS}
    for name, value in FLAGS.items():
        if post.get(name) == value:
            data[name] = value
    if post.get("safety"):
        data["safety"] = True
    if data["answer_by"]:
        data["answer_by"] = moment(data["answer_by"], "answer_by").isoformat()
    found = data | _caller(post, data) | own_facts_from(post, rules)
    return {name: value for name, value in found.items() if value != ""}


def _caller(post: QueryDict | Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed in the first field where nothing was picked from it: a name or a number, never lost."""
    typed = post.get("who", "").strip()
    if not typed or any(data[name] for name in (*SUBJECT, "reporter", "reporter_phone")):
        return {}
    return {"reporter_phone" if PHONE.fullmatch(typed) else "reporter": typed[:80]}


def at_from(post: QueryDict | Mapping[str, str]) -> datetime | None:
    value = post.get("at", "")
    return moment(value, "at") if value else None


def uuid_from(value: str | None) -> uuids.UUID | None:
    try:
        return uuids.UUID(str(value))
    except ValueError:
        return None
