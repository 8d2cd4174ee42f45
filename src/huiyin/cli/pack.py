"""`huiyin pack check|show|install|submit|editions|diff|replay`."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from huiyin.cli import pack_draft, pack_editions, pack_evidence, pack_replay
from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.engine import Pack
from huiyin.procedures.packfiles import FILE, builtin_packs, check_pack, find_pack, load_pack
from huiyin.procedures.packwords import say_problem

if TYPE_CHECKING:
    from huiyin.organization.models import Unit

SUMMARY = "check, show or install a procedure pack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="say what is wrong or incomplete")
    check.add_argument("pack", metavar="PACK")
    check.add_argument(
        "--company",
        metavar="CODE",
        help="also name posts nobody holds in this company (-: the only one)",
    )
    show = actions.add_parser("show", help="clauses and rules of a pack")
    show.add_argument("pack", metavar="PACK", nargs="?")
    show.add_argument("--schema", action="store_true", help="the JSON Schema of a pack instead")
    install = actions.add_parser("install", help="put a pack into the database as an edition")
    install.add_argument("pack", metavar="PACK")
    install.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    submit = actions.add_parser("submit", help="put a pack forward to be signed by the posts it names")
    submit.add_argument("pack", metavar="PACK")
    submit.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    editions = actions.add_parser("editions", help="editions with their state, days and signatures")
    editions.add_argument("--company", metavar="CODE", help="code of the company, where there are several")
    diff = actions.add_parser("diff", help="what the second pack changes, clause by clause, in sentences")
    diff.add_argument("old", metavar="OLD")
    diff.add_argument("pack", metavar="NEW")
    replay = actions.add_parser("replay", help="past cases through a draft, beside what happened")
    pack_replay.add_arguments(replay)
    evidence = actions.add_parser("evidence", help="how each clause of a procedure in force was followed")
    pack_evidence.add_arguments(evidence)
    draft = actions.add_parser("draft", help="propose a pack from a written procedure (Word, PDF, text)")
    pack_draft.add_arguments(draft)
    for one in (check, show, install, submit, editions, diff, replay, evidence, draft):
        one.add_argument("--json", action="store_true", help="as JSON")
        one.add_argument("--lang", choices=("zh", "en"), default="zh")


def run(args: argparse.Namespace) -> int:
    actions = {
        "check": _check,
        "show": _show,
        "install": _install,
        "submit": pack_editions.submit,
        "editions": pack_editions.editions,
        "diff": pack_editions.diff,
        "replay": pack_replay.run,
        "evidence": pack_evidence.run,
        "draft": pack_draft.run,
    }
    return actions[args.action](args)


def _check(args: argparse.Namespace) -> int:
    """1 where the pack cannot run; what only deserves a look is printed and is no failure."""
    try:
        pack, remarks = check_pack(args.pack, lang=args.lang)
    except HuiyinError as error:
        if args.json:
            problems = list(getattr(error, "problems", ())) or [error.message]
            print(
                json.dumps({"ok": False, "problems": problems, "remarks": []}, ensure_ascii=False, indent=2)
            )
            return 1
        raise
    remarks += _plans(args, pack)
    if args.company:
        remarks += _unheld(args, pack)
    if args.json:
        _print_json({"ok": True, "problems": [], "remarks": remarks})
        return 0
    for remark in remarks:
        print(remark)
    running = sum(clause.running for clause in pack.clause)
    name, total = f"{pack.procedure.code} {pack.procedure.edition}", len(pack.clause)
    if args.lang == "en":
        print(f"{name}: can run; {running} of {total} clauses are running")
    else:
        print(f"{name}：可以运行；{total} 条条款中 {running} 条在运行")
    return 0


def _plans(args: argparse.Namespace, pack: Pack) -> list[str]:
    """What does not agree in the pack's survey plans."""
    if not pack.survey:
        return []
    from huiyin.surveys.packplans import plan_problems

    return plan_problems(pack, find_pack(args.pack), args.lang)


def _unheld(args: argparse.Namespace, pack: Pack) -> list[str]:
    """Posts of the pack that nobody holds today."""
    company = company_of("" if args.company == "-" else args.company)
    from huiyin.procedures.staffing import unheld_posts

    return [say_problem(FILE, one, args.lang) for one in unheld_posts(company, pack)]


def company_of(code: str | None) -> Unit:
    """The company of that code, or the only one. Raises InvalidInput."""
    from huiyin.cli.common import require_migrated, start_django

    start_django()
    require_migrated()
    from huiyin.organization.models import Unit

    roots = Unit.objects.filter(parent__isnull=True)
    if code:
        roots = roots.filter(code=code)
    if roots.count() != 1:
        known = ", ".join(Unit.objects.filter(parent__isnull=True).values_list("code", flat=True))
        raise InvalidInput(f"name one company with --company CODE; there are: {known or 'none'}")
    found: Unit = roots.get()
    return found


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _show(args: argparse.Namespace) -> int:
    if args.schema:
        _print_json(Pack.model_json_schema())
        return 0
    if args.pack is None:
        for code, folder in builtin_packs().items():
            print(f"{code}\t{folder}")
        return 0
    pack = load_pack(args.pack, lang=args.lang)
    if args.json:
        print(pack.model_dump_json(by_alias=True, exclude_defaults=True, indent=2))
        return 0
    _print(pack, english=args.lang == "en")
    return 0


def _print(pack: Pack, *, english: bool) -> None:
    print(f"{pack.procedure.code} {pack.procedure.edition} {pack.procedure.title}")
    tables = [
        name
        for name in Pack.model_fields
        if isinstance(getattr(pack, name), list) and name not in ("clause", "post")
    ]
    for clause in pack.clause:
        mark = "" if clause.running else ("  (not running)" if english else "（未运行）")
        print(f"\n{clause.id}  {(clause.title_en or clause.title) if english else clause.title}{mark}")
        print(f"    {(clause.demands_en or clause.demands) if english else clause.demands}")
        for table in tables:
            for row in getattr(pack, table):
                if getattr(row, "clause", None) == clause.id:
                    named = row.model_dump(exclude_defaults=True, by_alias=True, mode="json")
                    named.pop("clause", None)
                    print(f"    [{table}] {json.dumps(named, ensure_ascii=False)}")


def _install(args: argparse.Namespace) -> int:
    """Checks first; the database is only touched by a pack that can run."""
    folder = find_pack(args.pack)
    load_pack(folder, lang=args.lang)
    company = company_of(args.company)
    from huiyin.procedures.services import install_pack

    edition = install_pack(company=company, source=folder)
    if args.json:
        _print_json({"procedure": edition.procedure.code, "edition": edition.label, "digest": edition.digest})
    else:
        print(f"{edition.procedure.code} {edition.label}")
    return 0
