"""Packs as files: found, read, refused in plain words that name file, table and key."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from huiyin.core.errors import NotFound
from huiyin.engine import EngineError, Pack, compile_pack
from huiyin.procedures.packfiles import PackError, builtin_packs, check_pack, find_pack, load_pack, read_pack


@pytest.fixture
def folder(tmp_path):
    """A copy of PM1 whose text can be changed."""
    shutil.copytree(find_pack("PM1"), tmp_path / "PM1")
    return tmp_path / "PM1"


def change(folder, old, new):
    path = folder / "procedure.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def wrong(folder, lang="zh"):
    with pytest.raises(PackError) as caught:
        load_pack(folder, lang=lang)
    return caught.value


def test_packs_are_found_by_code_folder_or_file():
    folder = builtin_packs()["PM1"]
    assert find_pack("PM1") == folder
    assert find_pack(folder) == folder
    assert find_pack(folder / "procedure.toml") == folder
    with pytest.raises(NotFound, match="PM1"):
        find_pack("PM99")


def test_a_pack_survives_being_stored_as_json():
    pack = load_pack("PM1")
    assert Pack.model_validate(json.loads(pack.model_dump_json(by_alias=True))) == pack
    assert Pack.model_validate(pack.model_dump(mode="json", by_alias=True)) == pack


CHANGES = {
    "unknown key": (
        'due = { weekday = 5, roll = "back" }',
        'due = { weekday = 5, rol = "back" }',
        "weekly_review.due.rol",
        "不认识的键",
    ),
    "missing": ('name = "explain"\n', 'name = "explain"\nfoo = 1\n', "explain.foo", "不认识的键"),
    "duration": ('limit = "1wd"', 'limit = "1 day"', "explain.limit", "不是时限"),
    "warning": ('warn = "50%"', 'warn = "half"', "answer.warn", "50%"),
    "event": ('from = "judged"', 'from = "judge"', "explain.from", "没有这个事件"),
    "clause": ('clause = "7.2.10"\nwhen', 'clause = "7.2.99"\nwhen', ".clause", "没有条款 7.2.99"),
    "post": ('notify = ["quality"]', 'notify = ["qualty"]', "answer.on_breach", "没有岗位 qualty"),
    "fact": ('validity = "invalid" }', 'valdity = "invalid" }', "when.valdity", "没有名叫 valdity 的事实"),
    "value": ('validity = "invalid" }', 'validity = "bad" }', "when.validity", "没有 bad 这个值"),
    "zone": ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Peking"', "timezone", "没有时区"),
    "double": ('code = "quality"', 'code = "handler"', "handler", "写了两次"),
    "circle": ('reports_to = "general_manager"', 'reports_to = "handler"', "reports_to", "绕了一圈"),
    "pattern": ("TS-{year}-{serial:04}", "TS-{yaer}-{serial:04}", "complaint.pattern", "编号样式"),
    "number of": ('of = ["praise"]', 'of = ["prase"]', "praise.of", "没有这种信息或表单"),
    "parent": ('parent = "facility"', 'parent = "facilty"', "leak.parent", "没有分类"),
    "cites": ('reopened = "7.2.6"', 'reopened = "7.2.66"', "reopened", "没有条款 7.2.66"),
    "no table": ("[service_hours]", "[service_hour]", "service_hour", "不认识的键"),
    "flag": ("judged = true", 'judged = "yes"', "complaint.judged", "true 或 false"),
    "choice": ('every = "week"', 'every = "weekly"', "weekly_review.every", "只能是"),
    "left out": ('clause = "7.2.12"\n', "", "weekly_review.clause", "缺少这一项"),
    "condition": ("{ at_least = 3 }", "{ atleast = 3 }", ".when", "条件要写成"),
    "hours": ('"09:00-12:00", "13:30', '"09:00-14:00", "13:30', "service_hours", "服务时间要写成"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_an_error_names_file_table_and_key_in_plain_words(folder, name):
    old, new, key, words = CHANGES[name]
    error = wrong(change(folder, old, new))
    line = "\n".join(error.problems)
    assert line.startswith("procedure.toml：[")
    assert key in line
    assert words in line
    assert error.status == 422
    english = wrong(folder, "en")
    assert english.problems[0].startswith("procedure.toml: [")
    assert key in "\n".join(english.problems)
    assert english.message.splitlines()[0].endswith("wrong")


def test_bad_toml_and_bad_encoding_are_said(folder):
    (folder / "procedure.toml").write_text("[procedure\n", encoding="utf-8")
    assert "TOML" in str(wrong(folder))
    (folder / "procedure.toml").write_bytes("title = '物业'".encode("gb18030"))
    assert "UTF-8" in str(wrong(folder))


def test_a_pack_that_disagrees_with_itself_does_not_compile(folder):
    pack = read_pack(change(folder, 'notify = ["quality"]', 'notify = ["qualty"]'))
    with pytest.raises(EngineError) as caught:
        compile_pack(pack)
    assert caught.value.code == "unknown_post"


def test_what_deserves_a_look_is_said_and_no_error(folder):
    shutil.rmtree(folder / "forms", ignore_errors=True)
    change(folder, 'catalogue = ["PM1-7.4"]\nrunning = false\n', 'catalogue = ["PM1-7.4"]\n')
    change(folder, 'catalogue = ["PM1-7.2.12"]\n', 'catalogue = ["PM1-7.2.12"]\nrunning = false\n')
    _, remarks = check_pack(folder)
    text = "\n".join(remarks)
    assert "条款 7.4 还没有规则为它服务" in text
    assert "条款 7.2.12 标为未运行，却有规则引用它" in text
    assert "forms/complaint_record.docx" in text


def run(*arguments):
    command = [sys.executable, "-m", "huiyin.cli.main", "pack", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_pack_check(folder):
    good = run("check", "PM1")
    assert good.returncode == 0
    assert "可以运行" in good.stdout
    assert json.loads(run("check", "PM1", "--json").stdout)["ok"] is True
    change(folder, 'limit = "1wd"', 'limit = "1 day"')
    bad = run("check", str(folder))
    assert bad.returncode == 2
    assert bad.stdout == ""
    assert "explain.limit" in bad.stderr
    report = run("check", str(folder), "--json", "--lang", "en")
    assert report.returncode == 1
    assert "explain.limit" in json.loads(report.stdout)["problems"][0]


def test_pack_show():
    assert json.loads(run("show", "PM1", "--json").stdout)["procedure"]["code"] == "PM1"
    schema = json.loads(run("show", "--schema").stdout)
    assert set(schema["required"]) == {"procedure", "clause", "kind"}
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Clock"]["properties"]["from"]
    text = run("show", "PM1").stdout
    assert "7.2.3  分析判定与答复时限" in text
    assert '[clock] {"name": "explain"' in text
    assert "PM1\t" in run("show").stdout


@pytest.mark.parametrize("document", ["packs.md", "packs.zh-CN.md"])
def test_the_documents_example_runs_after_every_step(tmp_path, document):
    text = (Path(__file__).parents[2] / "docs" / document).read_text(encoding="utf-8")
    steps = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(steps) == 5
    for count in range(3, len(steps) + 1):
        (tmp_path / "procedure.toml").write_text("\n".join(steps[:count]), encoding="utf-8")
        _, remarks = check_pack(tmp_path)
        assert remarks == []


SLIPS_OF_THE_PEN = {
    "event of until": ('until = "answered"', 'until = "answred"', "answer.until"),
    "value of a need": ('"fairly_satisfied"', '"happy"', "followed_up.outcome: outcome has no value happy"),
    "fact of a need": ("outcome = [", "outcom = [", "followed_up.outcom: there is no fact outcom"),
    "bound that is no number": (
        'validity = "valid" }',
        'amount = { above = "x" } }',
        "a condition is a value",
    ),
    "time field of a limit": ('"asked", "2wd"', '"askd", "2wd"', "answer.limit: there is no fact askd"),
    "limit beyond all years": ('"2wd"', '"9999y"', "is no limit"),
    "limit of many digits": ('"2wd"', '"99999999999wd"', "is no limit"),
    "field of a step": ("exception =", 'fields = ["reazon"]\nexception =', "there is no fact reazon"),
    "hours backwards": ("09:00-12:00", "12:00-09:00", "hours are written"),
    "after what": ('"fairly_satisfied"]', '"fairly_satisfied"], after = "x"', "after has no value x"),
}
FACT = """
[[fact]]
name = "feedback_class"
title = "信息类别"
title_en = "Class"
kinds = ["{kind}"]
events = ["{event}"]
values = ["a"]
labels = {{ {value} = "A 类" }}
"""
FACTS = {
    "event": ({"event": "registred"}, "feedback_class.events: events has no value registred"),
    "kind": ({"kind": "repair"}, "feedback_class.kinds: there is no kind or form repair"),
    "words for a value it has not": ({"value": "b"}, "feedback_class.labels: feedback_class has no value b"),
}
NUMBER = '[[number]]\nname = "n"\nclause = "4.1"\nof = ["complaint"]\npattern = "{}"\n'


def _example() -> str:
    text = (Path(__file__).parents[2] / "docs" / "packs.md").read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```toml\n(.*?)```", text, re.DOTALL))


@pytest.mark.parametrize("name", SLIPS_OF_THE_PEN)
def test_a_slip_of_the_pen_is_found_and_said(tmp_path, name):
    old, new, words = SLIPS_OF_THE_PEN[name]
    text = _example()
    assert old in text
    (tmp_path / "procedure.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    assert words in str(wrong(tmp_path, "en"))
    assert len(wrong(tmp_path).problems) >= 1


@pytest.mark.parametrize("pattern", ["X", "X-{foo}", "X-{serial.__class__}", "X-{serial"])
def test_a_number_pattern_counts_and_takes_only_its_own_fields(tmp_path, pattern):
    text = _example() + NUMBER.format(pattern)
    (tmp_path / "procedure.toml").write_text(text, encoding="utf-8")
    assert "[number] n.pattern" in str(wrong(tmp_path, "en"))


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_of_the_packs_own_names_what_there_is(tmp_path, name):
    changed, words = FACTS[name]
    right = {"kind": "complaint", "event": "registered", "value": "a"}
    path = tmp_path / "procedure.toml"
    path.write_text(_example() + FACT.format(**right), encoding="utf-8")
    assert load_pack(tmp_path).fact[0].labels == {"a": "A 类"}
    path.write_text(_example() + FACT.format(**right | changed), encoding="utf-8")
    assert words in str(wrong(tmp_path, "en"))


@pytest.mark.parametrize(
    "pattern",
    [
        "TS-{year}-{serial:0999999999}",
        "TS-{year}-{serial:013}",
        "TS-{year}-{serial:{year}}",
        "TS-{year}-{serial:f}",
        "TS-{year}-{serial!r}",
        "TS-{unit:99}-{serial:04}",
        "TS-{serial}-{serial}",
        "TS-{year.real}-{serial:04}",
        "TS/{year}/{serial:04}",
        "TS {year} {serial:04}",
        "TS-{year}",
        "TS-{{{serial",
        "投" * 40 + "{serial:04}",
    ],
)
def test_a_number_of_absurd_pattern_is_refused(folder, pattern):
    error = wrong(change(folder, '"TS-{year}-{serial:04}"', f"'{pattern}'"))
    assert any("TS" in line or "投" in line for line in error.problems)
    with pytest.raises(PackError):
        read_and_compile(folder)


def read_and_compile(folder):
    compile_pack(load_pack(folder))


@pytest.mark.parametrize("pattern", ["投字[{year}]第{serial:04}号", "{unit}-{year}{month:02}-{serial:012}"])
def test_numbers_as_offices_write_them_are_taken(folder, pattern):
    load_pack(change(folder, "TS-{year}-{serial:04}", pattern))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('words = ["困人"', 'kinds = ["nothing"]\nwords = ["困人"', "trapped.kinds"),
        ('words = ["燃气", "煤气", "天然气泄漏", "瓦斯"]', "words = []", "gas.words"),
        ('name = "fire"\nclause = "7.2.3"', 'name = "fire"\nclause = "9.9"', "fire.clause"),
    ],
)
def test_an_emergency_that_makes_no_sense_is_named(folder, old, new, said):
    error = wrong(change(folder, old, new))
    assert any(said in line for line in error.problems), error.problems
