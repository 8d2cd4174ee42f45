"""Where a page of a list begins, as addresses say it: time and number of the last row before it."""

from __future__ import annotations

from datetime import datetime

from django.utils.dateparse import parse_datetime

LARGEST = 2**63 - 1  # of a number in the database


def page_key(at: datetime | None, number: int) -> str:
    return f"{at.isoformat() if at else ''}|{number}"


def read_page_key(text: str) -> tuple[datetime | None, int] | None:
    """None for what is no key of ours: anybody can write an address."""
    at, _bar, number = text.partition("|")
    if not (number.isascii() and number.isdecimal()) or len(number) > 19 or int(number) > LARGEST:
        return None
    try:
        moment = parse_datetime(at) if at else None
    except ValueError:
        return None
    if at and (moment is None or moment.tzinfo is None or not 1900 <= moment.year <= 2200):
        return None
    return moment, int(number)
