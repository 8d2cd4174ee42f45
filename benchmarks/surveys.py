"""How long it takes to draw from many households and to score many forms, as the command does it.

python benchmarks/surveys.py [HOUSEHOLDS] [FORMS] [ITEMS]
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-m", "huiyin.cli.main", "survey"]
PLAN = """
[survey]
code = "bench"
title = "bench"
clause = "1"
[sample]
share = 0.5
[sample.strata]
by = ["site"]
[sample.targeted]
where = { complained = true }
[sample.reserve]
share = 0.1
[[scale]]
code = "five"
grade = [
  { code = "5", score = 100, counts = "satisfied" }, { code = "4", score = 80, counts = "satisfied" },
  { code = "3", score = 60, counts = "satisfied" }, { code = "2", score = 30, counts = "dissatisfied" },
  { code = "1", score = 0, counts = "dissatisfied" },
]
[returns]
at_least = 0.5
"""


def main() -> None:
    given = [int(one) for one in sys.argv[1:]]
    households, forms, items = [*given, *(1_000_000, 1_000_000, 30)[len(given) :]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = [f"q{at}" for at in range(items)]
        asked = "".join(f'[[item]]\nkey = "{key}"\nscale = "five"\n' for key in keys)
        (folder / "plan.toml").write_text(PLAN + asked, encoding="utf-8")
        write_frame(folder / "frame.csv", households)
        out = folder / "drawn.csv"
        measure(
            f"draw from {households:,} households",
            "draw",
            folder,
            "frame.csv",
            "--seed",
            "1",
            "--out",
            str(out),
        )
        write_answers(folder, forms, keys)
        measure(
            f"score {forms:,} forms of {items} items", "score", folder, "sample.csv", "answers.csv", "--json"
        )


def write_frame(path: Path, households: int) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,site,room,complained\n")
        for at in range(households):
            stream.write(f"h{at:07},s{at % 100:02},{at // 100},{int(at % 50 == 0)}\n")


def write_answers(folder: Path, forms: int, keys: list[str]) -> None:
    """Random grades in which some are blank; everybody asked weighs two."""
    source = random.Random(1)
    grades, odds = ("5", "4", "3", "2", "1", ""), (30, 35, 20, 8, 4, 3)
    lines = [",".join(source.choices(grades, odds, k=len(keys))) for _ in range(9973)]
    with (folder / "sample.csv").open("w", encoding="utf-8") as stream:
        stream.write("id,site,stratum,reason,weight\n")
        for at in range(forms):
            stream.write(f"h{at:07},s{at % 100:02},s{at % 100:02},random,2\n")
    with (folder / "answers.csv").open("w", encoding="utf-8") as stream:
        stream.write(f"id,{','.join(keys)}\n")
        for at in range(forms):
            stream.write(f"h{at:07},{lines[at * 7919 % len(lines)]}\n")


def measure(what: str, action: str, folder: Path, *rest: str) -> None:
    """Wall clock, processor time and the largest memory of the command in a process of its own."""
    files = [str(folder / one) if one.endswith(".csv") and "/" not in one else one for one in rest]
    environment = os.environ | {"HUIYIN_DATA_DIR": str(folder)}
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [*COMMAND, action, str(folder / "plan.toml"), *files]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what}: {seconds:.1f} s, processor {busy:.1f} s, at most {after.ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
