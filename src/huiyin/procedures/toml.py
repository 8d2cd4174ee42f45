"""A pack as `procedure.toml`, for editing: what a reader would write, defaults left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.engine import Pack

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_DATES = frozenset({"issued", "effective"})


def toml_of(pack: Pack) -> str:
    """Reading it again gives the same pack; comments of the file it came from are not kept."""
    data = pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return "\n".join(_tables(data)) + "\n"


def _tables(data: Mapping[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        rows = value if isinstance(value, list) else [value]
        for row in rows:
            yield f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
            for key, inner in row.items():
                if inner is not None:
                    yield f"{_key(key)} = {_value(inner, key)}"
            yield ""


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any, key: str = "") -> str:
    if key in _DATES and isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items() if one is not None)
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    # TOML's basic strings, numbers and truths are written as JSON's, but for this one control character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
