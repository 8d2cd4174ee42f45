"""What a template of a pack may do in the worker: fill in text. Knows nothing of Django or the database."""

from __future__ import annotations

import os
import sys
from typing import Any

from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

# Objects whose attributes a template may read: text, figures, lists, tables, the loop it stands in.
_PLAIN = (str, int, float, bool, list, tuple, dict, LoopContext, Namespace)
_REPEATS = 10_000


class FillingIn(ImmutableSandboxedEnvironment):
    """A picture is put in as it is: through its attributes one would reach the document and the disk."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals = {"range": _range}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return isinstance(obj, _PLAIN) and super().is_safe_attribute(obj, attr, value)


def _range(*bounds: int) -> range:
    found = range(*bounds)
    if len(found) > _REPEATS:
        raise OverflowError("range")
    return found


# Python tells the hook below of these before it does them.
_DENIED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.fork",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.chmod",
    "os.symlink",
    "os.link",
    "os.truncate",
    "shutil.",
    "ctypes.",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "http.",
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


def close_the_doors() -> None:
    """From here to the end of the process: no file is written, no program started, no address called.

    Reading stays open for fonts and the libraries' own files. It cannot be taken back.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event.startswith(_DENIED):
        raise PermissionError(f"not in a document's making: {event}")
    if event == "open" and isinstance(args[2], int) and args[2] & _WRITES and args[0] != os.devnull:
        raise PermissionError("no file is written in a document's making")
