"""The journal: for who audits the whole company."""

from __future__ import annotations

from datetime import timedelta

from tests.permissions.model import Row, World, only

from huiyin.core import clock
from huiyin.journal.checks import ask_check
from huiyin.journal.models import Entry, Seal
from huiyin.journal.seals import seal

AUDIT = ("auditor",)
ELSEWHERE = {"other_site": 403, "other_company": 404}


def build(world: World) -> None:
    world.made["check"] = ask_check(actor=world.actor("auditor"))
    world.made["entry"] = Entry.objects.filter(company=world.small.root).first()
    seal(clock.now() + timedelta(hours=1))
    world.made["seal"] = Seal.objects.latest("number")


ROWS = [
    Row("journal:index", get=only(*AUDIT, status=200)),
    Row(
        "journal:entry",
        kwargs=lambda world: {"number": world.made["entry"].pk},
        peer="auditor",
        get=only(*AUDIT, status=200, **ELSEWHERE),
    ),
    Row("journal:check", post=only(*AUDIT, status=302)),
    Row(
        "journal:result",
        kwargs=lambda world: {"number": world.made["check"].pk},
        peer="auditor",
        get=only(*AUDIT, status=200, **ELSEWHERE),
    ),
    Row("journal:seals", get=only(*AUDIT, status=200)),
    Row("journal:deposit", get=only(*AUDIT, status=200)),
    Row(
        "journal:seal",
        kwargs=lambda world: {"number": world.made["seal"].number},
        shared="a seal is of the whole installation and says nothing about anybody",
        get=only(*AUDIT, status=200),
    ),
]
