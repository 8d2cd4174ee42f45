"""Telephone numbers: kept in one form, shown masked."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

REGION = "CN"
# below this many figures a number says nothing about who it is
SHORTEST = 3


def normalise(text: str) -> tuple[str, str]:
    """(number, digits): E.164 where it is a real number, otherwise as given; and what is dialled here.

    Raises ValueError where there are fewer than three figures in it.
    """
    given = unicodedata.normalize("NFKC", text).strip()
    figures = re.sub(r"\D", "", given)
    if len(figures) < SHORTEST:
        raise ValueError(text)
    try:
        parsed = phonenumbers.parse(given, REGION)
    except phonenumbers.NumberParseException:
        return re.sub(r"\s+", "", given)[:40], figures[:40]
    if not phonenumbers.is_valid_number(parsed) or parsed.extension:
        return re.sub(r"\s+", "", given)[:40], figures[:40]
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if parsed.country_code != phonenumbers.country_code_for_region(REGION):
        return number, number.lstrip("+")
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return number, re.sub(r"\D", "", national)


def masked(digits: str) -> str:
    """138****8000, 0755****1234; of a short number less is shown, so that it cannot be guessed."""
    if len(digits) >= 11:
        return f"{digits[:-8]}****{digits[-4:]}"
    if len(digits) >= 7:
        return f"{digits[:2]}****{digits[-2:]}"
    return "*" * max(2, len(digits) - 2) + digits[-2:]


def readable(digits: str) -> str:
    """138 0013 8000, as one reads it aloud."""
    return f"{digits[:3]} {digits[3:7]} {digits[7:]}" if len(digits) == 11 and digits[0] == "1" else digits
