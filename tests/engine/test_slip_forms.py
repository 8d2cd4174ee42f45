"""Rules about one form of slip hold for every later step of a slip on it, unnamed though it be."""

from __future__ import annotations

import pytest

FORMS = """
[[slip]]
code = "sheet"
title = "信息单"
clause = "1"
[[slip]]
code = "memo"
title = "便笺"
clause = "1"
[[gate]]
step = "slip_received"
clause = "9"
given = { form = "sheet" }
posts = ["head"]
[[gate]]
step = "closed"
clause = "7"
needs = { slip_received = { form = "sheet" } }
"""
REGISTERED = ("2026-11-18 10:00", "registered")
CLOSED = ("2026-11-18 12:00", "closed")


def received(form, post):
    issued = ("2026-11-18 10:10", "slip_issued", {"slip": "s1", "form": form, "post": "head"})
    return [REGISTERED, issued, ("2026-11-18 11:00", "slip_received", {"slip": "s1", "post": post})]


@pytest.mark.parametrize(("form", "post", "refused"), [("sheet", "clerk", True), ("sheet", "head", False)])
def test_a_gate_asks_for_the_form_of_the_slip(make, find, form, post, refused):
    lines = make(FORMS).play(*received(form, post))
    assert bool(find(lines, "refused", event="slip_received", clause="9")) == refused


def test_another_form_is_not_meant(make, find):
    assert not find(make(FORMS).play(*received("memo", "clerk")), "refused")


@pytest.mark.parametrize(("form", "refused"), [("memo", True), ("sheet", False)])
def test_a_later_step_may_wait_for_the_receipt_of_one_form(make, find, form, refused):
    lines = make(FORMS).play(*received(form, "head"), CLOSED)
    assert bool(find(lines, "refused", event="closed", clause="7", missing=["slip_received"])) == refused
