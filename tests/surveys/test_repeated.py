"""Drawn and scored many times: weights undo the design, intervals hold the truth as often as they say."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.surveys.core import divide, draw, read_answers, read_sample, score

SITES = '[sample.strata]\nby = ["site"]\n'
DESIGNS = {
    "simple": "[sample]\nsize = 60\n",
    "stratified": "[sample]\nsize = 60\n" + SITES,
    "complainers for certain": "[sample]\nsize = 60\n"
    + SITES
    + "[sample.targeted]\nwhere = { complained = 1 }\n",
    "complainers at least a share": "[sample]\nsize = 60\n"
    "[sample.targeted]\nwhere = { complained = 1 }\nrule = 'share'\nshare = 0.4\n",
    "systematic": '[sample]\nsize = 60\nmethod = "systematic"\n',
    "by size": '[sample]\nsize = 60\nmethod = "proportional_to_size"\nsize_column = "homes"\n',
}


@pytest.mark.parametrize("design", DESIGNS)
def test_on_the_average_the_estimate_is_the_truth_and_its_interval_holds_it(
    design, make_plan, make_table, write
):
    """400 households of whom those who complained are mostly dissatisfied: plain counts would be wrong."""
    frame, satisfied = [], {}
    for at in range(400):
        complained = int(at % 8 == 0)
        satisfied[f"h{at}"] = at % 16 == 0 if complained else at % 5 != 0
        frame.append([f"h{at}", "AB"[at % 3 == 0], complained, 1 + at % 4])
    truth = mean(satisfied.values())
    plan = make_plan(DESIGNS[design])
    table = make_table(["id", "site", "complained", "homes"], frame)
    answers = write("answers.csv", ["id", "a"], [[one, 5 if good else 1] for one, good in satisfied.items()])
    rates, held = [], 0
    for seed in range(150):
        drawn = draw(plan, table, seed)
        columns = ["id", "stratum", "reason", "weight"]
        sample = make_table(
            columns, [[one.row[0], one.stratum, one.reason, one.weight] for one in drawn.chosen]
        )
        handed = read_sample(plan, sample)
        found = score(plan, handed, read_answers(answers, plan, handed.index))
        rates.append(found.rate.value)
        held += found.rate.wilson[0] <= truth <= found.rate.wilson[1]
    assert mean(rates) == pytest.approx(truth, abs=0.02)
    assert held / 150 > 0.90


@given(
    st.lists(st.tuples(st.floats(0.01, 100), st.integers(1, 50)), min_size=1, max_size=8), st.integers(0, 300)
)
@settings(max_examples=200, deadline=None)
def test_parts_are_whole_add_up_and_keep_their_bounds(strata, size):
    weights, most = [one for one, _ in strata], [one for _, one in strata]
    least = [min(2, one) for one in most]
    parts = divide(size, weights, most, least)
    assert sum(parts) == min(max(size, sum(least)), sum(most))
    assert all(low <= part <= high for low, part, high in zip(least, parts, most, strict=True))
