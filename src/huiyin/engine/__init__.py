"""The procedure machine: plain functions over plain data, without Django, clock or input and output.

pack = huiyin.procedures.packfiles.load_pack("PM1")
procedure = compile_pack(pack)
calendar = build_calendar(procedure)
standing, effects = step(None, event, {}, procedure, calendar)
standing, effects = advance(standing, now, procedure, calendar)
"""

from huiyin.engine.advance import advance, next_moment
from huiyin.engine.calendar import Calendar, DayTable, build_calendar
from huiyin.engine.compile import compile_pack
from huiyin.engine.errors import CalendarRangeError, EngineError
from huiyin.engine.explain import explain_due
from huiyin.engine.parse import check_event, event_from_dict
from huiyin.engine.procedure import Procedure
from huiyin.engine.schema import Pack
from huiyin.engine.step import replay, step
from huiyin.engine.steps import open_steps
from huiyin.engine.types import (
    Approval,
    Breach,
    Clock,
    Effect,
    Entry,
    Event,
    ExplainStep,
    Facts,
    OpenStep,
    Required,
    Slip,
    Standing,
)

__all__ = [
    "Approval",
    "Breach",
    "Calendar",
    "CalendarRangeError",
    "Clock",
    "DayTable",
    "Effect",
    "EngineError",
    "Entry",
    "Event",
    "ExplainStep",
    "Facts",
    "OpenStep",
    "Pack",
    "Procedure",
    "Required",
    "Slip",
    "Standing",
    "advance",
    "build_calendar",
    "check_event",
    "compile_pack",
    "event_from_dict",
    "explain_due",
    "next_moment",
    "open_steps",
    "replay",
    "step",
]
