"""The example that documents the formats, run as a user runs it; the log of draws."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from huiyin.cli.main import main
from huiyin.core.errors import Conflict
from huiyin.surveys.drawlog import read_draws
from huiyin.surveys.plans import PlanError, load_plan, parse_plan

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "survey"
PLAN, FRAME = str(EXAMPLE / "plan.toml"), str(EXAMPLE / "frame.csv")
GOOD = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")


def test_the_example_draws_its_sample(tmp_path, capsys):
    log = str(tmp_path / "log")
    assert main(["survey", "draw", PLAN, FRAME, "--seed", "2026", "--log", log]) == 0
    assert capsys.readouterr().out == (EXAMPLE / "sample.csv").read_text(encoding="utf-8")


def test_the_example_scores_as_expected(capsys):
    files = [PLAN, str(EXAMPLE / "sample.csv"), str(EXAMPLE / "answers.csv")]
    assert main(["survey", "score", *files, "--json"]) == 0
    assert capsys.readouterr().out == (EXAMPLE / "expected.json").read_text(encoding="utf-8")
    assert main(["survey", "score", *files, "--detail"]) == 0
    detail = json.loads(capsys.readouterr().out)["detail"]
    assert [one["group"] for one in detail["groups"]] == ["A", "B", "C"]
    assert main(["survey", "score", *files]) == 0
    assert "satisfaction rate" in capsys.readouterr().out


def test_the_rate_of_cleaning_by_hand():
    """As docs/statistics.md reckons it, with nothing of the program's own."""

    def rows(name):
        with (EXAMPLE / name).open(encoding="utf-8") as stream:
            return list(csv.DictReader(stream))

    sample = {row["id"]: row for row in rows("sample.csv") if row["reason"] != "reserve"}
    stands: dict[tuple[str, str], float] = {}
    for row in sample.values():
        key = row["stratum"], row["reason"]
        stands[key] = stands.get(key, 0.0) + float(row["weight"])
    forms = {}
    for row in rows("answers.csv"):
        if row["id"] in sample and any(
            row[name] for name in ("cleaning", "security", "parking", "recommend")
        ):
            forms.setdefault(row["id"], row)
    counts = dict.fromkeys(stands, (0, 0, 0))
    for identity, row in forms.items():
        key, grade = (sample[identity]["stratum"], sample[identity]["reason"]), row["cleaning"]
        good, bad = grade in ("5", "4", "3", "满意"), grade in ("2", "1")
        counts[key] = tuple(old + new for old, new in zip(counts[key], (1, good, bad), strict=True))
    assert counts == {
        ("A", "random"): (13, 7, 5), ("A", "targeted"): (3, 1, 2), ("B", "random"): (7, 6, 1),
        ("B", "targeted"): (3, 1, 2), ("C", "random"): (4, 4, 0), ("C", "targeted"): (2, 1, 1),
    }  # fmt: skip
    good = sum(stands[key] / n * some for key, (n, some, _) in counts.items())
    judged = sum(stands[key] / n * (some + bad) for key, (n, some, bad) in counts.items())
    expected = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))
    assert expected["items"][0]["rate"] == round(good / judged, 6) == 0.67324


def test_every_draw_is_logged_and_a_second_one_is_told(tmp_path, capsys):
    log = tmp_path / "deep" / "draws.jsonl"
    for seed in ("1", "2"):
        out = str(tmp_path / f"{seed}.csv")
        assert main(["survey", "draw", PLAN, FRAME, "--seed", seed, "--log", str(log), "--out", out]) == 0
    assert "was drawn before, with seeds: 1" in capsys.readouterr().err
    assert [(one["number"], one["seed"], one["rows"]) for one in read_draws(log)] == [
        (1, 1, 103),
        (2, 2, 103),
    ]
    assert main(["survey", "draws", "--log", str(log)]) == 0
    assert "seed 2" in capsys.readouterr().out


def test_a_log_that_was_tidied_is_noticed(tmp_path, capsys):
    log = tmp_path / "draws.jsonl"
    for seed in ("1", "2", "3"):
        main(
            [
                "survey",
                "draw",
                PLAN,
                FRAME,
                "--seed",
                seed,
                "--log",
                str(log),
                "--out",
                str(tmp_path / "s.csv"),
            ]
        )
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text(lines[0] + lines[2], encoding="utf-8")
    with pytest.raises(Conflict, match="line 2"):
        read_draws(log)
    log.write_text(lines[0].replace('"seed": 1', '"seed": 9') + lines[1], encoding="utf-8")
    assert main(["survey", "draw", PLAN, FRAME, "--seed", "4", "--log", str(log)]) == 2
    assert capsys.readouterr().out == ""


def test_a_draw_that_cannot_be_logged_is_not_made(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("x", encoding="utf-8")
    assert main(["survey", "draw", PLAN, FRAME, "--seed", "1", "--log", str(blocked / "log")]) == 2
    assert capsys.readouterr().out == ""


def test_replace_size_and_check_from_the_command_line(tmp_path, capsys):
    sample = str(EXAMPLE / "sample.csv")
    first = Path(sample).read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    assert main(["survey", "replace", PLAN, sample, first, "--because", "vacant"]) == 0
    assert f",{first},vacant\n" in capsys.readouterr().out
    assert main(["survey", "replace", PLAN, sample, first, "--because", "no mood"]) == 2
    assert main(["survey", "size", "1000"]) == 0
    assert main(["survey", "size", "2000", "--answers", "323"]) == 0
    assert capsys.readouterr().out == "278\n0.0499\n"
    assert main(["survey", "check", PLAN]) == 0
    assert "7.3.2, 7.3.5, 7.3.6" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("share = 0.5", "share = 0.5\nsize = 3", "[sample]: write exactly one of share, size and margin"),
        ("share = 0.5", "shear = 0.5", "[sample] shear: unknown key"),
        ('rule = "all"', 'rule = "some"', "must be 'all' or 'share'"),
        ("at_least = 1 }", "about = 1 }", "a condition is a value"),
        ('scale = "five"', 'scale = "six"', "an item names a scale that is not there"),
        ('code = "4"', 'code = "5"', "a code stands twice"),
        ("deduction = { per = 0.05, points = 0.01 }", "", "[returns]: `deduction` belongs to short = deduct"),
        ("[survey]", "[survey", "plan.toml: Expected"),
    ],
)
def test_mistakes_in_a_plan_are_told_by_table_and_key(old, new, told):
    assert old in GOOD
    with pytest.raises(PlanError) as caught:
        parse_plan(GOOD.replace(old, new))
    assert told in str(caught.value)
    with pytest.raises(PlanError) as chinese:
        parse_plan(GOOD.replace(old, new), lang="zh")
    assert "plan.toml" in str(chinese.value)


def test_a_plan_is_found_as_a_file(tmp_path, capsys):
    assert load_plan(PLAN).survey.code == "example"
    assert main(["survey", "check", str(tmp_path / "none.toml")]) == 2
    assert "there is no survey plan" in capsys.readouterr().err
