"""The quick checks before a commit: style, types, layers, templates, translations, and the quick tests."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# what finds most for its seconds; the rooms that need whole companies and long stories wait for `make test`
QUICK = [
    f"tests/{room}"
    for room in (
        "test_architecture.py",
        "engine",
        "packs",
        "core",
        "surveys",
        "journal",
        "organization",
        "slips",
        "web",
    )
]
CHECKS: list[tuple[str, list[str]]] = [
    ("ruff", [str(BIN / "ruff"), "check", "-q"]),
    ("format", [str(BIN / "ruff"), "format", "--check", "-q"]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    ("types", [str(BIN / "mypy"), "src"]),
    ("templates", [sys.executable, "tools/check_templates.py"]),
    ("translations", [sys.executable, "tools/translations.py", "check"]),
    (
        "quick tests",
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "-m",
            "not slow and not browser",
            *QUICK,
        ],
    ),
]


def main() -> int:
    failed: list[str] = []
    for name, command in CHECKS:
        if (
            command[0] == sys.executable
            and command[1].startswith("tools/")
            and not (ROOT / command[1]).exists()
        ):
            continue
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(
            f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name} ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
        if done.returncode:
            failed.append(name)
            print(done.stdout + done.stderr)
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
