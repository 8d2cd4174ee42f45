"""How columns become facts: a small table that a person fills in once for each kind of file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.phrases import labelled, listed, side_by_side

# Tried in this order where a mapping names none. Months, days and hours need no leading zero.
FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分",
    "%m/%d/%Y %I:%M:%S %p",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y年%m月%d日",
)


class EventMapping(BaseModel):
    """An event of the history that a row tells beside its registration.

    It is left out where its time column is empty; `when` names a column and the values under which it counts.
    """

    model_config = ConfigDict(extra="forbid")

    event: str
    at: str = Field(description="column of its time")
    fields: dict[str, str] = Field(default={}, description="field -> column")
    constants: dict[str, Any] = {}
    values: dict[str, dict[str, str]] = Field(
        default={}, description="field -> value in the file -> our code"
    )
    when: dict[str, list[str]] = {}


class CaseMapping(BaseModel):
    """A file of cases. `columns`: fact -> column, or columns whose texts are joined by a line break.

    `values`: fact -> value in the file -> our code, `*` for any other. `key` is the column that names a row
    for ever within `source`; without it the row's content is its name.
    """

    model_config = ConfigDict(extra="forbid")

    source: str = Field(pattern=r"^[\w-]{1,60}$")
    title: str = ""
    time_zone: str = "Asia/Shanghai"
    at: str = Field(description="column of the time it was told")
    formats: list[str] = list(FORMATS)
    key: str | None = None
    columns: dict[str, str | list[str]]
    constants: dict[str, Any] = {}
    values: dict[str, dict[str, str]] = {}
    events: list[EventMapping] = []

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {value}") from error
        return value

    def needed(self) -> set[str]:
        """The columns that the file must have."""
        found = {self.at} | ({self.key} if self.key else set())
        for names in self.columns.values():
            found |= {names} if isinstance(names, str) else set(names)
        for event in self.events:
            found |= {event.at, *event.fields.values(), *event.when}
        return found


def built_in() -> dict[str, Path]:
    """The mappings that ship as examples, by name."""
    folder = Path(__file__).resolve().parent / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def load_mapping(name: str) -> CaseMapping:
    """A mapping by path or by the name of one that ships. Raises NotFound or InvalidInput."""
    path = built_in().get(name, Path(name))
    if not path.is_file():
        raise NotFound(
            _("没有这个对应表：{name}（自带的有 {names}）").format(name=name, names=listed(built_in()))
        )
    try:
        return parse_mapping(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(_("{path}：写法有误：{error}").format(path=path, error=error)) from error


def parse_mapping(data: dict[str, Any]) -> CaseMapping:
    """Raises InvalidInput naming the key."""
    try:
        return CaseMapping.model_validate(data)
    except ValidationError as error:
        lines = {".".join(str(part) for part in one["loc"]): one["msg"] for one in error.errors()}
        text = side_by_side(labelled(key, message) for key, message in lines.items())
        raise InvalidInput(_("对应表有误：{text}").format(text=text), fields=lines) from error


def check_columns(mapping: CaseMapping, columns: tuple[str, ...]) -> None:
    """Raises InvalidInput naming the columns that are missing."""
    missing = sorted(mapping.needed() - set(columns))
    if missing:
        raise InvalidInput(
            _("文件里缺少这些列：{names}").format(names=listed(missing)),
            code="missing_columns",
            missing=missing,
        )
