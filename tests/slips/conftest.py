"""The same company as for cases."""

from __future__ import annotations

from tests.cases.conftest import world

__all__ = ["world"]
