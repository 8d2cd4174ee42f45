"""How this room writes the journal without importing it.

The journal refers to the organisation (who, in which company) and so stands below it. It hands its writer
up when the program starts; until then nothing here can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from huiyin.organization.actors import Actor


class Recorder(Protocol):
    def __call__(
        self,
        *,
        actor: Actor,
        subject_kind: str,
        subject_id: str | int,
        name: str,
        data: Mapping[str, Any] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> object: ...


_recorders: list[Recorder] = []


def use_recorder(recorder: Recorder) -> None:
    """Called by the journal when it is ready."""
    _recorders[:] = [recorder]


def record(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: str | int,
    name: str,
    data: Mapping[str, Any] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """One entry in the journal, in the caller's transaction."""
    if not _recorders:
        raise RuntimeError("the journal has not handed over its recorder")
    _recorders[0](
        actor=actor, subject_kind=subject_kind, subject_id=subject_id, name=name, data=data, texts=texts
    )
