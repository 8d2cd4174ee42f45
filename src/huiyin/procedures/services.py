"""Installing a pack: its content becomes an edition, its posts become the company's posts."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.core.phrases import listed
from huiyin.engine import EngineError, Pack, compile_pack
from huiyin.journal.services import canonical, record_action
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Capability, Post, Unit
from huiyin.procedures.calendars import stamp_of
from huiyin.procedures.models import Edition, EditionState, Procedure
from huiyin.procedures.packfiles import find_pack, load_pack
from huiyin.procedures.selectors import COMING, RUNNING
from huiyin.procedures.unconfirmed import unconfirmed

FORMS = "forms"
SURVEYS = "surveys"


@dataclass(frozen=True, slots=True)
class Content:
    """A pack that can run, as an edition keeps it."""

    pack: Pack
    data: dict[str, Any]
    forms: dict[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 over rules and templates."""
        return hashlib.sha256(canonical({"pack": self.data, "forms": self.forms})).hexdigest()


def content_of(source: str | Path) -> Content:
    """The pack in a folder or of a built-in code. Raises PackError, or InvalidInput where it cannot run."""
    folder = find_pack(str(source))
    pack = load_pack(folder, lang="en" if (get_language() or "").startswith("en") else "zh")
    return runnable(pack, forms_of(folder))


def runnable(pack: Pack, forms: dict[str, str]) -> Content:
    """Raises InvalidInput where the rules do not agree, or somebody has yet to confirm one of them."""
    try:
        compile_pack(pack)
    except EngineError as error:
        raise InvalidInput(_("规则之间对不上：%(error)s") % {"error": error}, code="pack") from error
    if open_ones := unconfirmed(pack):
        message = _("还有 %(count)s 条规则没有经人确认，不能生效：%(where)s")
        where = listed(open_ones[:5])
        raise InvalidInput(message % {"count": len(open_ones), "where": where}, code="unconfirmed")
    return Content(pack, pack.model_dump(mode="json", by_alias=True), forms)


def install_pack(
    *, company: Unit, source: str | Path, actor: Actor | None = None, effective_from: date | None = None
) -> Edition:
    """Install a pack (a folder, or the code of a built-in one) as an edition in force from a day.

    The first edition of a procedure is in force for everything older too. Installing the same content again
    changes nothing. Raises Conflict where the edition's label stands for other content, PackError where the
    pack cannot run, Forbidden where the actor may not.
    """
    acting = actor or system_actor(company.pk)
    if acting.company_id != company.pk:
        raise NotFound(_("没有这家公司。"))
    acting.require(Capability.PROCEDURES, company.pk)
    content = content_of(source)
    since = effective_from or content.pack.procedure.effective or clock.today()
    with transaction.atomic():
        procedure = lock_procedure(company, content.pack)
        known = known_edition(procedure, content.pack.procedure.edition)
        if known is not None:
            return _same(known, content.digest)
        edition = make_edition(procedure, content, EditionState.EFFECTIVE, since)
        journal_edition(acting, edition, "edition_installed")
        take_over(edition, content.pack)
    return edition


def take_over(edition: Edition, pack: Pack) -> None:
    """Let a new edition have its place; its posts and title too where its day has come.

    Inside a transaction that holds the procedure's lock.
    """
    procedure = edition.procedure
    install_posts(procedure.company, pack, only_new=True)
    current, _changed = _settle(procedure, clock.today())
    if current.pk == edition.pk:
        install_posts(procedure.company, pack)
        _retitle(procedure, pack)
    edition.refresh_from_db(fields=["state"])


def make_edition(procedure: Procedure, content: Content, state: EditionState, since: date) -> Edition:
    return Edition.objects.create(
        company_id=procedure.company_id,
        procedure=procedure,
        label=content.pack.procedure.edition,
        state=state,
        effective_from=since,
        pack=content.data,
        forms=content.forms,
        digest=content.digest,
        calendar=stamp_of(procedure.company_id),
        installed_at=clock.now(),
    )


def journal_edition(actor: Actor, edition: Edition, name: str, **more: Any) -> None:
    data = {"procedure": edition.procedure.code, "label": edition.label, "digest": edition.digest}
    data |= {"effective_from": edition.effective_from.isoformat(), **more}
    record_action(actor=actor, subject_kind="edition", subject_id=edition.pk, name=name, data=data)


def known_edition(procedure: Procedure, label: str) -> Edition | None:
    """The edition of that label which stands; one that was declined leaves its label free."""
    return procedure.editions.filter(label=label).exclude(state=EditionState.DECLINED).first()


def lock_procedure(company: Unit, pack: Pack) -> Procedure:
    """The procedure's row, locked: two who install at once come one after the other."""
    Procedure.objects.get_or_create(
        company=company, code=pack.procedure.code, defaults={"title": pack.procedure.title}
    )
    return Procedure.objects.select_for_update().get(company=company, code=pack.procedure.code)


def _same(known: Edition, digest: str) -> Edition:
    if known.digest != digest:
        message = _("版本 %(label)s 已经安装，内容却不同。修改后的程序文件要用新的版本号。")
        raise Conflict(message % {"label": known.label}, code="edition_exists")
    return known


def forms_of(folder: Path) -> dict[str, str]:
    """The Word templates of a pack by their names, and its survey plans as `surveys/…`, in base64."""
    files = {file.name: file for file in sorted((folder / FORMS).glob("*"))}
    files |= {f"{SURVEYS}/{file.name}": file for file in sorted((folder / SURVEYS).glob("*.toml"))}
    return {
        name: base64.b64encode(file.read_bytes()).decode() for name, file in files.items() if file.is_file()
    }


def install_posts(company: Unit, pack: Pack, *, only_new: bool = False) -> None:
    """Posts by their code: names and the line of report follow the pack, people stay where they are.

    Of an edition that is not in force yet only posts that nobody has heard of, so that people can be
    appointed beforehand.
    """
    known = set(Post.objects.filter(company=company).values_list("code", flat=True))
    for position, post in enumerate(pack.post):
        if only_new and post.code in known:
            continue
        Post.objects.update_or_create(
            company=company,
            code=post.code,
            defaults={
                "name": post.title,
                "reports_to": post.reports_to or "",
                "may": list(post.may),
                "whole_company": post.scope == "company",
                "position": position,
            },
        )


def _settle(procedure: Procedure, day: date) -> tuple[Edition, bool]:
    """The edition in force that day takes effect, everything before it is superseded; whether any changed."""
    running = procedure.editions.filter(state__in=RUNNING).defer("forms")
    editions = list(running.order_by("effective_from", "id"))
    in_force = [one for one in editions if one.effective_from <= day] or editions[:1]
    before = [one.pk for one in in_force[:-1] if one.state != EditionState.SUPERSEDED]
    Edition.objects.filter(pk__in=before).update(state=EditionState.SUPERSEDED)
    current = in_force[-1]
    came = current.state == EditionState.APPROVED
    if came:
        current.state = EditionState.EFFECTIVE
        current.save(update_fields=["state"])
    return current, bool(before) or came


def _retitle(procedure: Procedure, pack: Pack) -> None:
    Procedure.objects.filter(pk=procedure.pk).update(title=pack.procedure.title)


def bring_into_force(day: date) -> int:
    """Editions whose day has come take over from the ones before, with their posts; returns how many."""
    in_force = Edition.objects.filter(state__in=COMING, effective_from__lte=day)
    followed = in_force.values("procedure_id").annotate(
        editions=Count("pk"), approved=Count("pk", filter=Q(state=EditionState.APPROVED))
    )
    wanted = followed.filter(Q(editions__gt=1) | Q(approved__gt=0))
    return sum(_bring(pk, day) for pk in sorted(wanted.values_list("procedure_id", flat=True)))


@transaction.atomic
def _bring(procedure_id: int, day: date) -> bool:
    procedure = (
        Procedure.objects.select_for_update(of=("self",)).select_related("company").get(pk=procedure_id)
    )
    edition, changed = _settle(procedure, day)
    if not changed:
        return False
    pack = Pack.model_validate(edition.pack)
    install_posts(procedure.company, pack)
    _retitle(procedure, pack)
    journal_edition(system_actor(procedure.company_id), edition, "edition_in_force")
    return True
