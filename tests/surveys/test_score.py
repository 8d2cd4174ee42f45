"""The figures: counted by hand, against published keys, and against pandas."""

from __future__ import annotations

import csv
import json
from math import sqrt

import pandas as pd
import pytest

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core import read_answers, read_sample, read_table, score_files

HEAD = ["id", "stratum", "reason", "weight"]


@pytest.fixture
def scored(make_plan, write):
    """Score rows of answers; everybody of the sample has weight 1 in one stratum unless told otherwise."""

    def scored(answers, body="", items=("a",), sample=None, columns=None, sample_columns=None, by=()):
        rows = sample or [[f"h{at}", "all", "random", 1] for at in range(len(answers))]
        one = write("sample.csv", sample_columns or HEAD, rows)
        two = write("answers.csv", columns or ["id", *items], answers)
        return score_files(make_plan(body, items=items), one, two, by=by)

    return scored


def forms(*grades):
    return [[f"h{at}", grade] for at, grade in enumerate(grades)]


def test_blank_not_applicable_and_undecided_never_count(scored):
    answers = [["h0", 5, 1], ["h1", "", 5], ["h2", "NA", 5], ["h3", "?", 5], ["h4", 2, 5]]
    first = scored(answers, items=("a", "b")).items[0]
    assert (first.n, first.satisfied, first.dissatisfied, first.not_answered) == (2, 1, 1, 3)
    assert first.rate.value == 0.5
    assert first.mean.value == 65


def test_neither_satisfied_nor_dissatisfied_is_left_out_of_the_rate_alone(make_plan, write):
    plan = make_plan("").model_dump(mode="json")
    plan["scale"][0]["grade"][2]["counts"] = "neither"
    sample = write("s.csv", HEAD, [[f"h{at}", "all", "random", 1] for at in range(4)])
    found = score_files(type(make_plan(""))(**plan), sample, write("a.csv", ["id", "a"], forms(5, 3, 3, 1)))
    assert found.rate.value == 0.5
    assert found.items[0].n == 4
    assert found.items[0].mean.value == 55


def test_impossible_values_are_refused_with_their_lines(scored):
    with pytest.raises(InvalidInput, match=r"2 impossible values") as caught:
        scored(forms(5, 6, "x", 4))
    assert caught.value.params["lines"] == ["line 3, a: '6'", "line 4, a: 'x'"]


def test_straight_lined_and_repeated_forms_are_marked_and_nothing_is_deleted(scored):
    items = ("a", "b", "c", "d", "e")
    answers = [["h0", 4, 4, 4, 4, 4], ["h1", 4, 4, 4, 4, 5], ["h1", 1, 1, 1, 1, 2], ["x", 1, 1, 1, 1, 1]]
    sample = [[f"h{at}", "all", "random", 1] for at in range(4)]
    found = scored(answers, items=items, sample=sample)
    flags = {flag["code"]: flag for flag in found.flags}
    assert flags["straight_lined"]["forms"] == ["h0"]
    assert flags["repeated"]["forms"] == ["h1"]
    assert flags["not_in_sample"]["forms"] == ["x"]
    assert (found.handed_out, found.returned) == (4, 2)
    assert found.items[0].satisfied == 2
    last = scored(answers, '[checks]\nrepeated = "last"\n', items, sample)
    assert last.items[0].dissatisfied == 1
    without = scored(answers, "[checks]\nleave_out_straight_lined = true\n", items, sample)
    assert without.returned == 1


def test_forms_of_different_people_that_agree_in_everything_are_marked(scored):
    items = tuple("abcdefgh")
    rows = [["h0", 5, 4, 3, 2, 1, 5, 4, 3], ["h1", 5, 4, 3, 2, 1, 5, 4, 3], ["h2", 5, 4, 3, 2, 1, 5, 4, 4]]
    found = scored(rows, "[checks]\nidentical = 8\n", items)
    assert [flag["forms"] for flag in found.flags if flag["code"] == "identical"] == [["h0", "h1"]]


def test_the_interval_of_a_simple_draw_by_hand(scored):
    sample = [[f"h{at}", "all", "random", 10] for at in range(40)]
    found = scored(forms(*[5] * 30, *[1] * 10), sample=sample)
    rate = found.items[0].rate
    assert rate.se == pytest.approx(sqrt((1 - 40 / 400) * 0.75 * 0.25 / 39))
    n, z = 39 / 0.9, 1.959963984540054
    half = z * sqrt(0.75 * 0.25 / n + z * z / 4 / n / n)
    assert rate.wilson[0] == pytest.approx((0.75 + z * z / 2 / n - half) / (1 + z * z / n))
    assert found.margin_of_error == pytest.approx(1.96 * sqrt(0.25 / 40 * 360 / 399))


def test_weights_undo_a_targeted_draw_and_non_response_is_made_good_within_its_class(scored):
    sample = [[f"t{at}", "all", "targeted", 1] for at in range(10)]
    sample += [[f"r{at}", "all", "random", 9] for at in range(10)]
    answers = [[f"t{at}", 1] for at in range(10)] + [[f"r{at}", 5] for at in range(5)]
    assert scored(answers, sample=sample).rate.value == pytest.approx(0.9)
    by_count = scored(answers, '[score]\nweighting = "none"\n', sample=sample)
    assert by_count.rate.value == pytest.approx(1 / 3)


def test_poststratification_fits_known_groups(scored):
    body = '[score]\nweighting = "poststratified"\nby = "sex"\npopulation = { f = 50, m = 50 }\n'
    sample = [[f"h{at}", "all", "random", 10, "f" if at < 8 else "m"] for at in range(10)]
    found = scored(forms(*[5] * 6, 1, 1, 5, 1), body, sample=sample, sample_columns=[*HEAD, "sex"])
    assert found.rate.value == pytest.approx(0.5 * 0.75 + 0.5 * 0.5)
    # within groups: Σ (N_g/N)² s²/n of each, with the spread reckoned over the whole draw
    spread = 50**2 / 8**2 * 8 * 0.75 * 0.25 + 50**2 / 2**2 * 2 * 0.5 * 0.5
    assert found.rate.se == pytest.approx(sqrt((1 - 10 / 100) * 10 / 9 * spread) / 100)


def test_a_replacement_hides_no_refusal(scored):
    columns = [*HEAD, "replaces", "because"]
    sample = [["h0", "all", "random", 5, "", ""], ["h1", "all", "random", 5, "", ""]]
    sample += [["h2", "all", "reserve", 5, "h1", "refused"], ["h3", "all", "reserve", 0, "", ""]]
    body = "[sample]\nsize = 2\n[sample.reserve]\nsize = 2\n"
    refused = scored([["h0", 5], ["h2", 4]], body, sample=sample, sample_columns=columns)
    assert (refused.handed_out, refused.returned) == (3, 2)
    sample[2][5] = "vacant"
    vacant = scored([["h0", 5], ["h2", 4]], body, sample=sample, sample_columns=columns)
    assert (vacant.handed_out, vacant.returned) == (2, 2)
    unused = scored([["h0", 5], ["h3", 4]], body, sample=sample, sample_columns=columns)
    assert unused.returned == 1
    sample[2][5] = "because"
    with pytest.raises(InvalidInput, match="knows no replacement"):
        scored([["h0", 5]], body, sample=sample, sample_columns=columns)


@pytest.mark.parametrize(
    ("returned", "deduction"), [(50, 0), (49, 0), (46, 0), (45, 0.01), (44, 0.01), (40, 0.02), (1, 0.09)]
)
def test_a_point_is_lost_for_each_completed_five_short(scored, returned, deduction):
    deduct = 'short = "deduct"\ndeduction = { per = 0.05, points = 0.01 }\nclause = "9"\n'
    body = "[returns]\nat_least = 0.5\n" + deduct
    sample = [[f"h{at}", "all", "random", 1] for at in range(100)]
    found = scored(forms(*[5] * returned), body, sample=sample)
    assert found.valid
    assert found.reason["clause"] == "9"
    assert found.deduction == pytest.approx(deduction)
    assert found.after == pytest.approx(1 - deduction)


def test_at_least_includes_the_bound_and_above_does_not(scored):
    sample = [[f"h{at}", "all", "random", 1] for at in range(4)]
    assert scored(forms(5, 5, 5), "[returns]\nat_least = 0.75\n", sample=sample).valid
    void = scored(forms(5, 5, 5), "[returns]\nabove = 0.75\n", sample=sample)
    assert not void.valid
    assert void.reason == {"code": "return_short", "clause": "1", "above": 0.75, "actual": 0.75}


def test_a_return_can_be_wanted_of_every_group(scored):
    sample = [[f"h{at}", "all", "random", 1, "A" if at < 5 else "B"] for at in range(10)]
    answers = forms(*[5] * 9)
    body = '[returns]\nat_least = 0.9\nby = "site"\n'
    found = scored(answers, body, sample=sample, sample_columns=[*HEAD, "site"])
    assert not found.valid
    assert found.reason["groups"] == ["B"]


def test_small_groups_are_not_shown_and_cannot_be_had_by_subtraction(scored):
    sites = ["A"] * 9 + ["B"] * 6 + ["C"] * 4
    sample = [[f"h{at}", "all", "random", 1, site] for at, site in enumerate(sites)]
    found = scored(forms(*[5] * 19), sample=sample, sample_columns=[*HEAD, "site"], by=["site"])
    assert {one.group: one.shown for one in found.groups} == {"A": True, "B": False, "C": False}
    assert found.groups[2].as_json() == {"by": "site", "group": "C", "shown": False}


def test_bounds_say_what_silence_could_hide(scored):
    sample = [[f"h{at}", "all", "random", 1] for at in range(100)]
    found = scored(forms(*[5] * 45, *[1] * 5), sample=sample)
    assert found.bounds == pytest.approx((0.45, 0.95))


def test_a_missed_objective_is_flagged_after_deduction(scored):
    body = '[score]\nobjective = 0.75\nclause = "8"\n'
    assert not [one for one in scored(forms(5, 5, 5, 1), body).flags if one["code"] == "objective_missed"]
    flags = scored(forms(5, 5, 1, 1), body).flags
    assert {"code": "objective_missed", "objective": 0.75, "actual": 0.5, "clause": "8"} in flags


def test_the_weighted_index(scored, make_plan, write):
    scores = (86, 90, 78, 82, 74)
    weights = (0.30, 0.25, 0.20, 0.15, 0.10)
    plan = make_plan("", items=tuple("abcde")).model_dump(mode="json")
    plan["scale"][0]["grade"] = [{"code": str(one), "score": one} for one in scores]
    plan["scale"][0]["full"] = 100
    for item, weight in zip(plan["item"], weights, strict=True):
        item["weight"] = weight
    found = score_files(
        type(make_plan(""))(**plan),
        write("s.csv", HEAD, [["h0", "all", "random", 1]]),
        write("a.csv", ["id", *"abcde"], [["h0", *scores]]),
    )
    assert found.index.value == pytest.approx(83.6)


def test_recommendation(make_plan, write, keys):
    key = keys["nps"]
    plan = make_plan("").model_dump(mode="json")
    plan["item"] = [{"key": "r", "kind": "recommendation"}]
    plan["score"]["finite"] = False
    grades = [10] * key["promoters"] + [8] * key["passives"] + [6] * key["detractors"]
    found = score_files(
        type(make_plan(""))(**plan),
        write("s.csv", HEAD, [[f"h{at}", "all", "random", 1] for at in range(200)]),
        write("a.csv", ["id", "r"], [[f"h{at}", grade] for at, grade in enumerate(grades)]),
    ).items[0]
    assert found.index.value == pytest.approx(key["score"])
    low, high = found.interval
    assert round((high - low) / 2, 1) == 9.2
    assert found.top_box.value == 0.5


def test_anonymous_forms_carry_no_id_and_still_count_by_stratum(scored, make_plan, write):
    plan = make_plan("").model_dump(mode="json")
    plan["survey"]["anonymous"] = True
    sample = write("s.csv", HEAD, [[f"h{at}", "A" if at < 2 else "B", "random", 5] for at in range(6)])
    answers = write("a.csv", ["stratum", "a"], [["A", 5], ["B", 1], ["B", 1]])
    found = score_files(type(make_plan(""))(**plan), sample, answers)
    assert (found.handed_out, found.returned) == (6, 3)
    assert found.rate.value == pytest.approx(1 / 3)


def test_a_question_that_was_not_asked_cannot_be_answered(make_plan, write):
    plan = make_plan("", items=("a", "b")).model_dump(mode="json")
    plan["item"][1]["when"] = {"kind": "x"}
    sample = write("s.csv", HEAD, [["h0", "all", "random", 1], ["h1", "all", "random", 1]])
    whole = type(make_plan(""))(**plan)
    good = write("a.csv", ["id", "kind", "a", "b"], [["h0", "x", 5, 5], ["h1", "y", 5, ""]])
    assert score_files(whole, sample, good).items[1].n == 1
    bad = write("b.csv", ["id", "kind", "a", "b"], [["h0", "x", 5, 5], ["h1", "y", 5, 4]])
    with pytest.raises(InvalidInput, match="line 3, b: answered, but not asked"):
        score_files(whole, sample, bad)


@pytest.mark.parametrize(("name", "key"), [("apistrat", "stratified_apistrat"), ("apisrs", "srs_apisrs")])
def test_means_of_published_samples(make_plan, write, shared, keys, name, key):
    with (shared / "statistics" / f"{name}.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    plan = make_plan("").model_dump(mode="json")
    plan["population"]["id"] = "snum"
    plan["item"] = [{"key": "api00", "kind": "number", "least": 0, "most": 1000}]
    strata = [row["stype"] if name == "apistrat" else "all" for row in rows]
    sample = [
        [row["snum"], stratum, "random", float(row["fpc"]) / strata.count(stratum)]
        for row, stratum in zip(rows, strata, strict=True)
    ]
    found = score_files(
        type(make_plan(""))(**plan),
        write("s.csv", ["snum", *HEAD[1:]], sample),
        write("a.csv", ["snum", "api00"], [[row["snum"], row["api00"]] for row in rows]),
    )
    mean = found.items[0].mean
    assert mean.value == pytest.approx(keys[key]["mean_api00"], abs=5e-5)
    assert mean.se == pytest.approx(keys[key]["se"], abs=5e-5)
    assert found.as_json()["items"][0]["mean"] == pytest.approx(keys[key]["mean_api00"], abs=5e-5)


def test_a_published_survey_agrees_with_pandas(make_plan, write, shared):
    """Codes 0 (blank) and 6 (not used) stay out of the means; the survey's own weights count."""
    source = shared / "airport_survey" / "2017.csv"
    frame = pd.read_csv(source, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    items = [name for name in frame.columns if name[:2] in ("Q7", "Q9") and "COM" not in name]
    plan = make_plan("", items=items).model_dump(mode="json")
    plan["population"]["id"], plan["score"] = "RESPNUM", {"finite": False, "weighting": "given"}
    scale = plan["scale"][0]
    scale["not_counted"] = ["0", "6", "Blank"]
    for score, grade in zip((5, 4, 3, 2, 1), scale["grade"], strict=True):
        grade["score"] = score
    sample = frame[["RESPNUM", "STRATA", "WEIGHT"]].copy()
    sample.insert(2, "reason", "random")
    weights = write("s.csv", ["RESPNUM", *HEAD[1:]], sample.to_numpy().tolist())
    counted = score_files(type(make_plan(""))(**plan), weights, source)
    number = frame[items].apply(pd.to_numeric, errors="coerce")
    number = number.where(number.isin([1, 2, 3, 4, 5]))
    kept = number.notna().any(axis=1)
    assert counted.handed_out == 2831
    assert counted.returned == int(kept.sum())
    frame, number = frame[kept], number[kept]
    weight = frame["WEIGHT"].astype(float)
    assert len(items) > 15
    for found in counted.items:
        column = number[found.key]
        given = column.notna()
        assert found.n == int(given.sum())
        assert found.mean.value == pytest.approx((column * weight)[given].sum() / weight[given].sum())
        good, bad = (column >= 3) & given, (column <= 2) & given
        assert found.rate.value == pytest.approx(weight[good].sum() / weight[good | bad].sum())
        residual = ((column - found.mean.value) * weight).where(given, 0.0) / weight[given].sum()
        by = residual.groupby(frame["STRATA"])
        variance = (by.var(ddof=1) * by.size()).sum()
        assert found.mean.se == pytest.approx(sqrt(variance))


def test_files_of_spreadsheets_are_read(make_plan, tmp_path):
    path = tmp_path / "frame.csv"
    path.write_bytes("id,姓名\r\nh1,张三\r\n".encode("gb18030"))
    assert read_table(path).rows == [["h1", "张三"]]
    path.write_bytes("\ufeffid,a\nh1,5\n".encode())
    sample = read_sample(make_plan(""), read_table(path))
    assert len(read_answers(path, make_plan(""), sample.index)) == 1
    path.write_text("id,a\nh1\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="line 2: 1 fields instead of 2"):
        read_table(path)


def test_the_promised_keys_and_no_other(scored):
    shown = scored(forms(5, 4, 1, 2, 3)).as_json()
    assert list(shown) == [
        "handed_out", "returned", "response_rate", "valid", "reason", "deduction", "items",
        "satisfaction_rate", "index", "margin_of_error", "flags",
    ]  # fmt: skip
    assert list(shown["satisfaction_rate"]) == ["before", "after"]
    assert list(shown["items"][0]) == [
        "key", "n", "satisfied", "dissatisfied", "not_answered", "rate", "mean", "index", "interval",
    ]  # fmt: skip
    json.dumps(shown, allow_nan=False)


def test_nobody_answered(scored):
    sample = [["h0", "all", "random", 1]]
    found = scored([], sample=sample)
    assert found.as_json()["satisfaction_rate"] == {"before": None, "after": None}
    assert not found.valid
    json.dumps(found.as_json(), allow_nan=False)
