"""Packs as folders: found, read, checked, with every error in plain words."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from huiyin.core.errors import InvalidInput, NotFound
from huiyin.core.tomltext import read_toml
from huiyin.engine.schema import Pack, Problem, problems_of
from huiyin.engine.soundness import doubts
from huiyin.procedures.packwords import say_problem, say_validation
from huiyin.procedures.unconfirmed import unconfirmed_places

FILE = "procedure.toml"


class PackError(InvalidInput):
    """A pack that cannot be used. `problems` are the lines to show, one for each thing that is wrong."""

    code = "pack"

    def __init__(self, message: str, problems: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join([message, *self.problems]))


def _roots() -> tuple[Path, ...]:
    """Where the ready-made packs are: in the repository, or inside the installed package."""
    package = Path(__file__).resolve().parent.parent
    return package.parent.parent / "packs", package / "_packs"


def builtin_packs() -> dict[str, Path]:
    """Code to folder of every ready-made pack, by code."""
    found: dict[str, Path] = {}
    for root in _roots():
        if root.is_dir():
            for folder in sorted(root.iterdir()):
                if (folder / FILE).is_file():
                    found.setdefault(folder.name, folder)
    return dict(sorted(found.items()))


def find_pack(code: str | Path) -> Path:
    """The folder of a pack: a path to it (or to its procedure.toml), or the code of a ready-made one.

    Raises NotFound.
    """
    path = Path(code)
    if path.is_file() and path.name == FILE:
        return path.parent
    if (path / FILE).is_file():
        return path
    known = builtin_packs()
    if str(code) in known:
        return known[str(code)]
    ready = "、".join(known) or "无"
    raise NotFound(f"没有这个规则包：{code}（没有 {path / FILE}；自带的有 {ready}）", code="pack")


def read_pack(path: str | Path, *, lang: str = "zh") -> Pack:
    """The pack as written, without the checks between its tables. Raises NotFound or PackError."""
    file = find_pack(path) / FILE
    try:
        data: dict[str, Any] = read_toml(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise PackError(f"{file}：不是 UTF-8 文字" if lang == "zh" else f"{file}: not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{file}：TOML 写法有误：{error}" if lang == "zh" else f"{file}: {error}") from None
    try:
        return Pack.model_validate(data)
    except ValidationError as error:
        lines = [say_validation(FILE, data, one, lang) for one in error.errors()]
        raise PackError(_headline(file, len(lines), lang), lines) from None


def load_pack(path: str | Path, *, lang: str = "zh") -> Pack:
    """A pack that can run. Raises NotFound or PackError, which names file, table and key."""
    pack = read_pack(path, lang=lang)
    errors = [problem for problem in problems_of(pack) if problem.severity == "error"]
    if errors:
        lines = [say_problem(FILE, problem, lang) for problem in errors]
        raise PackError(_headline(find_pack(path) / FILE, len(lines), lang), lines)
    return pack


def check_pack(path: str | Path, *, lang: str = "zh") -> tuple[Pack, list[str]]:
    """The pack and what somebody should look at though it runs. Raises NotFound or PackError."""
    pack = load_pack(path, lang=lang)
    folder = find_pack(path)
    return pack, remarks_on(pack, {file.relative_to(folder).as_posix() for file in folder.glob("*/*")}, lang)


def remarks_on(pack: Pack, files: Collection[str], lang: str) -> list[str]:
    """What somebody should look at in a pack that can run and brings these files (`forms/record.docx`)."""
    found = [problem for problem in problems_of(pack) if problem.severity == "warning"]
    found += doubts(pack)
    found += missing_files(pack, files)
    found += [Problem("unconfirmed", *place, severity="warning") for place in unconfirmed_places(pack)]
    return [say_problem(FILE, problem, lang) for problem in found]


def missing_files(pack: Pack, files: Collection[str]) -> list[Problem]:
    """Templates that a form names and the pack does not bring."""
    forms = [("record", row.code, row.file) for row in pack.record]
    forms += [("slip", row.code, row.file) for row in pack.slip]
    return [
        Problem("no_file", table, f"{code}.file", {"file": file}, severity="warning")
        for table, code, file in forms
        if file and file not in files
    ]


def _headline(file: Path, count: int, lang: str) -> str:
    if lang == "en":
        return f"{file}: {count} thing{'s' if count != 1 else ''} wrong"
    return f"{file}：有 {count} 处不对"
