"""`huiyin simulate`: events as JSON Lines through a procedure; its effects as JSON Lines."""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import datetime
from pathlib import Path

from huiyin.core.errors import InvalidInput
from huiyin.engine import Calendar, EngineError, build_calendar, compile_pack
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
        until = _until(args.until, calendar)
        events = read_lines(_lines(args.events), procedure, calendar)
        effects = simulate(events, procedure, calendar, until)
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.writelines(line + "\n" for line in output(effects))
        sys.stdout.flush()
    except EngineError as error:
        raise InvalidInput(str(error), code=error.code) from None
    return 0


def _lines(name: str) -> list[str]:
    """Only a line feed ends a line: JSON text may hold every other separator."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{name}: {error.strerror}") from None
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"line {line}: not UTF-8 text") from None


def _until(text: str | None, calendar: Calendar) -> datetime | None:
    if text is None:
        return None
    try:
        until = datetime.fromisoformat(text)
        if until.tzinfo is None:
            raise InvalidInput(f"--until has no offset: {text}")
        return calendar.local(until)
    except (ValueError, OverflowError):
        raise InvalidInput(f"--until is no time: {text}") from None
