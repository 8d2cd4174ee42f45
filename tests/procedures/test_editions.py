"""Installing packs: editions by date, posts, the journal, and cases that stay where they are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.factories.organization import SmallCompany
from tests.procedures.conftest import MakePack

from huiyin.cases.models import Case
from huiyin.cases.recording import record, register
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.core.ticking import run_tick
from huiyin.journal.models import Entry
from huiyin.organization.actors import system_actor
from huiyin.organization.models import Post
from huiyin.procedures.models import Edition, EditionState
from huiyin.procedures.selectors import current_rules, edition_for
from huiyin.procedures.services import bring_into_force, install_pack

ZONE = ZoneInfo("Asia/Shanghai")
KEEPER = '[[post]]\ncode = "keeper"\ntitle = "档案员"\n\n'


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _new_case(small: SmallCompany, when: str, **more: Any) -> Case:
    data = {"kind": "complaint", "channel": "phone", "text": "电梯又停了", "unit": "A"}
    return register(actor=system_actor(small.root.pk), data=data, at=at(when), **more).case


def _label(small: SmallCompany, when: str) -> str:
    return edition_for(company_id=small.root.pk, kind="complaint", at=at(when)).label


def test_installing_is_journalled(small: SmallCompany) -> None:
    entry = Entry.objects.get(name="edition_installed")
    edition = Edition.objects.get()
    assert entry.chain.subject == f"edition:{edition.pk}"
    assert entry.data["label"] == "A/0"
    assert entry.data["digest"] == edition.digest
    assert entry.data["effective_from"] == "2026-01-01"


def test_the_same_content_again_changes_nothing(small: SmallCompany) -> None:
    before = Entry.objects.count()
    again = install_pack(company=small.root, source="PM1")
    assert again == Edition.objects.get()
    assert Entry.objects.count() == before


def test_the_same_label_with_other_content_is_refused(small: SmallCompany, make_pack: MakePack) -> None:
    with pytest.raises(Conflict, match="A/0"):
        install_pack(company=small.root, source=make_pack("A/0", ('"2wd"', '"3wd"')))
    assert Edition.objects.count() == 1


@time_machine.travel(at("2026-06-10 09:00"), tick=False)
def test_editions_take_over_on_their_days(small: SmallCompany, make_pack: MakePack) -> None:
    install_pack(company=small.root, source=make_pack("A/2"), effective_from=date(2026, 6, 1))
    # installed later, in force earlier
    install_pack(company=small.root, source=make_pack("A/1"), effective_from=date(2026, 3, 1))
    assert _label(small, "2026-02-28 23:59") == "A/0"
    assert _label(small, "2026-03-01 00:00") == "A/1"
    assert _label(small, "2026-06-01 00:00") == "A/2"
    states = dict(Edition.objects.values_list("label", "state"))
    assert states == {"A/0": "superseded", "A/1": "superseded", "A/2": "effective"}
    assert current_rules(small.actor("quality")).pack.procedure.edition == "A/2"


def test_a_case_older_than_the_first_edition_takes_the_first(
    small: SmallCompany, make_pack: MakePack
) -> None:
    install_pack(company=small.root, source=make_pack("A/1"), effective_from=date(2026, 3, 1))
    assert _label(small, "2012-05-05 10:00") == "A/0"
    assert _new_case(small, "2012-05-05 10:00", historic=True).edition.label == "A/0"


def test_a_case_stays_with_its_edition(small: SmallCompany, make_pack: MakePack) -> None:
    """Registered under two working days: a new edition of five does not move its due time."""
    with time_machine.travel(at("2026-06-08 10:00"), tick=False):
        case = _new_case(small, "2026-06-08 10:00")
        due = case.next_due
    later = make_pack("B/0", ('limit = ["asked", "2wd"]', 'limit = ["asked", "5wd"]'))
    with time_machine.travel(at("2026-06-09 10:00"), tick=False):
        install_pack(company=small.root, source=later, effective_from=date(2026, 6, 9))
        acting = small.actor("head_a")
        record(actor=acting, case=case, name="judged", data={"validity": "valid", "reason": "维保不到位"})
        case.refresh_from_db()
        assert (case.edition.label, case.next_due) == ("A/0", due)
        fresh = _new_case(small, "2026-06-09 10:00")
        assert fresh.edition.label == "B/0"
        assert due is not None
        assert fresh.next_due is not None
        assert (fresh.next_due - due).days > 2


def test_an_edition_of_tomorrow_waits(small: SmallCompany, make_pack: MakePack) -> None:
    """Its posts can be filled beforehand; what exists keeps its name until the day."""
    pack = make_pack(
        "B/0",
        ('title = "品质主管"', 'title = "品质经理"'),
        ('[[post]]\ncode = "worker"', KEEPER + '[[post]]\ncode = "worker"'),
    )
    with time_machine.travel(at("2026-06-09 10:00"), tick=False):
        install_pack(company=small.root, source=pack, effective_from=date(2026, 7, 1))
        assert current_rules(small.actor("quality")).pack.procedure.edition == "A/0"
        assert Post.objects.get(code="quality").name == "品质主管"
        assert Post.objects.filter(code="keeper").exists()
        assert bring_into_force(date(2026, 6, 30)) == 0
    with time_machine.travel(at("2026-07-02 00:10"), tick=False):
        run_tick()
        assert current_rules(small.actor("quality")).pack.procedure.edition == "B/0"
        assert Post.objects.get(code="quality").name == "品质经理"
        assert Edition.objects.get(label="A/0").state == EditionState.SUPERSEDED
        assert Entry.objects.filter(name="edition_in_force").count() == 1
        run_tick()
        assert bring_into_force(date(2026, 7, 2)) == 0


def test_people_keep_their_posts(small: SmallCompany, make_pack: MakePack) -> None:
    held = set(small.people["quality"].holdings.values_list("pk", "post__code"))
    pack = make_pack("A/1", ('title = "品质主管"', 'title = "品质经理"'))
    install_pack(company=small.root, source=pack, effective_from=date(2026, 1, 2))
    assert set(small.people["quality"].holdings.values_list("pk", "post__code")) == held
    assert small.actor("quality").held[0].post_name == "品质经理"


def test_only_who_may_installs(small: SmallCompany, make_pack: MakePack) -> None:
    with pytest.raises(Forbidden):
        install_pack(company=small.root, source=make_pack("A/1"), actor=small.actor("head_a"))
    with pytest.raises(NotFound):
        install_pack(company=small.root, source=make_pack("A/2"), actor=system_actor(small.root.pk + 1))
    assert Edition.objects.count() == 1


def test_a_kind_that_no_procedure_has(small: SmallCompany) -> None:
    with pytest.raises(InvalidInput):
        edition_for(company_id=small.root.pk, kind="product_return", at=at("2026-06-01 10:00"))
