"""A company that runs PM1, its people, and packs that differ from it."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from tests.factories.organization import SmallCompany, add_people, make_company

from huiyin.procedures.packfiles import find_pack
from huiyin.procedures.services import install_pack

MakePack = Callable[..., Path]


@pytest.fixture
def small(db: None) -> SmallCompany:
    """PM1 of 2026 is installed."""
    made = make_company(posts=False)
    install_pack(company=made.root, source="PM1")
    add_people(made)
    return made


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """PM1 as another edition: `make_pack("A/1", ("2wd", "3wd"))` replaces text in its rules."""

    def make(label: str, *changes: tuple[str, str]) -> Path:
        folder = tmp_path / label.replace("/", "-")
        shutil.copytree(find_pack("PM1"), folder)
        file = folder / "procedure.toml"
        text = file.read_text(encoding="utf-8").replace('edition = "A/0"', f'edition = "{label}"')
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
        return folder

    return make


def zipped(folder: Path, *, inside: str = "") -> bytes:
    """The folder as an archive, in a folder of its own where `inside` names one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, f"{inside}{file.relative_to(folder).as_posix()}")
    return stream.getvalue()


@pytest.fixture
def quality(small: SmallCompany) -> Client:
    """Signed in as the quality supervisor, who installs editions."""
    client = Client()
    client.force_login(small.people["quality"])
    return client
