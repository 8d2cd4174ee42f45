"""Reads every template as a reviewer would: does it compile, is every visible word translatable, is it safe.

    tools/check_templates.py [--unused-icons]

Refused: unknown tags, filters, icons, included templates and CSS classes; Chinese outside of translate tags;
inline handlers, scripts and styles; a form that posts without csrf_token; a link inside a link.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "huiyin"
HAN = re.compile(r"[\u3400-\u9fff]")
TAG = re.compile(r"{%-?\s*(.*?)\s*-?%}|{{(.*?)}}|{#.*?#}", re.S)
TRANSLATED = re.compile(r"_\((\"[^\"]*\"|'[^']*')\)")
HANDLER = re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.S)
STYLE = re.compile(r"<[^>]*\sstyle\s*=", re.S)
SCRIPT = re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"|nonce=))[^>]*>")
EVALUATED = re.compile(r"hx-trigger=\"[^\"]*\[|hx-(?:vals|vars|headers)=['\"]js:|javascript:")
CLASSES = re.compile(r"\sclass=\"([^\"]*)\"", re.S)
ICON = re.compile(r"^icon\s+[\"']([\w-]+)[\"']")
LINK = re.compile(r"<a\b|</a>|\x01chip\x01")


def templates() -> Iterator[Path]:
    for folder in sorted(PACKAGE.glob("*/templates")):
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"})


@lru_cache(maxsize=1)
def known_classes() -> frozenset[str]:
    found: set[str] = set()
    for sheet in PACKAGE.glob("**/*.css"):
        css = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", sheet.read_text(encoding="utf-8"), flags=re.S)
        found.update(re.findall(r"\.(-?[A-Za-z_][\w-]*)", css))
    for script in PACKAGE.glob("*/static/*/*.js"):
        if "vendor" not in script.parts:
            found.update(re.findall(r"[\w-]+", script.read_text(encoding="utf-8")))
    return frozenset(found)


def icon_names() -> frozenset[str]:
    sprite = PACKAGE / "web" / "static" / "vendor" / "icons.svg"
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', sprite.read_text(encoding="utf-8")))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _blank(text: str, pattern: str) -> str:
    """Cut out what is not shown, keeping the line numbers."""
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


def _untranslated(source: str) -> Iterator[tuple[int, str]]:
    text = _blank(source, r"{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->|{#.*?#}")
    outside = _blank(text, r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}")
    for found in TAG.finditer(outside):
        inner = found[1] if found[1] is not None else (found[2] or "")
        if inner.startswith(("translate ", "trans ")):
            continue
        if HAN.search(TRANSLATED.sub("", inner)):
            yield _line(outside, found.start()), inner[:60]
    bare = TAG.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), outside)
    for number, line in enumerate(bare.splitlines(), 1):
        if HAN.search(line):
            yield number, line.strip()[:60]


def _unsafe(source: str) -> Iterator[tuple[int, str]]:
    text = _blank(source, r"{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->")
    plain = TAG.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), text)
    for pattern, words in (
        (HANDLER, "inline event handler"),
        (STYLE, "inline style"),
        (EVALUATED, "evaluated expression"),
    ):
        yield from ((_line(plain, found.start()), words) for found in pattern.finditer(plain))
    yield from ((_line(text, found.start()), "inline script") for found in SCRIPT.finditer(text))
    for form in re.finditer(r"<form\b([^>]*)>(.*?)</form>", text, re.S):
        if re.search(r"method=[\"']post", form[1], re.I) and "csrf_token" not in form[2]:
            yield _line(text, form.start()), "form that posts without csrf_token"


def _links(source: str) -> Iterator[tuple[int, str]]:
    marked = re.sub(r"{%\s*clause_chip\b[^%]*%}", lambda found: "\x01chip\x01".ljust(len(found[0])), source)
    depth = 0
    for found in LINK.finditer(marked):
        if found[0] == "</a>":
            depth = 0
        elif depth:
            yield _line(marked, found.start()), "link inside a link"
        elif found[0].startswith("<a"):
            depth = 1


def _names(source: str) -> Iterator[tuple[int, str]]:
    for found in TAG.finditer(source):
        if (icon := ICON.match(found[1] or "")) and icon[1] not in icon_names():
            yield _line(source, found.start()), f"unknown icon {icon[1]!r}"
    marked = TAG.sub(lambda found: "\x02" if found[2] is not None else " ", source)
    for found in CLASSES.finditer(marked):
        for name in found[1].split():
            if "\x02" not in name and name not in known_classes():
                yield _line(marked, found.start()), f"unknown CSS class {name!r}"


def problems_of(source: str, *, plain: bool = False) -> list[tuple[int, str]]:
    """(line, what is wrong) of one template's text; `plain` for mails, which are no HTML."""
    found = [(line, f"not translatable: {text}") for line, text in _untranslated(source)]
    if not plain:
        found += [*_unsafe(source), *_links(source), *_names(source)]
    return sorted(set(found))


def _compile_problem(name: str) -> str:
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    try:
        get_template(name)
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return f"does not compile: {error}"
    return ""


def _missing_parts(source: str) -> Iterator[str]:
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']", source):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            yield f"there is no template {name!r}"
        except TemplateSyntaxError:
            continue  # named where it is defined


def check() -> list[str]:
    found: list[str] = []
    for path in templates():
        source = path.read_text(encoding="utf-8")
        shown = path.relative_to(ROOT)
        name = path.relative_to(next(one for one in path.parents if one.name == "templates")).as_posix()
        if problem := _compile_problem(name):
            found.append(f"{shown}: {problem}")
        found += [f"{shown}: {problem}" for problem in _missing_parts(source)]
        found += [
            f"{shown}:{line}: {words}" for line, words in problems_of(source, plain=path.suffix == ".txt")
        ]
    return found


def unused_icons() -> list[str]:
    """Icons of the sprite that stand in no template, script or Python file."""
    text = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*/templates/**/*.html", "**/*.py", "*/static/*/*.js")
        for path in PACKAGE.glob(pattern)
        if "vendor" not in path.parts
    )
    return sorted(name for name in icon_names() if not re.search(rf"[\"']{re.escape(name)}[\"']", text))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    import django

    django.setup()
    if "--unused-icons" in sys.argv:
        print("\n".join(unused_icons()))
        return 0
    problems = check()
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
