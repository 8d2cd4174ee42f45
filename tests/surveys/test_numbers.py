"""Sizes, weights and charts against published examples."""

from __future__ import annotations

import openpyxl
import pytest

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core import (
    Estimate,
    compare,
    compare_sites,
    cronbach,
    importance_performance,
    judge,
    margin_of_error,
    neyman,
    p_chart,
    pareto,
    regulator_margin,
    sample_size,
    u_chart,
    wilson,
)
from huiyin.surveys.core.allocation import deviations, divide
from huiyin.surveys.core.comparing import holm

FIVE = [
    (1, "1/3", "1/2", 3, 2),
    (3, 1, 2, 5, 4),
    (2, "1/2", 1, 4, 3),
    ("1/3", "1/5", "1/4", 1, "1/2"),
    ("1/2", "1/4", "1/3", 2, 1),
]


@pytest.mark.parametrize(("population", "size"), [(1000, 278), (2000, 323), (5000, 357), (float("inf"), 385)])
def test_sample_size_with_finite_population(population, size):
    assert sample_size(population) == size


def test_landlords_need_and_reach_what_their_regulator_says(shared):
    book = openpyxl.load_workbook(shared / "housing_tsm" / "tsm_2024.xlsx", read_only=True)
    rows = []
    for sheet in book.worksheets:
        if sheet.title in ("TSM24_LCRA_Perception",):
            rows += [
                row for row in sheet.iter_rows(min_row=4, values_only=True) if isinstance(row[7], int | float)
            ]
    needed = [sample_size(row[7], regulator_margin(row[7]), form="regulator") == row[8] for row in rows]
    reached = [
        round(100 * (margin_of_error(row[9], row[7]) or 0), 1) == round(float(row[10]), 1) for row in rows
    ]
    assert len(rows) == 355
    assert sum(needed) == 355
    assert sum(reached) >= 354


def test_allocation_by_neyman_and_by_the_largest_remainder():
    population = {"a": 600, "b": 300, "c": 100}
    found = neyman(population, deviations({"a": 0.9, "b": 0.8, "c": 0.6}), 200)
    assert [round(one, 1) for one in found.values()] == [103.2, 68.8, 28.1]
    assert divide(200, [600, 300, 100], [600, 300, 100]) == [120, 60, 20]
    assert divide(10, [1, 1, 1], [2, 9, 9]) == [2, 4, 4]
    assert divide(5, [100, 1, 1], [100, 1, 9], [2, 2, 2]) == [2, 1, 2]


def test_weights_by_comparison():
    mean = judge(FIVE, method="geometric_mean")
    assert [round(one, 4) for one in mean.weights] == [0.1602, 0.4174, 0.2634, 0.0615, 0.0975]
    vector = judge(FIVE)
    assert [round(one, 4) for one in vector.weights] == [0.1599, 0.4185, 0.2625, 0.0618, 0.0973]
    assert round(mean.largest, 4) == 5.0680
    assert round(vector.largest, 4) == 5.0681
    assert round(mean.ratio, 4) == round(vector.ratio, 4) == 0.0152


def test_weights_by_comparison_agree_with_published_cases(keys):
    drinks, car, perfect = keys["ahp"]["cases"]
    found = judge(drinks["matrix"])
    assert [round(one, 3) for one in found.weights] == drinks["weights"]
    assert round(found.ratio, 3) == drinks["CR"]
    assert round(found.largest, 4) == drinks["lambda_max"]
    assert [round(one, 3) for one in judge(car["matrix"]).weights] == car["weights"]
    assert round(judge(car["matrix"]).ratio, 4) == car["CR_saaty_0.90"]
    assert round(judge(car["matrix"], random_index="donegan_dodd").ratio, 2) == car["CR_donegan_dodd"]
    assert [round(one, 4) for one in judge(perfect["matrix"]).weights] == perfect["weights"]
    assert judge(perfect["matrix"]).ratio == pytest.approx(0, abs=1e-9)


def test_contradicting_comparisons_are_refused_unless_justified():
    matrix = [[1, 5, "1/5"], ["1/5", 1, 5], [5, "1/5", 1]]
    with pytest.raises(InvalidInput, match=r"random index saaty2007_0\.52"):
        judge(matrix, random_index="saaty2007_0.52")
    assert judge(matrix, justification="x").ratio > 0.1
    with pytest.raises(InvalidInput, match="not the reciprocal"):
        judge([[1, 2], [2, 1]])
    with pytest.raises(InvalidInput, match="as many rows"):
        judge([[1, 2]])


def test_control_charts(shared, keys):
    def rows(name):
        with (shared / "statistics" / name).open() as stream:
            return [line.split() for line in stream][1:]

    orange = [row for row in rows("orangejuice.tsv") if row[3] == "TRUE"]
    key = keys["p_chart"]
    found = p_chart([int(row[1]) for row in orange], [int(row[2]) for row in orange])
    assert found.centre == pytest.approx(key["CL"], abs=5e-8)
    assert (found.lower[0], found.upper[0]) == pytest.approx((key["LCL"], key["UCL"]), abs=5e-8)
    assert list(found.outside) == key["out_of_control_samples"]
    cloth = [[float(one) for one in row] for row in rows("dyedcloth.tsv")]
    key = keys["u_chart_variable_n"]
    units = u_chart([row[0] for row in cloth], [row[1] for row in cloth])
    assert units.centre == pytest.approx(key["CL"], abs=5e-8)
    assert [round(one, 2) for one in units.upper] == key["UCL"]
    assert [round(one, 2) for one in units.lower] == key["LCL"]
    small = p_chart([40, 44, 22, 34, 24, 32, 28, 32, 34, 30], [200] * 10)
    assert (round(small.lower[0], 4), round(small.upper[0], 4)) == (0.0822, 0.2378)


def test_pareto_cronbach_and_quadrants(keys):
    key = keys["pareto"]
    assert [round(100 * bar.cumulative, 2) for bar in pareto(key["counts"])] == key["cum_pct"]
    vital = [bar.vital for bar in pareto(dict(zip("abcdef", (42, 27, 15, 8, 5, 3), strict=True)))]
    assert vital == [True, True, True, False, False, False]
    for case in keys["cronbach"]:
        assert round(cronbach(case["rows"]), 4) == case["alpha"]
    points = importance_performance({"a": (0.5, 90), "b": (0.4, 60), "c": (0.05, 50), "d": (0.05, 95)})
    assert [one.quadrant for one in points] == ["keep", "improve", "low_priority", "overdone"]


def test_wilson_holds_at_the_edges():
    assert wilson(0.8, 100) == pytest.approx((0.711170, 0.866633), abs=1e-6)
    assert wilson(1.0, 10) == pytest.approx((0.722467, 1.0), abs=1e-6)
    assert wilson(0.0, 10)[0] == 0.0
    assert wilson(0.4, float("inf")) == (0.4, 0.4)


def test_what_differs_by_more_than_chance():
    def year(value, se):
        return Estimate(value, se, 100, 100)

    assert not compare(year(0.80, 0.03), year(0.85, 0.03)).differs
    real = compare(year(0.80, 0.01), year(0.85, 0.01))
    assert real.differs
    assert real.p == pytest.approx(0.000407, abs=1e-6)
    sites = {f"s{at}": year(0.80, 0.03) for at in range(19)} | {"odd": year(0.70, 0.03)}
    assert [one.name for one in compare_sites(sites) if one.differs] == ["odd"]
    # alone it would differ, among twenty it need not
    close = {f"s{at}": year(0.80, 0.03) for at in range(19)} | {"odd": year(0.735, 0.03)}
    assert not any(one.differs for one in compare_sites(close))
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
