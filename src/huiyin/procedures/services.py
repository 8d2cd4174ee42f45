"""Installing a pack: its content becomes an edition, its posts become the company's posts."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.engine import EngineError, Pack, compile_pack
from huiyin.journal.services import canonical, record_action
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Capability, Post, Unit
from huiyin.procedures.models import Edition, EditionState, Procedure
from huiyin.procedures.packfiles import find_pack, load_pack

FORMS = "forms"


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
    folder = find_pack(str(source))
    pack = load_pack(folder, lang="en" if (get_language() or "").startswith("en") else "zh")
    try:
        compile_pack(pack)
    except EngineError as error:
        raise InvalidInput(_("规则之间对不上：%(error)s") % {"error": error}, code="pack") from error
    content = pack.model_dump(mode="json", by_alias=True)
    forms = _forms(folder)
    digest = hashlib.sha256(canonical({"pack": content, "forms": forms})).hexdigest()
    since = effective_from or pack.procedure.effective or clock.today()
    with transaction.atomic():
        procedure = _procedure(company, pack)
        known = Edition.objects.filter(procedure=procedure, label=pack.procedure.edition).first()
        if known is not None:
            return _same(known, digest)
        edition = Edition.objects.create(
            company=company,
            procedure=procedure,
            label=pack.procedure.edition,
            state=EditionState.EFFECTIVE,
            effective_from=since,
            pack=content,
            forms=forms,
            digest=digest,
            installed_at=clock.now(),
        )
        record_action(
            actor=acting,
            subject_kind="edition",
            subject_id=edition.pk,
            name="edition_installed",
            data={
                "procedure": procedure.code,
                "label": edition.label,
                "digest": digest,
                "effective_from": since.isoformat(),
            },
        )
        _install_posts(company, pack, only_new=True)
        current, _changed = _settle(procedure, clock.today())
        if current.pk == edition.pk:
            _install_posts(company, pack)
            _retitle(procedure, pack)
    return edition


def _procedure(company: Unit, pack: Pack) -> Procedure:
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


def _forms(folder: Path) -> dict[str, str]:
    """The Word templates of a pack, in base64."""
    files = sorted((folder / FORMS).glob("*")) if (folder / FORMS).is_dir() else []
    return {file.name: base64.b64encode(file.read_bytes()).decode() for file in files if file.is_file()}


def _install_posts(company: Unit, pack: Pack, *, only_new: bool = False) -> None:
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
    """Everything before the edition in force is superseded: that edition, and whether anything was."""
    editions = list(procedure.editions.defer("forms").order_by("effective_from", "id"))
    in_force = [one for one in editions if one.effective_from <= day] or editions[:1]
    before = [one.pk for one in in_force[:-1] if one.state == EditionState.EFFECTIVE]
    Edition.objects.filter(pk__in=before).update(state=EditionState.SUPERSEDED)
    return in_force[-1], bool(before)


def _retitle(procedure: Procedure, pack: Pack) -> None:
    Procedure.objects.filter(pk=procedure.pk).update(title=pack.procedure.title)


def bring_into_force(day: date) -> int:
    """Editions whose day has come take over from the ones before, with their posts; returns how many."""
    in_force = Edition.objects.filter(state=EditionState.EFFECTIVE, effective_from__lte=day)
    followed = in_force.values("procedure_id").annotate(editions=Count("pk")).filter(editions__gt=1)
    return sum(_bring(pk, day) for pk in sorted(followed.values_list("procedure_id", flat=True)))


@transaction.atomic
def _bring(procedure_id: int, day: date) -> bool:
    procedure = (
        Procedure.objects.select_for_update(of=("self",)).select_related("company").get(pk=procedure_id)
    )
    edition, changed = _settle(procedure, day)
    if not changed:
        return False
    pack = Pack.model_validate(edition.pack)
    _install_posts(procedure.company, pack)
    _retitle(procedure, pack)
    record_action(
        actor=system_actor(procedure.company_id),
        subject_kind="edition",
        subject_id=edition.pk,
        name="edition_in_force",
        data={"procedure": procedure.code, "label": edition.label},
    )
    return True
