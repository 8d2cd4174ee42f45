"""The catalogues. Simplified Chinese is the source, people write the English, OpenCC the traditional Chinese.

    tools/translations.py update          find all texts; bring locale/*/LC_MESSAGES/django.{po,mo} up to date
    tools/translations.py missing         texts without English as JSON {"中文": ""}; plural ones have a list
    tools/translations.py fill FILE.json  enter English from such a file ("-": standard input), then compile
    tools/translations.py check           name untranslated, doubtful, stale texts; status 1 where there are

`update` and `check` need xgettext (Debian: gettext). Users need nothing: the .mo files are committed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "huiyin"
LOCALE = PACKAGE / "locale"
PLURALS = {"en": "nplurals=2; plural=(n != 1);", "zh_Hant": "nplurals=1; plural=0;"}
PARTS = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^>]*>")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


@dataclass
class Entry:
    """One text. `texts` has one translation, or as many as the language has plural forms."""

    key: str = ""
    plural: str = ""
    context: str = ""
    texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def fuzzy(self) -> bool:
        return any(line.startswith("#,") and "fuzzy" in line for line in self.comments)

    @property
    def identity(self) -> tuple[str, str]:
        return (self.context, self.key)

    @property
    def done(self) -> bool:
        return bool(self.texts) and all(self.texts) and not self.fuzzy


def _unquote(line: str) -> str:
    body = line[line.index('"') + 1 : line.rindex('"')]
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), body)


def _quote(text: str) -> str:
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    lines = safe.split("\n")
    if len(lines) == 1:
        return f'"{safe}"'
    parts = [f"{line}\\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return "\n".join(['""', *(f'"{part}"' for part in parts)])


def read_po(path: Path) -> list[Entry]:
    """The entries of a .po file; the first one, with the empty key, is its header."""
    entries: list[Entry] = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        entry, slot = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                if not line.startswith("#~"):
                    entry.comments.append(line)
                continue
            if found := re.match(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) ", line):
                slot = found[1]
                if slot.startswith("msgstr"):
                    entry.texts.append("")
            if '"' in line:
                _add(entry, slot, _unquote(line))
        if entry.texts:
            entries.append(entry)
    return entries


def _add(entry: Entry, slot: str, text: str) -> None:
    if slot == "msgctxt":
        entry.context += text
    elif slot == "msgid":
        entry.key += text
    elif slot == "msgid_plural":
        entry.plural += text
    else:
        entry.texts[-1] += text


def _block(entry: Entry) -> str:
    lines = list(entry.comments)
    if entry.context:
        lines.append(f"msgctxt {_quote(entry.context)}")
    lines.append(f"msgid {_quote(entry.key)}")
    if entry.plural:
        lines.append(f"msgid_plural {_quote(entry.plural)}")
        lines += [f"msgstr[{number}] {_quote(text)}" for number, text in enumerate(entry.texts)]
    else:
        lines.append(f"msgstr {_quote(entry.texts[0])}")
    return "\n".join(lines)


def write_po(path: Path, entries: Iterable[Entry]) -> None:
    path.write_text("\n\n".join(_block(entry) for entry in entries) + "\n", encoding="utf-8")


def mo_bytes(entries: Iterable[Entry]) -> bytes:
    """The compiled catalogue (GNU .mo): keys sorted, two tables of lengths and offsets, then the texts."""
    pairs: dict[bytes, bytes] = {}
    for entry in entries:
        if entry.key and not entry.done:
            continue
        key = (f"{entry.context}\x04" if entry.context else "") + entry.key
        if entry.plural:
            key += f"\0{entry.plural}"
        pairs[key.encode()] = "\0".join(entry.texts).encode()
    keys = sorted(pairs)
    start = 28 + 16 * len(keys)
    tables: list[list[int]] = [[], []]
    body = b""
    for number, texts in enumerate((keys, [pairs[key] for key in keys])):
        for text in texts:
            tables[number] += [len(text), start + len(body)]
            body += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, start)
    return head + struct.pack(f"<{4 * len(keys)}I", *tables[0], *tables[1]) + body


def _po(language: str, base: Path = LOCALE) -> Path:
    return base / language / "LC_MESSAGES" / "django.po"


def compile_catalogue(language: str) -> None:
    path = _po(language)
    path.with_suffix(".mo").write_bytes(mo_bytes(read_po(path)))


_COLLECT = """
import sys, django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.makemessages import Command
Command.xgettext_options = [*Command.xgettext_options, "--keyword=lazy"]  # gettext_lazy as lazy
settings.configure(USE_I18N=True, LOCALE_PATHS=[sys.argv[1]])
django.setup()
call_command("makemessages", locale=["en"], symlinks=True, no_wrap=True, no_location=True, no_obsolete=True,
             ignore_patterns=["huiyin/locale", "*/static/*", "*/migrations/*", "*/_packs/*"], verbosity=0)
"""


def collect() -> dict[tuple[str, str], Entry]:
    """All texts of the source, found in a folder beside it, so that nothing there is touched."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "locale"
        base.mkdir()
        (Path(folder) / "huiyin").symlink_to(PACKAGE)
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(
            [sys.executable, "-c", _COLLECT, str(base)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr.strip().splitlines()[-1] if done.stderr else "makemessages failed")
        return {entry.identity: entry for entry in read_po(_po("en", base)) if entry.key}


def _header(language: str) -> Entry:
    lines = [
        "Project-Id-Version: huiyin",
        "MIME-Version: 1.0",
        f"Language: {language}",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {PLURALS[language]}",
    ]
    return Entry(texts=["".join(f"{line}\n" for line in lines)])


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2twp")


# Words that OpenCC takes for those of computing, or splits wrongly:
# a procedure is no program, a site no project.
OWN_WORDS = {
    "小程序": "小程式",
    "程序文件": "程序文件",
    "程序": "程序",
    "类型": "類型",
    "权限": "權限",
    "对象": "對象",
    "项目": "項目",
    "发布": "發布",
    "错误代码": "錯誤代碼",
    "保存期": "保存期",
    "保存 %": "保存 %",
    "写明了": "寫明了",
    "这台设备": "這臺裝置",
    "登录的设备": "登入的裝置",
    "设备": "設備",
    "标签": "標籤",
    "签": "簽",
    "账": "帳",
}
_OWN = re.compile("(" + "|".join(sorted(OWN_WORDS, key=len, reverse=True)) + ")")


def traditional(text: str) -> str:
    """Taiwan's words and characters, and its quotation marks."""
    pieces = _OWN.split(text)
    found = "".join(OWN_WORDS.get(one) or _converter().convert(one) for one in pieces)
    return found.translate(str.maketrans("“”‘’", "「」『』"))


def merge(language: str, source: dict[tuple[str, str], Entry], known: list[Entry]) -> list[Entry]:
    """The source's texts with the translations that are known; what is no longer used falls away."""
    old = {entry.identity: entry for entry in known}
    merged = [_header(language)]
    for identity, entry in sorted(source.items()):
        comments = [line for line in entry.comments if line.startswith(("#.", "#,")) and "fuzzy" not in line]
        new = Entry(entry.key, entry.plural, entry.context, [], comments)
        forms = 2 if entry.plural and language == "en" else 1
        before = old.get(identity)
        same = before is not None and before.plural == entry.plural and not before.fuzzy
        if language == "zh_Hant":
            new.texts = [traditional(entry.key)]
        elif same and before is not None and len(before.texts) == forms:
            new.texts = before.texts
        else:
            new.texts = [""] * forms
        merged.append(new)
    return merged


def update() -> None:
    source = collect()
    for language in PLURALS:
        path = _po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_po(path, merge(language, source, read_po(path) if path.exists() else []))
        compile_catalogue(language)


def missing(language: str = "en") -> dict[str, str | list[str]]:
    """Texts without a translation. A text with context has the key `context|text`."""
    return {
        _json_key(entry): (entry.texts if entry.plural else "")
        for entry in read_po(_po(language))
        if entry.key and not entry.done
    }


def _json_key(entry: Entry) -> str:
    return f"{entry.context}|{entry.key}" if entry.context else entry.key


def fill(given: dict[str, str | list[str]], language: str = "en") -> tuple[int, list[str]]:
    """Enter translations; returns how many, and what is wrong with those that were not taken."""
    entries = read_po(_po(language))
    filled, wrong = 0, []
    left = dict(given)
    for entry in entries:
        value = left.pop(_json_key(entry), None) if entry.key else None
        if not value:
            continue
        texts = [value] if isinstance(value, str) else list(value)
        if problem := placeholder_problem(entry, texts):
            wrong.append(problem)
            continue
        if entry.plural and len(texts) == 1:
            texts *= 2
        entry.texts, filled = texts, filled + 1
    write_po(_po(language), entries)
    compile_catalogue(language)
    return filled, wrong + [f"not a text of the source: {key!r}" for key in left]


def placeholder_problem(entry: Entry, texts: list[str]) -> str:
    """What stands in braces, after % or in tags must be the same on both sides."""
    wanted = sorted(PARTS.findall(entry.key))
    for text in texts:
        if sorted(PARTS.findall(text)) != wanted and not (
            entry.plural and set(PARTS.findall(text)) <= set(wanted)
        ):
            return f"placeholders differ: {entry.key!r} -> {text!r}"
    return ""


def _catalogue_problems(language: str) -> list[str]:
    path = _po(language)
    if not path.exists():
        return [f"{language}: no catalogue; run tools/translations.py update"]
    entries = read_po(path)
    found = []
    for entry in entries:
        if not entry.key:
            continue
        if not entry.done:
            found.append(f"{language}: {'doubtful' if entry.fuzzy else 'untranslated'}: {entry.key!r}")
        elif problem := placeholder_problem(entry, entry.texts):
            found.append(f"{language}: {problem}")
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(entries):
        found.append(f"{language}: django.mo is not what django.po says; run tools/translations.py update")
    return found


def _stale_problems() -> list[str]:
    source = set(collect())
    found = []
    for language in PLURALS:
        if not _po(language).exists():
            continue
        known = {entry.identity for entry in read_po(_po(language)) if entry.key}
        found += [f"{language}: new text, not in the catalogue: {key!r}" for _, key in sorted(source - known)]
        found += [f"{language}: stale, no longer in the source: {key!r}" for _, key in sorted(known - source)]
    return found


def check() -> list[str]:
    found = [problem for language in PLURALS for problem in _catalogue_problems(language)]
    if shutil.which("xgettext"):
        found += _stale_problems()
    else:
        print(
            "new and stale texts not looked for: no xgettext (Debian: gettext)",
            file=sys.stderr,
        )
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mode", choices=["update", "missing", "fill", "check"])
    parser.add_argument("file", nargs="?", default="-")
    given = parser.parse_args(arguments)
    if given.mode == "update":
        update()
        print(f"{len(missing())} texts without English")
    elif given.mode == "missing":
        print(json.dumps(missing(), ensure_ascii=False, indent=1))
    elif given.mode == "fill":
        text = sys.stdin.read() if given.file == "-" else Path(given.file).read_text(encoding="utf-8")
        filled, wrong = fill(json.loads(text))
        print("\n".join([f"{filled} entered, {len(missing())} left", *wrong]))
        return 1 if wrong else 0
    else:
        problems = check()
        print("\n".join(problems))
        return 1 if problems else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
