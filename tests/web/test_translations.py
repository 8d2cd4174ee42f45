"""The tool of the catalogues, and that the catalogues are complete."""

from __future__ import annotations

import gettext
import importlib.util
import shutil
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "translations.py"
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "登记"
msgstr "Register"

#, python-format
msgid "已登记，编号 %(number)s"
msgstr ""

#, fuzzy
msgid "派单"
msgstr "Something"

msgctxt "月"
msgid "一"
msgstr "Jan"

msgid "两行\\n“引号”和\\"引号\\""
msgstr "two lines\\nand \\"quotes\\""

msgid "%(n)d 件"
msgid_plural "%(n)d 件"
msgstr[0] "one case"
msgstr[1] "%(n)d cases"
"""


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "translations", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sample(tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tool, "_po", lambda language, base=tmp_path: base / f"{language}.po")
    path = tmp_path / "en.po"
    path.write_text(PO, encoding="utf-8")
    return path


def test_a_catalogue_survives_reading_and_writing(tool: ModuleType, sample: Path) -> None:
    entries = tool.read_po(sample)
    tool.write_po(sample, entries)
    assert tool.read_po(sample) == entries
    assert [entry.key for entry in entries][5] == '两行\n“引号”和"引号"'


def test_the_compiled_catalogue_is_what_gettext_reads(tool: ModuleType, sample: Path) -> None:
    read = gettext.GNUTranslations(BytesIO(tool.mo_bytes(tool.read_po(sample))))
    assert read.gettext("登记") == "Register"
    assert read.gettext("派单") == "派单"
    assert read.pgettext("月", "一") == "Jan"
    assert read.ngettext("%(n)d 件", "%(n)d 件", 3) == "%(n)d cases"


def test_missing_names_untranslated_and_doubtful(tool: ModuleType, sample: Path) -> None:
    assert tool.missing() == {"已登记，编号 %(number)s": "", "派单": ""}


def test_filling_refuses_lost_placeholders_and_unknown_texts(tool: ModuleType, sample: Path) -> None:
    filled, wrong = tool.fill({"已登记，编号 %(number)s": "Registered", "没有的": "None"})
    assert filled == 0
    assert len(wrong) == 2
    filled, wrong = tool.fill({"已登记，编号 %(number)s": "Registered as %(number)s"})
    assert (filled, wrong) == (1, [])
    assert sample.with_suffix(".mo").exists()


def test_what_is_no_longer_used_falls_away_and_what_is_known_stays(tool: ModuleType, sample: Path) -> None:
    source = {("", "登记"): tool.Entry("登记", texts=[""]), ("", "派单"): tool.Entry("派单", texts=[""])}
    merged = {entry.key: entry.texts for entry in tool.merge("en", source, tool.read_po(sample)) if entry.key}
    assert merged == {"登记": ["Register"], "派单": [""]}


def test_traditional_chinese_writes_itself(tool: ModuleType) -> None:
    assert tool.traditional("“{name}”的信息已发送") == "「{name}」的資訊已傳送"


def test_traditional_chinese_keeps_the_words_of_the_field(tool: ModuleType) -> None:
    assert tool.traditional("程序文件规定，文件太大") == "程序文件規定，檔案太大"
    assert tool.traditional("设备、项目、权限、会签") == "設備、項目、權限、會簽"


def test_every_text_is_translated(tool: ModuleType) -> None:
    if not shutil.which("xgettext"):
        pytest.skip("no xgettext found (Debian: gettext)")
    assert tool.check() == []
