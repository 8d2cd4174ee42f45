"""`huiyin pack submit|editions|diff`: the life of editions from the command line."""

from __future__ import annotations

import argparse
from typing import Any

from huiyin.cli.common import print_json, start_django
from huiyin.procedures.packfiles import load_pack


def submit(args: argparse.Namespace) -> int:
    """Status 0 where it waits for signatures now, or is approved because it names nobody."""
    from huiyin.cli.pack import company_of

    company = company_of(args.company)
    from huiyin.organization.actors import system_actor
    from huiyin.procedures.life import submit_edition

    edition = submit_edition(actor=system_actor(company.pk), source=args.pack)
    found = _line(edition)
    if args.json:
        print_json(found)
    else:
        print(_text(found))
    return 0


def editions(args: argparse.Namespace) -> int:
    from huiyin.cli.pack import company_of

    company = company_of(args.company)
    from huiyin.procedures.models import Edition

    rows = Edition.objects.filter(company=company).select_related("procedure").defer("forms")
    lines = [_line(one) for one in rows.order_by("procedure__code", "effective_from", "id")]
    if args.json:
        print_json(lines)
        return 0
    for one in lines:
        print(_text(one))
    return 0


def _line(edition: Any) -> dict[str, Any]:
    from huiyin.procedures.life import wanted_signatures

    return {
        "procedure": edition.procedure.code,
        "edition": edition.label,
        "state": edition.state,
        "effective_from": edition.effective_from.isoformat(),
        "digest": edition.digest,
        "signatures": [_signature(one) for one in edition.signatures.all()],
        "waiting_for": [one.post for one in wanted_signatures(edition) if one.signature is None],
    }


def _signature(one: Any) -> dict[str, str]:
    return {
        "act": str(one.act),
        "post": one.post,
        "name": one.name,
        "at": one.at.isoformat(),
        "note": one.note,
    }


def _text(line: dict[str, Any]) -> str:
    waiting = ", ".join(line["waiting_for"]) if line["state"] in ("draft", "reviewed") else ""
    parts = [line["procedure"], line["edition"], line["state"], line["effective_from"]]
    return "\t".join([*parts, *([f"waits for {waiting}"] if waiting else [])])


def diff(args: argparse.Namespace) -> int:
    """Status 1 where the rules differ, as `diff` does."""
    old, new = load_pack(args.old, lang=args.lang), load_pack(args.pack, lang=args.lang)
    start_django()
    from django.utils import translation

    from huiyin.procedures.difference import difference

    with translation.override("en" if args.lang == "en" else "zh-hans"):
        changes = difference(old, new)
        if args.json:
            print_json([_change(one) for one in changes])
        else:
            _print(changes)
    return 1 if changes else 0


def _change(one: Any) -> dict[str, Any]:
    rows = [
        {"what": each.what, "label": str(each.label), "before": each.before, "after": each.after}
        for each in one.changes
    ]
    return {"clause": one.clause, "title": one.title, "changes": rows}


def _print(changes: list[Any]) -> None:
    for one in changes:
        print(f"{one.clause} {one.title}".strip())
        for each in one.changes:
            if each.before:
                print(f"  - {each.label}: {each.before}")
            if each.after:
                print(f"  + {each.label}: {each.after}")
