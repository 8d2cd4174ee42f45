"""A pack that came as a zip, unpacked into a folder of its own for as long as it is looked at.

What comes is not trusted: names that lead elsewhere, links, passwords, floods of data and files of no use to
a pack are refused before a byte of them is written.
"""

from __future__ import annotations

import stat
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core.errors import InvalidInput
from huiyin.core.tomltext import read_toml
from huiyin.core.wordfiles import UnsafeWordFile, check_word_file
from huiyin.procedures.packfiles import FILE, PackError

MOST_UPLOADED = 5 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_RULES = 1024 * 1024
MOST_MEMBERS = 200
FOLDERS = {
    "forms": (".docx", ".dotx"),
    "questionnaires": (".toml", ".json", ".txt", ".docx"),
    "surveys": (".toml",),
}
WHY_UNSAFE = {
    "damaged": lazy("文件已损坏，打不开"),
    "zip_bomb": lazy("解开后太大"),
    "encrypted": lazy("加了密码"),
    "macros": lazy("带有宏"),
    "entities": lazy("里面有不该有的 XML 定义"),
    "external": lazy("里面引用了外部的文件或地址"),
}
# what archivers put beside the files
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@contextmanager
def unpacked(upload: BinaryIO, size: int) -> Iterator[Path]:
    """The folder of an uploaded pack. Raises InvalidInput with what is wrong in plain words."""
    if size > MOST_UPLOADED:
        raise _refusal(_("文件太大，规则包不能超过 %(limit)d MB。") % {"limit": MOST_UPLOADED >> 20})
    with tempfile.TemporaryDirectory(prefix="huiyin-pack-") as place:
        folder = Path(place)
        try:
            with zipfile.ZipFile(upload) as archive:
                _unpack(archive, folder)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
            if isinstance(error, InvalidInput):
                raise
            raise _refusal(_("文件打不开，请把规则包的文件夹压缩成 zip 再上传。")) from error
        _check_rules(folder / FILE)
        try:
            yield folder
        except PackError as error:
            raise _without_path(error, folder) from error


def _refusal(text: str) -> InvalidInput:
    return InvalidInput(text, fields={"file": text}, code="pack")


def _without_path(error: PackError, folder: Path) -> PackError:
    """Where we unpacked it is nobody's business."""
    text = error.message.partition("\n")[0].replace(f"{folder}/", "").replace(f"{folder}\\", "")
    return PackError(text, error.problems)


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
    if len(members) > MOST_MEMBERS:
        raise _refusal(_("压缩包里文件太多，这不像规则包。"))
    if sum(one.file_size for one in members) > MOST_UNPACKED:
        raise _refusal(_("压缩包解开后太大，这不像规则包。"))
    names = _names(members)
    left = MOST_UNPACKED
    for member in members:
        target = folder / names[member.filename]
        target.parent.mkdir(parents=True, exist_ok=True)
        left -= _write(archive, member, target, left)
        _check_template(target)


def _is_litter(name: str) -> bool:
    return any(name.startswith(one) or name.endswith(f"/{one}") or name == one for one in _LITTER)


def _names(members: list[zipfile.ZipInfo]) -> dict[str, PurePosixPath]:
    """Each member's place within the pack; one folder around all of it is taken away."""
    paths = {one.filename: _safe(one) for one in members}
    if len(set(paths.values())) < len(members):
        raise _refusal(_("压缩包里有同名的文件。"))
    if not any(path == PurePosixPath(FILE) for path in paths.values()):
        roots = {path.parts[0] for path in paths.values()}
        if len(roots) == 1:
            paths = {name: PurePosixPath(*path.parts[1:]) for name, path in paths.items() if path.parts[1:]}
    if PurePosixPath(FILE) not in paths.values():
        raise _refusal(_("压缩包里没有 %(file)s。") % {"file": FILE})
    for name, path in paths.items():
        if path != PurePosixPath(FILE) and not _belongs(path):
            raise _refusal(_("规则包里不能有这个文件：%(name)s") % {"name": name[:100]})
    return paths


def _safe(member: zipfile.ZipInfo) -> PurePosixPath:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in member.filename or not path.parts:
        raise _refusal(_("压缩包里有文件指向别处：%(name)s") % {"name": member.filename[:100]})
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refusal(_("压缩包里有链接：%(name)s") % {"name": member.filename[:100]})
    if member.flag_bits & 0x1:
        raise _refusal(_("压缩包加了密码，请去掉密码再上传。"))
    return path


def _belongs(path: PurePosixPath) -> bool:
    return len(path.parts) == 2 and path.suffix.lower() in FOLDERS.get(path.parts[0], ())


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, most: int) -> int:
    """What the archive says of a member's size is a claim: what comes out is counted."""
    written = 0
    with archive.open(member) as source, target.open("wb") as stream:
        while block := source.read(1 << 16):
            written += len(block)
            if written > most:
                raise _refusal(_("压缩包解开后太大，这不像规则包。"))
            stream.write(block)
    return written


def _check_template(file: Path) -> None:
    """A form is a Word file that fills in, and does nothing else on any machine that opens it."""
    if file.suffix.lower() not in (".docx", ".dotx"):
        return
    try:
        check_word_file(file)
    except UnsafeWordFile as error:
        values = {"name": file.name[:100], "why": WHY_UNSAFE[error.code]}
        raise _refusal(_("Word 模板 %(name)s 不能用：%(why)s。") % values) from error


def _check_rules(file: Path) -> None:
    """Errors of TOML that its reader does not call so: endless nesting, numbers without end."""
    if file.stat().st_size > MOST_RULES:
        raise _refusal(_("%(file)s 太大。") % {"file": FILE})
    try:
        read_toml(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        if isinstance(error.__cause__, (ValueError, RecursionError)):
            raise _refusal(_("%(file)s 写法有误，读不懂。") % {"file": FILE}) from error
        # all else is told better by the reader of packs
