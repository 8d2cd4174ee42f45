"""The draw: exactly by rank of SHA-256, the same on any machine, with weights that stand for everybody."""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from itertools import pairwise

import pytest

from huiyin.core.errors import InvalidInput
from huiyin.surveys.core import draw, replace

SIMPLE = "[sample]\nsize = 10\n"
SITES = '[sample]\nsize = 20\n[sample.strata]\nby = ["site"]\n'


def people(count=100, **columns):
    names = ["id", *columns]
    return names, [[f"h{at}", *[rule(at) for rule in columns.values()]] for at in range(count)]


def drawn(make_plan, make_table, body, columns, rows, seed=7, **more):
    return draw(make_plan(body), make_table(columns, rows), seed, **more)


def rank(seed, identity):
    return sha256(f"{seed}:{identity}".encode()).hexdigest()


def test_a_simple_draw_takes_the_lowest_digests_in_their_order(make_plan, make_table):
    columns, rows = people()
    found = drawn(make_plan, make_table, SIMPLE, columns, rows)
    wanted = sorted((row[0] for row in rows), key=lambda one: rank(7, one))[:10]
    assert [one.row[0] for one in found.chosen] == wanted
    assert {(one.stratum, one.reason, one.weight) for one in found.chosen} == {("all", "random", 10.0)}


def test_the_order_of_the_frame_does_not_matter_and_the_seed_does(make_plan, make_table):
    columns, rows = people()
    first = drawn(make_plan, make_table, SIMPLE, columns, rows).csv()
    assert drawn(make_plan, make_table, SIMPLE, columns, rows[::-1]).csv() == first
    assert drawn(make_plan, make_table, SIMPLE, columns, rows, seed=8).csv() != first


def test_proportional_strata_add_up_and_are_ranked_within(make_plan, make_table):
    columns, rows = people(site=lambda at: "A" if at < 60 else "B" if at < 90 else "C")
    found = drawn(make_plan, make_table, SITES, columns, rows)
    assert Counter(one.stratum for one in found.chosen) == {"A": 12, "B": 6, "C": 2}
    assert [one.stratum for one in found.chosen] == ["A"] * 12 + ["B"] * 6 + ["C"] * 2
    for name in "ABC":
        digests = [rank(7, one.row[0]) for one in found.chosen if one.stratum == name]
        assert digests == sorted(digests)
    assert sum(one.weight for one in found.chosen) == pytest.approx(100)


def test_neyman_and_fixed_allocation(make_plan, make_table):
    columns, rows = people(1000, site=lambda at: "A" if at < 600 else "B" if at < 900 else "C")
    neyman = SITES.replace("20", "200") + 'allocation = "neyman"\nexpected = { A = 0.9, B = 0.8, C = 0.6 }\n'
    found = drawn(make_plan, make_table, neyman, columns, rows)
    assert Counter(one.stratum for one in found.chosen) == {"A": 103, "B": 69, "C": 28}
    fixed = '[sample.strata]\nby = ["site"]\nallocation = "fixed"\nfixed = { A = 5, B = 5, C = 500 }\n'
    found = drawn(make_plan, make_table, "[sample]\n" + fixed, columns, rows)
    assert Counter(one.stratum for one in found.chosen) == {"A": 5, "B": 5, "C": 100}
    assert {one.weight for one in found.chosen if one.stratum == "C"} == {1.0}


def test_a_share_can_hold_in_every_stratum(make_plan, make_table):
    columns, rows = people(103, site=lambda at: "A" if at < 101 else "B")
    body = '[sample]\nshare = 0.05\n[sample.strata]\nby = ["site"]\nminimum = 1\neach = true\n'
    found = drawn(make_plan, make_table, body, columns, rows)
    assert Counter(one.stratum for one in found.chosen) == {"A": 6, "B": 1}


def test_who_complained_is_in_for_certain_and_stands_for_himself(make_plan, make_table):
    columns, rows = people(complained=lambda at: int(at % 20 == 0))
    body = '[sample]\nsize = 10\n[sample.targeted]\nrule = "all"\nwhere = { complained = true }\n'
    found = drawn(make_plan, make_table, body, columns, rows)
    assert Counter(one.reason for one in found.chosen) == {"targeted": 5, "random": 5}
    assert {one.weight for one in found.chosen if one.reason == "targeted"} == {1.0}
    assert {one.weight for one in found.chosen if one.reason == "random"} == {19.0}
    on_top = drawn(make_plan, make_table, body + 'counts = "on_top"\n', columns, rows)
    assert Counter(one.reason for one in on_top.chosen) == {"targeted": 5, "random": 10}


def test_complainers_never_push_out_the_others_altogether(make_plan, make_table):
    columns, rows = people(complained=lambda at: int(at < 40))
    body = "[sample]\nsize = 10\n[sample.targeted]\nwhere = { complained = 1 }\n"
    found = drawn(make_plan, make_table, body, columns, rows)
    assert Counter(one.reason for one in found.chosen) == {"targeted": 40, "random": 2}
    assert found.notes[0]["code"] == "targeted_fill_stratum"
    assert sum(one.weight for one in found.chosen) == pytest.approx(100)


def test_complainers_make_up_at_least_a_share(make_plan, make_table):
    columns, rows = people(complained=lambda at: int(at % 10 == 0))
    body = (
        '[sample]\nsize = 20\n[sample.targeted]\nrule = "share"\nshare = 0.2\nwhere = { complained = "1" }\n'
    )
    found = drawn(make_plan, make_table, body, columns, rows)
    assert Counter(one.reason for one in found.chosen) == {"targeted": 4, "random": 16}
    assert {one.weight for one in found.chosen} == {10 / 4, 90 / 16}
    few = drawn(make_plan, make_table, body.replace("0.2", "0.9"), columns, rows)
    assert few.notes == [{"code": "too_few_targeted", "wanted": 18, "found": 10, "clause": ""}]


def test_rotation_asks_nobody_again_until_everybody_was(make_plan, make_table):
    body = '[sample]\nsize = 30\n[sample.rotation]\nasked = "asked"\n'
    columns, rows = people(asked=lambda at: 1 if at < 80 else "")
    found = drawn(make_plan, make_table, body, columns, rows)
    asked = {one.row[0] for one in found.chosen}
    assert {f"h{at}" for at in range(80, 100)} <= asked
    assert len(asked) == 30
    columns, rows = people(asked=lambda at: 1 if at < 60 else 0)
    assert {one.row[1] for one in drawn(make_plan, make_table, body, columns, rows).chosen} == {"0"}


def test_systematic_goes_along_the_order_at_even_steps(make_plan, make_table):
    columns, rows = people(room=lambda at: at)
    body = '[sample]\nsize = 10\nmethod = "systematic"\norder = ["room"]\n'
    found = drawn(make_plan, make_table, body, columns, rows)
    rooms = sorted(int(one.row[1]) for one in found.chosen)
    assert {later - before for before, later in pairwise(rooms)} == {10}
    assert {one.weight for one in found.chosen} == {10.0}


def test_proportional_to_size_weighs_by_the_chance(make_plan, make_table):
    columns, rows = people(20, homes=lambda at: 1000 if at == 0 else 10)
    body = '[sample]\nsize = 5\nmethod = "proportional_to_size"\nsize_column = "homes"\n'
    found = drawn(make_plan, make_table, body, columns, rows)
    weights = {one.row[0]: one.weight for one in found.chosen}
    assert len(weights) == 5
    assert weights.pop("h0") == 1.0
    assert set(weights.values()) == {190 / 4 / 10}


def test_reserves_come_next_in_rank_and_weigh_nothing(make_plan, make_table):
    columns, rows = people()
    found = drawn(make_plan, make_table, SIMPLE + "[sample.reserve]\nshare = 0.2\n", columns, rows)
    assert [one.reason for one in found.chosen] == ["random"] * 10 + ["reserve"] * 2
    assert found.csv().splitlines()[-1].endswith(",all,reserve,0")


def test_a_replacement_needs_a_reason_and_takes_the_next_reserve(make_plan, make_table):
    columns, rows = people()
    plan = make_plan(SIMPLE + "[sample.reserve]\nsize = 1\n")
    found = draw(plan, make_table(columns, rows), 7)
    sample = make_table(
        [*columns, "stratum", "reason", "weight"],
        [[*one.row, one.stratum, one.reason, one.weight] for one in found.chosen],
    )
    first, reserve = sample.rows[0][0], sample.rows[-1][0]
    with pytest.raises(InvalidInput, match="needs one of these reasons"):
        replace(plan, sample, first, because="")
    after = replace(plan, sample, first, because="vacant")
    assert dict(zip(after.columns, after.rows[-1], strict=True)) == {
        "id": reserve, "stratum": "all", "reason": "reserve", "weight": "10.0",
        "replaces": first, "because": "vacant",
    }  # fmt: skip
    with pytest.raises(InvalidInput, match="no reserve is left"):
        replace(plan, after, sample.rows[1][0], because="refused")
    with pytest.raises(InvalidInput, match="replaced already"):
        replace(plan, after, first, because="refused")


def test_the_population_is_who_matches_by_value_and_age(make_plan, make_table):
    columns, rows = people(4, in_=lambda at: ["2026-08-20", "2026-08-22", "2026-08-23", ""][at])
    columns[1] = "moved_in"
    body = '[population]\nwhere = { moved_in = { at_least_old = "3mo" } }\n'
    day = date(2026, 11, 22)
    assert drawn(make_plan, make_table, body, columns, rows, on=day).population == 2
    older = body.replace("at_least_old", "older_than")
    assert drawn(make_plan, make_table, older, columns, rows, on=day).population == 1
    with pytest.raises(InvalidInput, match="say which with --on"):
        drawn(make_plan, make_table, body, columns, rows)


def test_sites_below_a_bound_are_left_out(make_plan, make_table):
    columns, rows = people(
        20, site=lambda at: "A" if at < 10 else "B", lived=lambda at: int(at < 5 or at > 13)
    )
    body = '[population.groups]\nby = "site"\nof = { lived = true }\nabove = 0.5\n'
    found = drawn(make_plan, make_table, body, columns, rows)
    assert {one.row[1] for one in found.chosen} == {"B"}
    assert found.notes[0] == {"code": "groups_left_out", "groups": ["A"], "clause": "1"}


@pytest.mark.parametrize(
    ("columns", "rows", "text"),
    [
        (["id"], [["a"], [""]], "line 3: id is empty"),
        (["id"], [["a"], ["b"], ["a"]], "line 4: id a stands on line 2"),
        (["name"], [["a"]], "no column id"),
        (["id", "weight"], [["a", "1"]], "writes a column weight"),
        (["id"], [], "nobody"),
    ],
)
def test_a_frame_that_cannot_be_drawn_from_is_refused(make_plan, make_table, columns, rows, text):
    with pytest.raises(InvalidInput, match=text):
        draw(make_plan("[sample]\nsize = 1\n"), make_table(columns, rows), 1)
