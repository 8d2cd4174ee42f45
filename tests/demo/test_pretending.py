"""The one way to be at another time: for making a past, and nowhere else."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from huiyin.core import clock

THEN = datetime(2020, 2, 29, 23, 59, 59, 999_999, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_within_the_block_it_is_then_and_afterwards_now() -> None:
    before = clock.now()
    with clock.pretend(THEN):
        assert clock.now() == THEN.replace(microsecond=0)
        assert clock.today().isoformat() == "2020-02-29"
        with clock.pretend(THEN + timedelta(days=1)):
            assert clock.today().isoformat() == "2020-03-01"
        assert clock.today().isoformat() == "2020-02-29"
    assert clock.now() >= before


def test_a_failure_inside_brings_the_present_back() -> None:
    with pytest.raises(ValueError, match="broken"), clock.pretend(THEN):
        raise ValueError("broken")
    assert clock.now().year > 2020


def test_others_who_work_meanwhile_stay_in_the_present() -> None:
    seen: list[datetime] = []
    with clock.pretend(THEN):
        worker = Thread(target=lambda: seen.append(clock.now()))
        worker.start()
        worker.join()
    assert seen[0].year > 2020
