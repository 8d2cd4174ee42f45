"""An edition's life: countersigned and approved by the posts it names, in force on its day, for its units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.factories.organization import SmallCompany, make_company
from tests.procedures.conftest import MakePack

from huiyin.cases.recording import register
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.core.ticking import run_tick
from huiyin.journal.models import Entry
from huiyin.organization.actors import system_actor
from huiyin.procedures.life import (
    approve_edition,
    countersign_edition,
    decline_edition,
    needs_signing,
    open_acts,
    scope_procedure,
    submit_edition,
    wanted_signatures,
)
from huiyin.procedures.models import Edition, Procedure
from huiyin.procedures.packfiles import load_pack
from huiyin.procedures.selectors import current_rules, edition_for
from huiyin.procedures.services import install_pack

ZONE = ZoneInfo("Asia/Shanghai")
SLOWER = ('limit = ["asked", "2wd"]', 'limit = ["asked", "3wd"]')


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _label(small: SmallCompany, when: str, unit: str = "A", kind: str = "complaint") -> str:
    where = small.units[unit]
    return edition_for(company_id=small.root.pk, kind=kind, at=at(when), unit=where).label


def _submitted(small: SmallCompany, make_pack: MakePack, label: str = "A/1", **more: Any) -> Edition:
    pack = make_pack(label, SLOWER)
    return submit_edition(actor=small.actor("quality"), source=pack, **more)


@time_machine.travel(at("2026-06-10 09:00"), tick=False)
def test_nothing_runs_before_everybody_signed(small: SmallCompany, make_pack: MakePack) -> None:
    edition = _submitted(small, make_pack)
    assert edition.state == "draft"
    assert _label(small, "2026-06-10 09:00") == "A/0"
    edition = countersign_edition(actor=small.actor("deputy"), edition=edition)
    assert edition.state == "reviewed"
    assert _label(small, "2026-06-10 09:00") == "A/0"
    edition = approve_edition(actor=small.actor("manager"), edition=edition)
    assert edition.state == "effective"
    assert _label(small, "2026-06-10 09:00") == "A/1"
    assert [(one.act, one.post, one.name) for one in edition.signatures.all()] == [
        ("submitted", "", "林芳"),
        ("countersigned", "deputy_general_manager", "孙伟"),
        ("approved", "general_manager", "郑国华"),
    ]
    names = Entry.objects.filter(chain__subject_kind="edition", chain__subject_id=str(edition.pk))
    assert list(names.order_by("sequence").values_list("name", flat=True)) == [
        "edition_submitted",
        "edition_countersigned",
        "edition_approved",
    ]


def test_each_signs_in_turn_and_only_in_his_post(small: SmallCompany, make_pack: MakePack) -> None:
    edition = _submitted(small, make_pack)
    for who in ("manager", "duty_a", "quality"):
        assert open_acts(small.actor(who), edition) == []
        with pytest.raises(Forbidden):
            countersign_edition(actor=small.actor(who), edition=edition)
    with pytest.raises(Forbidden):
        approve_edition(actor=small.actor("manager"), edition=edition)
    countersign_edition(actor=small.actor("deputy"), edition=edition)
    with pytest.raises(Forbidden):
        countersign_edition(actor=small.actor("deputy"), edition=edition)
    with pytest.raises(Forbidden):
        submit_edition(actor=small.actor("duty_a"), source=make_pack("A/2"))


@time_machine.travel(at("2026-06-10 09:00"), tick=False)
def test_approved_for_a_later_day(small: SmallCompany, make_pack: MakePack) -> None:
    edition = countersign_edition(actor=small.actor("deputy"), edition=_submitted(small, make_pack))
    with pytest.raises(InvalidInput, match="今天"):
        approve_edition(actor=small.actor("manager"), edition=edition, effective_from=date(2026, 6, 9))
    day = date(2026, 7, 1)
    edition = approve_edition(actor=small.actor("manager"), edition=edition, effective_from=day)
    assert edition.state == "approved"
    assert _label(small, "2026-06-30 23:59") == "A/0"
    # by its day, not by the tick
    assert _label(small, "2026-07-01 00:00") == "A/1"
    assert current_rules(small.actor("quality")).pack.procedure.edition == "A/0"
    with time_machine.travel(at("2026-07-01 00:01"), tick=False):
        run_tick()
        states = dict(Edition.objects.values_list("label", "state"))
        assert states == {"A/0": "superseded", "A/1": "effective"}
        assert current_rules(small.actor("quality")).pack.procedure.edition == "A/1"
        assert Entry.objects.filter(name="edition_in_force").count() == 1
        run_tick()
        assert Entry.objects.filter(name="edition_in_force").count() == 1


def test_what_was_sent_back_can_be_submitted_again(small: SmallCompany, make_pack: MakePack) -> None:
    pack, quality = make_pack("A/1", SLOWER), small.actor("quality")
    edition = submit_edition(actor=quality, source=pack)
    with pytest.raises(Conflict, match="A/1"):
        submit_edition(actor=quality, source=pack)
    with pytest.raises(InvalidInput, match="理由"):
        decline_edition(actor=small.actor("deputy"), edition=edition, note=" ")
    with pytest.raises(Forbidden):
        decline_edition(actor=small.actor("manager"), edition=edition, note="太慢")
    edition = decline_edition(actor=small.actor("deputy"), edition=edition, note="三天太慢")
    assert edition.state == "declined"
    assert open_acts(small.actor("deputy"), edition) == []
    assert submit_edition(actor=quality, source=pack).state == "draft"


def test_cases_keep_their_edition(small: SmallCompany, make_pack: MakePack) -> None:
    data = {"kind": "complaint", "channel": "phone", "text": "电梯又停了", "unit": "A"}
    case = register(actor=system_actor(small.root.pk), data=data).case
    edition = countersign_edition(actor=small.actor("deputy"), edition=_submitted(small, make_pack))
    approve_edition(actor=small.actor("manager"), edition=edition)
    case.refresh_from_db()
    assert case.edition.label == "A/0"
    assert register(actor=system_actor(small.root.pk), data=data).case.edition.label == "A/1"


def test_another_company_signs_nothing_here(small: SmallCompany, make_pack: MakePack) -> None:
    other = make_company("别家", prefix="other_")
    edition = _submitted(small, make_pack)
    with pytest.raises(NotFound):
        countersign_edition(actor=other.actor("deputy"), edition=edition)
    with pytest.raises(NotFound):
        scope_procedure(
            actor=small.actor("quality"), procedure=edition.procedure, units=[other.site_a], kinds=[]
        )


def test_a_procedure_is_chosen_by_unit_and_kind(small: SmallCompany, make_pack: MakePack) -> None:
    other = ('code = "PM1"', 'code = "PM1B"')
    install_pack(company=small.root, source=make_pack("B/0", other, SLOWER))
    theirs = Procedure.objects.get(code="PM1B")
    quality = small.actor("quality")
    scope_procedure(actor=quality, procedure=theirs, units=[small.site_b], kinds=["complaint"])
    day = "2026-06-10 09:00"
    assert _label(small, day, "A") == "A/0"
    assert _label(small, day, "B") == "B/0"
    assert _label(small, day, "B-ENG") == "B/0"
    assert _label(small, day, "B", "suggestion") == "A/0"
    # before it came there was only the other
    assert _label(small, "2025-06-10 09:00", "B") == "A/0"
    data = {"kind": "complaint", "channel": "phone", "text": "电梯又停了", "unit": "B"}
    assert register(actor=system_actor(small.root.pk), data=data).case.edition.label == "B/0"
    assert current_rules(small.actor("duty_b")).pack.procedure.code == "PM1B"
    assert current_rules(small.actor("duty_a")).pack.procedure.code == "PM1"


def test_what_nobody_confirmed_never_comes_into_force(small: SmallCompany, make_pack: MakePack) -> None:
    mark = 'unconfirmed = true\nquote = "1 个工作日内说明理由"\n'
    pack = make_pack("A/1", ('name = "explain"\n', 'name = "explain"\n' + mark))
    for submit in (
        lambda: submit_edition(actor=small.actor("quality"), source=pack),
        lambda: install_pack(company=small.root, source=pack),
    ):
        with pytest.raises(InvalidInput, match=r"\[clock\] explain"):
            submit()
    assert Edition.objects.count() == 1


def test_who_has_to_sign_is_in_the_document(small: SmallCompany, make_pack: MakePack) -> None:
    edition = _submitted(small, make_pack)
    assert [(one.act, one.post) for one in wanted_signatures(edition)] == [
        ("countersigned", "deputy_general_manager"),
        ("approved", "general_manager"),
    ]


SIGNERS = 'reviewed_by = ["deputy_general_manager"]\napproved_by = ["general_manager"]\n'


@pytest.mark.parametrize("instead", ["", 'reviewed_by = ["quality"]\napproved_by = ["quality"]\n'])
@pytest.mark.parametrize("code", ["PM1", "NEW1"])
def test_nobody_writes_the_signers_out(
    small: SmallCompany, make_pack: MakePack, instead: str, code: str
) -> None:
    """Posts and what they may do come into force with an edition: those in force now have to agree."""
    quality = small.actor("quality")
    source = make_pack("A/2", (SIGNERS, instead), ('code = "PM1"', f'code = "{code}"'))
    assert needs_signing(small.root.pk, load_pack(source))
    edition = submit_edition(actor=quality, source=source)
    assert edition.state == "draft"
    assert {one.post for one in wanted_signatures(edition)} >= {"deputy_general_manager", "general_manager"}
    with pytest.raises(Forbidden):
        approve_edition(actor=quality, edition=edition)
