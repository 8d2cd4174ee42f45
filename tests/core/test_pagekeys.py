"""Where a page begins, as addresses say it: ours come back, others are none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.core.pagekeys import page_key, read_page_key

SECONDS = st.integers(-2_000_000_000, 7_000_000_000)  # 1906 to 2191
MOMENTS = st.none() | SECONDS.map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, st.integers(0, 2**63 - 1))
def test_ours_come_back(at: datetime | None, number: int) -> None:
    assert read_page_key(page_key(at, number)) == (at, number)


@given(st.text())
def test_whatever_stands_in_an_address_is_read_or_not(text: str) -> None:
    read_page_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-13-01T00:00:00+08:00|1",
        "2026-01-01T00:00:00|1",
        "0001-01-01T00:00:00+14:00|1",
        "|9223372036854775808",
        "|" + "9" * 5000,
        "|²",
        "1",
    ],
)
def test_others_are_none(text: str) -> None:
    assert read_page_key(text) is None
