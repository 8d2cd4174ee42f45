"""Who may look at the assessments of a case: who decides, those above, the person himself, auditors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from huiyin.cases.models import Case
from huiyin.journal.models import Entry
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.selectors import rules_of

# Of an assessment's event these are for those concerned alone.
CONFIDENTIAL = frozenset({"amount", "measure", "person", "reason", "text"})


def concerned_in(actor: Actor, case: Case) -> frozenset[str]:
    """The names of the case's assessments that this actor may look at."""
    assessments = case.standing.get("assessments") or ()
    return frozenset(one["name"] for one in assessments if _concerned(actor, case, one))


def _concerned(actor: Actor, case: Case, one: Mapping[str, Any]) -> bool:
    if actor.system or actor.may(Capability.AUDIT, case.unit_id):
        return True
    if actor.person is not None and one.get("person") == actor.person.username:
        return True
    posts = rules_of(case.edition).procedure.posts
    held = (held.post for held in actor.posts_at(case.unit_id))
    return any(posts.at_or_above(post, one["by"]) or posts.acts_for(post, [one["by"]]) for post in held)


def told_to(actor: Actor, case: Case, entries: Iterable[Entry]) -> list[Entry]:
    """The journal's entries without the assessments that do not concern the actor."""
    known: frozenset[str] | None = None
    found = []
    for entry in entries:
        name = assessment_of(entry)
        if name:
            known = concerned_in(actor, case) if known is None else known
            if name not in known:
                continue
        found.append(entry)
    return found


def assessment_of(entry: Entry) -> str:
    """The assessment that an entry is about; empty for everything else."""
    if entry.name == "assessed":
        return str(entry.data.get("assessment", ""))
    if entry.name == "action_required" and entry.data.get("action") == "assess":
        return str((entry.data.get("params") or {}).get("assessment", ""))
    return ""


def without_secrets(event: str, data: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """What an event says, as somebody may read it who is concerned in these assessments."""
    if event != "assessed" or data.get("assessment") in known:
        return dict(data)
    return {name: value for name, value in data.items() if name not in CONFIDENTIAL}
