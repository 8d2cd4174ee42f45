"""Telling people that a report waits for them or was published: by mail, each once."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.config.environment import environment
from huiyin.core.models import OutboxRow
from huiyin.core.outbox import enqueue, handles
from huiyin.organization.models import Capability, Person, Unit
from huiyin.organization.selectors import actor_for, holders, subtree_ids
from huiyin.reports.models import IssuedReport

MAIL = "report.mail"
DEPARTMENTS = "departments"


@handles("report.submitted")
def tell_reader(row: OutboxRow) -> None:
    report = IssuedReport.objects.select_related("unit").get(uuid=row.payload["report"])
    _ask_for_mail(report, _holders(report, row.payload["posts"]), "submitted")


@handles("report.published")
def tell_departments(row: OutboxRow) -> None:
    """To the posts that the duty names; to everybody who handles cases there where it says departments."""
    report = IssuedReport.objects.select_related("unit").get(uuid=row.payload["report"])
    posts = row.payload["posts"] or [DEPARTMENTS]
    people = list(_holders(report, [post for post in posts if post != DEPARTMENTS]))
    if DEPARTMENTS in posts:
        people += _of_departments(report.unit)
    _ask_for_mail(report, people, "published")


def _holders(report: IssuedReport, posts: Iterable[str]) -> Iterable[Person]:
    for post in posts:
        yield from holders(company_id=report.company_id, post=post, unit_id=report.unit_id)


def _of_departments(unit: Unit) -> list[Person]:
    """Those who answer for cases in the unit or below: whoever may judge or assign there."""
    ids = subtree_ids(unit)
    people = Person.objects.filter(company_id=unit.company_id, is_active=True).exclude(email="")
    found = []
    for person in people.select_related("company"):
        actor = actor_for(person)
        if ids & (actor.unit_ids(Capability.JUDGE) | actor.unit_ids(Capability.ASSIGN)):
            found.append(person)
    return found


def _ask_for_mail(report: IssuedReport, people: Iterable[Person], what: str) -> None:
    for person in {one.pk: one for one in people if one.email}.values():
        enqueue(
            key=f"{MAIL}:{what}:{report.uuid}:{person.pk}",
            topic=MAIL,
            payload={"report": str(report.uuid), "person": person.pk, "what": what},
            company_id=report.company_id,
        )


@handles(MAIL)
def mail(row: OutboxRow) -> None:
    report = IssuedReport.objects.select_related("unit").get(uuid=row.payload["report"])
    person = Person.objects.get(pk=row.payload["person"])
    if not person.is_active or not person.email:
        return
    sentences = {
        "submitted": _("{unit} {period} 的投诉报告 {number} 等您审阅"),
        "published": _("{unit} {period} 的投诉报告 {number} 已公布"),
    }
    text = sentences[row.payload["what"]].format(
        unit=report.unit.name, period=report.title, number=report.number
    )
    address = environment().base_url + reverse("reports:issued", args=[report.uuid])
    send_mail(text, f"{text}\n{address}\n", settings.DEFAULT_FROM_EMAIL, [person.email])
