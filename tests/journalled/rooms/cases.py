"""The services of cases, each part of the room in a file beside this one."""

from __future__ import annotations

from tests.journalled.rooms import _case_page, _register

PERFORM = {**_case_page.PERFORM, **_register.PERFORM}
READS = _register.READS
