"""From draft to force: an edition is countersigned and approved by the posts that its own document names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.engine import Pack
from huiyin.engine.schema.frame import Document
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.procedures import services
from huiyin.procedures.models import Act, Edition, EditionState, Procedure, Signature
from huiyin.procedures.selectors import COMING, RUNNING, rules_of

WAITING = (EditionState.DRAFT, EditionState.REVIEWED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A signature that the document asks for, and who gave it."""

    act: str
    post: str
    signature: Signature | None


def needs_signing(company_id: int, pack: Pack) -> bool:
    """Whether a pack has to be signed: not the first edition of all, nor where nobody was ever named."""
    known = Edition.objects.filter(company_id=company_id, state__in=RUNNING)
    documents = [pack.procedure, *_in_force(company_id, pack.procedure.code)]
    return known.exists() and any(one.reviewed_by or one.approved_by for one in documents)


def _in_force(company_id: int, code: str) -> list[Document]:
    """The documents whose signers a change needs: those of the procedure, for a new one all the company's.

    Who writes an edition cannot take the signers out of it, nor put himself in their place.
    """
    known = Edition.objects.filter(company_id=company_id, state__in=COMING).order_by("pk")
    same = list(known.filter(procedure__code=code))
    return [rules_of(one).pack.procedure for one in same or known]


def submit_edition(*, actor: Actor, source: str | Path, effective_from: date | None = None) -> Edition:
    """Put a pack forward for signing. Raises as `install_pack`, and Conflict where its label is taken."""
    return submit_content(actor=actor, content=services.content_of(source), effective_from=effective_from)


def submit_content(
    *, actor: Actor, content: services.Content, effective_from: date | None = None, note: str = ""
) -> Edition:
    """The same with content that was read already."""
    actor.require(Capability.PROCEDURES, actor.company_id)
    company = Unit.objects.get(pk=actor.company_id)
    since = effective_from or content.pack.procedure.effective or clock.today()
    with transaction.atomic():
        procedure = services.lock_procedure(company, content.pack)
        label = content.pack.procedure.edition
        if services.known_edition(procedure, label) is not None:
            message = _("已经有版本 %(label)s。修改后的程序文件要用新的版本号。")
            raise Conflict(message % {"label": label}, code="edition_exists")
        edition = services.make_edition(procedure, content, EditionState.DRAFT, since)
        _sign(actor, edition, Act.SUBMITTED, "", note)
        services.journal_edition(actor, edition, "edition_submitted")
        _settle_state(edition)
    return edition


def wanted_signatures(edition: Edition) -> list[Wanted]:
    """All signatures that the edition's own document asks for and, until it is approved, what is in force."""
    documents = [rules_of(edition).pack.procedure]
    if edition.state in WAITING:
        documents += _in_force(edition.company_id, documents[0].code)
    given = {(one.act, one.post): one for one in edition.signatures.select_related("person")}
    wanted = [(Act.COUNTERSIGNED, post) for post in _posts(documents, "reviewed_by")]
    wanted += [(Act.APPROVED, post) for post in _posts(documents, "approved_by")]
    return [Wanted(act, post, given.get((act, post))) for act, post in wanted]


def _posts(documents: Sequence[Document], name: str) -> list[str]:
    return list(dict.fromkeys(post for one in documents for post in getattr(one, name)))


def open_acts(actor: Actor, edition: Edition) -> list[Wanted]:
    """What the actor may sign now: countersignatures first, approval once all of them are there."""
    if edition.state not in WAITING:
        return []
    act = Act.COUNTERSIGNED if edition.state == EditionState.DRAFT else Act.APPROVED
    posts = {held.post for held in actor.held}
    return [
        one
        for one in wanted_signatures(edition)
        if one.act == act and one.signature is None and one.post in posts
    ]


def countersign_edition(*, actor: Actor, edition: Edition, note: str = "") -> Edition:
    """Sign as every post that the document's review names and the actor holds. Raises Forbidden."""
    return _act(actor, edition, Act.COUNTERSIGNED, note, "edition_countersigned")


def approve_edition(
    *, actor: Actor, edition: Edition, effective_from: date | None = None, note: str = ""
) -> Edition:
    """Approve; with the last approval it is in force on its day, today at the earliest."""
    today = clock.today()
    if effective_from is not None and effective_from < today:
        raise InvalidInput(_("生效日期不能早于今天。"), fields={"effective_from": _("请选今天或以后的日期")})
    with transaction.atomic():
        locked = _lock(actor, edition)
        first = not locked.procedure.editions.filter(state__in=RUNNING).exists()
        day = effective_from or locked.effective_from
        locked.effective_from = day if first else max(day, today)
        locked.save(update_fields=["effective_from"])
        return _act(actor, locked, Act.APPROVED, note, "edition_approved")


def decline_edition(*, actor: Actor, edition: Edition, note: str) -> Edition:
    """Send it back with a reason; its label is free again. Whoever may sign it may decline it."""
    if not note.strip():
        raise InvalidInput(_("请写明退回的理由。"), fields={"note": _("必填")})
    with transaction.atomic():
        locked = _lock(actor, edition)
        mine = open_acts(actor, locked)
        if not mine:
            raise Forbidden(_("现在没有等您签的。"))
        _sign(actor, locked, Act.DECLINED, mine[0].post, note)
        locked.state = EditionState.DECLINED
        locked.save(update_fields=["state"])
        services.journal_edition(actor, locked, "edition_declined", post=mine[0].post)
    return locked


def scope_procedure(
    *, actor: Actor, procedure: Procedure, units: Sequence[Unit], kinds: Sequence[str]
) -> Procedure:
    """Say at which units and for which kinds of case a procedure is used; none: everywhere, all its own."""
    actor.require(Capability.PROCEDURES, actor.company_id)
    if procedure.company_id != actor.company_id or any(one.company_id != actor.company_id for one in units):
        raise NotFound(_("没有这份程序文件。"))
    with transaction.atomic():
        procedure.units, procedure.kinds = [one.pk for one in units], list(kinds)
        procedure.save(update_fields=["units", "kinds"])
        record_action(
            actor=actor,
            subject_kind="procedure",
            subject_id=procedure.pk,
            name="procedure_scoped",
            data={"procedure": procedure.code, "units": [one.code for one in units], "kinds": list(kinds)},
        )
    return procedure


def _act(actor: Actor, edition: Edition, act: Act, note: str, name: str) -> Edition:
    with transaction.atomic():
        locked = _lock(actor, edition)
        mine = [one for one in open_acts(actor, locked) if one.act == act]
        if not mine:
            raise Forbidden(_("现在没有等您签的。"))
        for one in mine:
            _sign(actor, locked, act, one.post, note)
        services.journal_edition(actor, locked, name, posts=[one.post for one in mine])
        _settle_state(locked)
    return locked


def _lock(actor: Actor, edition: Edition) -> Edition:
    """The edition under its procedure's lock, as everybody who signs sees it."""
    if edition.company_id != actor.company_id:
        raise NotFound(_("没有这份程序文件。"))
    Procedure.objects.select_for_update(of=("self",)).get(pk=edition.procedure_id)
    return Edition.objects.select_related("procedure__company").defer("forms").get(pk=edition.pk)


def _sign(actor: Actor, edition: Edition, act: Act, post: str, note: str) -> None:
    Signature.objects.create(
        company_id=edition.company_id,
        edition=edition,
        act=act,
        post=post,
        person=actor.person,
        name=actor.name,
        at=clock.now(),
        note=note.strip()[:500],
    )


def _settle_state(edition: Edition) -> None:
    """The state that the signatures give it. A document that names nobody is approved by being submitted."""
    wanted = wanted_signatures(edition)
    reviewed = all(one.signature for one in wanted if one.act == Act.COUNTERSIGNED)
    approved = reviewed and all(one.signature for one in wanted)
    if not reviewed:
        return
    edition.state = EditionState.APPROVED if approved else EditionState.REVIEWED
    edition.save(update_fields=["state"])
    if approved:
        services.take_over(edition, Pack.model_validate(edition.pack))
