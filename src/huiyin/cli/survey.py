"""`huiyin survey`: draw a sample, put a reserve in somebody's place, score the answers. No database."""

from __future__ import annotations

import argparse
import gc
import getpass
import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

from huiyin.config.environment import environment
from huiyin.core.errors import InvalidInput
from huiyin.procedures.packfiles import FILE, builtin_packs, find_pack, load_pack
from huiyin.surveys.core import (
    Result,
    draw,
    margin_of_error,
    read_table,
    replace,
    sample_size,
    score_files,
    write_rows,
)
from huiyin.surveys.drawlog import NAME, read_draws, record_draw
from huiyin.surveys.packplans import plan_problems
from huiyin.surveys.plans import find_plan, load_plan

SUMMARY = "draw the sample of a survey and score its answers, by its plan"
PLAN_HELP = "the plan's file, or PACK:CODE for a survey of a ready-made pack"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    one = actions.add_parser("draw", help="choose who is asked; prints the sample as CSV")
    one.add_argument("plan", metavar="PLAN.toml", help=PLAN_HELP)
    one.add_argument("frame", metavar="FRAME.csv", help="everybody who could be asked, a row each")
    one.add_argument("--seed", required=True, type=int, metavar="N", help="kept in the log of draws")
    one.add_argument("--on", metavar="DATE", help="the day that ages in the plan count back from")
    one.add_argument("--out", metavar="FILE", help="write the sample here instead of printing it")
    one.add_argument("--reason", default="", help="why it is drawn again, where it was drawn before")
    one.add_argument("--log", metavar="FILE", help="the log of draws; default: in the data folder")
    two = actions.add_parser("score", help="figures of the answers, as JSON")
    two.add_argument("plan", metavar="PLAN.toml", help=PLAN_HELP)
    two.add_argument("sample", metavar="SAMPLE.csv", help="as `draw` wrote it")
    two.add_argument("answers", metavar="ANSWERS.csv", help="a row for each form, a column for each item")
    two.add_argument("--json", action="store_true", help="as JSON")
    two.add_argument("--detail", action="store_true", help="standard errors, counts, groups, bounds as well")
    two.add_argument("--by", action="append", default=[], metavar="COLUMN", help="break down by a column")
    _add_small(actions)


def _add_small(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    swap = actions.add_parser("replace", help="a reserve in the place of somebody; prints the new sample")
    swap.add_argument("plan", metavar="PLAN.toml")
    swap.add_argument("sample", metavar="SAMPLE.csv")
    swap.add_argument("id", metavar="ID", help="who is replaced")
    swap.add_argument("--because", required=True, help="a reason that the plan allows")
    size = actions.add_parser("size", help="how many to ask, or the margin of error of so many answers")
    size.add_argument("population", type=int, metavar="N")
    size.add_argument("--margin", type=float, default=0.05, help="as a fraction; default 0.05")
    size.add_argument("--answers", type=int, metavar="n", help="the margin of so many answers instead")
    check = actions.add_parser("check", help="say what is wrong with a plan, or with all plans of a pack")
    check.add_argument("plan", metavar="PLAN.toml", help=f"{PLAN_HELP}, or a pack")
    check.add_argument("--lang", choices=("zh", "en"), default="zh")
    log = actions.add_parser("draws", help="every draw that was made")
    log.add_argument("--log", metavar="FILE")
    log.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    actions = {
        "draw": _draw,
        "score": _score,
        "replace": _replace,
        "size": _size,
        "check": _check,
        "draws": _draws,
    }
    return actions[args.action](args)


def _log(args: argparse.Namespace) -> Path:
    """In the operator's data folder, unless another place was named."""
    return Path(args.log) if args.log else environment().file("surveys", NAME)


def _draw(args: argparse.Namespace) -> int:
    """The draw is logged before it is shown; a draw that cannot be logged is not made."""
    from huiyin.core import clock

    plan = load_plan(args.plan)
    gc.disable()
    frame = read_table(args.frame)
    drawn = draw(plan, frame, args.seed, on=_day(args.on))
    text = drawn.csv()
    entry = {
        "plan": plan.survey.code,
        "plan_digest": sha256(find_plan(args.plan).read_bytes()).hexdigest(),
        "frame_digest": frame.digest,
        "frame_rows": drawn.frame_size,
        "seed": args.seed,
        "on": args.on,
        "rows": len(drawn.chosen),
        "sample_digest": sha256(text.encode()).hexdigest(),
        "reason": args.reason,
        "by": getpass.getuser(),
    }
    _use_utc_clock()
    line = record_draw(_log(args), at=clock.now(), entry=entry)
    for note in drawn.notes:
        print(f"huiyin: note: {json.dumps(note, ensure_ascii=False)}", file=sys.stderr)
    if line["earlier"]:
        seeds = ", ".join(str(one["seed"]) for one in line["earlier"])
        print(f"huiyin: plan {plan.survey.code} was drawn before, with seeds: {seeds}", file=sys.stderr)
    if args.out:
        Path(args.out).write_text(text, encoding="utf-8", newline="")
    else:
        sys.stdout.write(text)
    return 0


def _use_utc_clock() -> None:
    """The log's times are in UTC where no application is set up."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_TZ=True, TIME_ZONE="UTC")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"--on is no date: {text}") from None


def _score(args: argparse.Namespace) -> int:
    """JSON with --json or --detail; otherwise a few lines to read."""
    gc.disable()
    result = score_files(load_plan(args.plan), args.sample, args.answers, by=args.by)
    if args.json or args.detail or args.by:
        shown = result.as_json()
        if args.detail or args.by:
            shown["detail"] = result.in_detail()
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    _print(result)
    return 0


def _print(result: Result) -> None:
    shown = result.as_json()
    rate = shown["satisfaction_rate"]
    print(f"handed out {result.handed_out}, returned {result.returned} ({result.response_rate:.1%})")
    print(f"valid: {'yes' if result.valid else 'no'}  {json.dumps(result.reason, ensure_ascii=False)}")
    print(f"satisfaction rate {rate['before']} (after deduction {rate['after']}), index {shown['index']}")
    print(f"margin of error {shown['margin_of_error']}")
    for item in shown["items"]:
        print(f"  {item['key']}: n {item['n']}, rate {item['rate']} {item['interval']}, mean {item['mean']}")
    for flag in shown["flags"]:
        print(f"  ! {json.dumps(flag, ensure_ascii=False)}")


def _replace(args: argparse.Namespace) -> int:
    table = replace(load_plan(args.plan), read_table(args.sample), args.id, because=args.because)
    sys.stdout.write(write_rows(table.columns, table.rows))
    return 0


def _size(args: argparse.Namespace) -> int:
    if args.population < 1 or not 0 < args.margin < 1:
        raise InvalidInput("N is at least 1 and the margin between 0 and 1")
    if args.answers is not None:
        print(f"{margin_of_error(args.answers, args.population) or 0:.4f}")
    else:
        print(sample_size(args.population, args.margin))
    return 0


def _check(args: argparse.Namespace) -> int:
    if args.plan in builtin_packs() or (Path(args.plan) / FILE).is_file():
        problems = plan_problems(load_pack(args.plan), find_pack(args.plan))
        print("\n".join(problems) or f"{args.plan}: ok")
        return int(bool(problems))
    plan = load_plan(args.plan, lang=args.lang)
    clauses = ", ".join(sorted(plan.clauses()))
    print(f"{plan.survey.code}: {len(plan.item)} items; clauses {clauses}")
    return 0


def _draws(args: argparse.Namespace) -> int:
    lines = read_draws(_log(args))
    if args.json:
        print(json.dumps(lines, ensure_ascii=False, indent=2))
        return 0
    for line in lines:
        words = (line["number"], line["at"], line["plan"], f"seed {line['seed']}", f"{line['rows']} rows")
        print("  ".join(map(str, (*words, line["by"]))))
    return 0
