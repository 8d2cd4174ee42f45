"""`huiyin simulate`: events as JSON Lines through a procedure; its effects as JSON Lines."""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import datetime

from huiyin.core.errors import InvalidInput
from huiyin.engine import EngineError, build_calendar, compile_pack
from huiyin.engine.simulate import output, read_lines, simulate
from huiyin.procedures.packfiles import load_pack

SUMMARY = "run events through a procedure and print what it makes of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", metavar="PACK", help="a pack's folder, or the code of a ready-made one")
    parser.add_argument("events", metavar="EVENTS.jsonl", help="one event a line; - reads standard input")
    parser.add_argument("--until", metavar="TIME", help="when time ends, inclusive; default: the last event")


def run(args: argparse.Namespace) -> int:
    """Nothing is printed where any line is wrong."""
    pack = load_pack(args.pack)
    gc.disable()
    try:
        procedure = compile_pack(pack)
        calendar = build_calendar(procedure)
        events = read_lines(_lines(args.events), procedure, calendar)
        effects = simulate(events, procedure, calendar, _until(args.until))
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.writelines(line + "\n" for line in output(effects))
        sys.stdout.flush()
    except EngineError as error:
        raise InvalidInput(str(error), code=error.code) from None
    return 0


def _lines(name: str) -> list[str]:
    try:
        if name == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig").splitlines()
        with open(name, encoding="utf-8-sig") as file:
            return file.read().split("\n")
    except OSError as error:
        raise InvalidInput(f"{name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"{name}: not UTF-8 text") from None


def _until(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        until = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"--until is no time: {text}") from None
    if until.tzinfo is None:
        raise InvalidInput(f"--until has no offset: {text}")
    return until
