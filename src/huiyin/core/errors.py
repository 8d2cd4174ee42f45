"""The errors of the domain. Services raise them; one place turns them into HTTP, one into the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class HuiyinError(Exception):
    """Base of all errors a person can do something about.

    `code` is stable and for programs; `params` fill the sentence that is shown; `str(error)` is one line.
    """

    status = 400
    code = "error"

    def __init__(self, message: str, *, code: str | None = None, **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        if code is not None:
            self.code = code


class InvalidInput(HuiyinError):
    """What was given is wrong; `fields` maps a field's name to what is wrong with it."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: str, *, fields: Mapping[str, str] | None = None, code: str | None = None, **params: Any
    ) -> None:
        super().__init__(message, code=code, **params)
        self.fields = dict(fields or {})


class NotFound(HuiyinError):
    """It does not exist, or is not for this person to see: both look the same from outside."""

    status = 404
    code = "not_found"


class Forbidden(HuiyinError):
    """The person may see the object but may not do this."""

    status = 403
    code = "forbidden"


class Conflict(HuiyinError):
    """Somebody else was faster, or the same key was used for something else."""

    status = 409
    code = "conflict"


class Refused(HuiyinError):
    """The procedure refuses the event. `clause` is None where the engine itself refuses."""

    status = 409
    code = "refused"

    def __init__(
        self, message: str, *, event: str, reason: str, missing: Sequence[str] = (), clause: str | None = None
    ) -> None:
        super().__init__(message, event=event, reason=reason, missing=list(missing), clause=clause)
        self.event = event
        self.reason = reason
        self.missing = list(missing)
        self.clause = clause
