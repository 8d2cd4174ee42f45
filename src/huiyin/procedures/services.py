"""Installing a pack: its content becomes an edition, its posts become the company's posts."""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict
from huiyin.engine import Pack, compile_pack
from huiyin.journal.services import canonical, record_action
from huiyin.organization.actors import Actor, system_actor
from huiyin.organization.models import Post, Unit
from huiyin.procedures.models import Edition, EditionState, Procedure
from huiyin.procedures.packfiles import find_pack, load_pack

FORMS = "forms"


@transaction.atomic
def install_pack(
    *, company: Unit, source: str | Path, actor: Actor | None = None, effective_from: date | None = None
) -> Edition:
    """Install a pack (a folder, or the code of a built-in one) as an edition in force from a day.

    The first edition of a procedure is in force for everything older too. Installing the same content again
    changes nothing. Raises Conflict where the edition's label stands for other content.
    """
    acting = actor or system_actor(company.pk)
    folder = find_pack(str(source))
    pack = load_pack(folder)
    compile_pack(pack)
    content = pack.model_dump(mode="json", by_alias=True)
    forms = _forms(folder)
    digest = hashlib.sha256(canonical({"pack": content, "forms": forms})).hexdigest()
    procedure, _created = Procedure.objects.get_or_create(
        company=company, code=pack.procedure.code, defaults={"title": pack.procedure.title}
    )
    known = Edition.objects.filter(procedure=procedure, label=pack.procedure.edition).first()
    if known is not None:
        if known.digest != digest:
            message = _("版本 %(label)s 已经安装，内容却不同。修改后的程序文件要用新的版本号。")
            raise Conflict(message % {"label": known.label})
        return known
    since = effective_from or pack.procedure.effective or clock.today()
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
    if since <= clock.today():
        procedure.editions.filter(effective_from__lt=since).update(state=EditionState.SUPERSEDED)
    _install_posts(company, pack)
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
    return edition


def _forms(folder: Path) -> dict[str, str]:
    """The Word templates of a pack, in base64."""
    files = sorted((folder / FORMS).glob("*")) if (folder / FORMS).is_dir() else []
    return {file.name: base64.b64encode(file.read_bytes()).decode() for file in files if file.is_file()}


def _install_posts(company: Unit, pack: Pack) -> None:
    """Posts by their code: names and the line of report follow the pack, people stay where they are."""
    for position, post in enumerate(pack.post):
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
