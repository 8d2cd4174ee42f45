"""`huiyin demo` as people run it first of all."""

from __future__ import annotations

import subprocess

import pytest
from tests.cli.conftest import Run, environ, huiyin, own_name

__all__ = ["environ", "huiyin", "own_name"]


def _fine(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_made_once_found_again_and_its_journal_holds(huiyin: Run) -> None:
    first = _fine(huiyin("demo", "--build-only", "--months", "1"))
    assert "Making" in first
    assert "lixiaomei" in first
    second = _fine(huiyin("demo", "--build-only", "--months", "1"))
    assert "Making" not in second
    assert "lixiaomei" in second
    _fine(huiyin("verify"))


def test_a_company_of_ones_own_is_left_alone(huiyin: Run) -> None:
    _fine(
        huiyin("init", "--company", "和风物业", "--admin", "boss", "--password", "Tong3-hua-shi", "--no-pack")
    )
    refused = huiyin("demo", "--build-only")
    assert refused.returncode != 0
    assert "company of your own" in refused.stderr
