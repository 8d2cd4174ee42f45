"""Faults that are nobody's input and pass: the database out of reach or locked, the disk full."""

from __future__ import annotations

import errno

from django.db import InterfaceError, OperationalError

RETRY_AFTER = 5  # seconds, for clients that ask again by themselves
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def passes(error: BaseException | None) -> bool:
    """Whether the same request may succeed a little later. Its transaction is rolled back by then."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    return isinstance(error, OperationalError | InterfaceError)
