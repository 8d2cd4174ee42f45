"""Survey plans as files: found, read, checked, with every error in plain words."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.tomltext import read_toml
from huiyin.procedures.packfiles import FILE, builtin_packs, find_pack, read_pack
from huiyin.surveys.core import Plan
from huiyin.surveys.planwords import say_validation


class PlanError(InvalidInput):
    """A plan that cannot be used. `problems` are lines to show, one for each thing that is wrong."""

    code = "plan"

    def __init__(self, message: str, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *problems]))


def find_plan(name: str | Path) -> Path:
    """A plan's file, or the plan of a ready-made pack as `PM1:yearly`. Raises NotFound."""
    path = Path(name)
    if path.is_file():
        return path
    pack, _, code = str(name).partition(":")
    if code and (pack in builtin_packs() or (Path(pack) / FILE).is_file()):
        for row in read_pack(pack).survey:
            if row.code == code and row.plan:
                return find_pack(pack) / row.plan
    raise NotFound(f"there is no survey plan {name}", code="plan")


def parse_plan(text: str, *, name: str = "plan.toml", lang: str = "en") -> Plan:
    """A plan from its text. Raises PlanError, which names table and key."""
    try:
        data = read_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{name}: {error}", []) from None
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        lines = [say_validation(name, data, dict(one), lang) for one in error.errors()]
        head = f"{name}：有 {len(lines)} 处不对" if lang == "zh" else f"{name}: {len(lines)} wrong"
        raise PlanError(head, lines) from None


def load_plan(name: str | Path, *, lang: str = "en") -> Plan:
    """Raises NotFound or PlanError."""
    path = find_plan(name)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PlanError(f"{path}: not UTF-8 text", []) from None
    return parse_plan(text, name=path.name, lang=lang)
