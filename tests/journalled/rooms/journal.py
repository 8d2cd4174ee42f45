"""The services of the journal itself."""

from __future__ import annotations

from django.db import transaction
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.journal.models import Entry
from huiyin.journal.services import Record, append, append_new, erase_texts, record_action


def _records() -> list[Record]:
    return [Record("event", "noted", clock.now(), texts={"text": "王女士来电"})]


@transaction.atomic
def _append(small: SmallCompany) -> list[Entry]:
    return append(actor=small.actor("duty_a"), subject_kind="case", subject_id="1", records=_records())


@transaction.atomic
def _append_new(small: SmallCompany) -> object:
    return append_new(actor=small.actor("duty_a"), subject_kind="case", subjects={"2": _records()})


@transaction.atomic
def _action(small: SmallCompany) -> object:
    return record_action(actor=small.actor("duty_a"), subject_kind="person", subject_id=1, name="view_saved")


@transaction.atomic
def _erase(small: SmallCompany) -> object:
    _append(small)
    return erase_texts(actor=small.actor("admin"), reason="本人要求", subject=("case", "1"))


PERFORM = {
    "append": _append,
    "append_new": _append_new,
    "record_action": _action,
    "erase_texts": _erase,
}
READS = {"ask_check": "changes nothing: it recomputes the chain, and its own row says who asked"}
