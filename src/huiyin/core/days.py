"""Days that a person may ask about: what lies outside has no day beside it, or no time zone."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
DAYS = (MinValueValidator(FIRST), MaxValueValidator(LAST))
