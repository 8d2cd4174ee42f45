"""Drafts of editions: text that somebody types, checked and tried out before anybody signs it."""

from __future__ import annotations

import hashlib
import tempfile
import tomllib
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import Conflict, InvalidInput, NotFound
from huiyin.core.tomltext import read_toml
from huiyin.engine import Pack
from huiyin.journal.services import record_action
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.life import submit_content
from huiyin.procedures.models import Draft, Edition
from huiyin.procedures.packfiles import FILE, PackError, load_pack
from huiyin.procedures.services import runnable
from huiyin.procedures.uploads import MOST_RULES


def language() -> str:
    """The language of a pack's errors for who is reading."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def pack_of(text: str) -> Pack:
    """The pack that the text is. Raises PackError with every error in plain words."""
    with tempfile.TemporaryDirectory(prefix="huiyin-draft-") as place:
        (Path(place) / FILE).write_text(text, encoding="utf-8")
        try:
            return load_pack(place, lang=language())
        except PackError as error:
            headline = error.message.partition("\n")[0].replace(f"{place}/", "")
            raise PackError(headline, error.problems) from error


def create_draft(*, actor: Actor, text: str, title: str = "", forms: dict[str, str] | None = None) -> Draft:
    """Begin a draft from a text. It may be wrong in every way."""
    actor.require(Capability.PROCEDURES, actor.company_id)
    draft = Draft(company_id=actor.company_id, title=title or _title(text), text=text, forms=forms or {})
    return _keep(actor, draft)


def save_draft(*, actor: Actor, draft: Draft, text: str, sample: str, version: int) -> Draft:
    """Keep what was typed. Raises Conflict where somebody else saved since."""
    with transaction.atomic():
        locked = _lock(actor, draft)
        if locked.version != version:
            message = _("%(who)s 刚刚保存过这份草稿，请先看一下。您写的内容还在这一页。")
            raise Conflict(message % {"who": locked.updated_by}, code="changed")
        locked.text, locked.sample, locked.version = text, sample, version + 1
        locked.title = _title(text) or locked.title
        return _keep(actor, locked)


def submit_draft(*, actor: Actor, draft: Draft, effective_from: date | None = None) -> Edition:
    """Put the draft forward for signing. Raises PackError, Conflict, InvalidInput for the unconfirmed."""
    with transaction.atomic():
        locked = _lock(actor, draft)
        content = runnable(pack_of(locked.text), locked.forms)
        edition = submit_content(actor=actor, content=content, effective_from=effective_from)
        locked.edition = edition
        locked.save(update_fields=["edition"])
        _journal(actor, locked, "draft_submitted")
    return edition


def drop_draft(*, actor: Actor, draft: Draft) -> None:
    """Throw a draft away that was not submitted."""
    with transaction.atomic():
        locked = _lock(actor, draft)
        _journal(actor, locked, "draft_dropped")
        locked.delete()


def get_draft(actor: Actor, number: int) -> Draft:
    """A draft of the actor's company. Raises Forbidden, NotFound."""
    actor.require(Capability.PROCEDURES, actor.company_id)
    found = Draft.objects.filter(company_id=actor.company_id, pk=number).first()
    if found is None:
        raise NotFound(_("没有这份草稿。"))
    return found


def _lock(actor: Actor, draft: Draft) -> Draft:
    get_draft(actor, draft.pk)
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.edition_id is not None:
        raise Conflict(_("这份草稿已经提交了。"), code="submitted")
    return locked


def _keep(actor: Actor, draft: Draft) -> Draft:
    if len(draft.text.encode()) > MOST_RULES:
        raise InvalidInput(_("%(file)s 太大。") % {"file": FILE}, fields={"text": FILE})
    draft.updated_by, draft.updated_at = actor.name, clock.now()
    with transaction.atomic():
        draft.save()
        _journal(actor, draft, "draft_saved")
    return draft


def _journal(actor: Actor, draft: Draft, name: str) -> None:
    digest = hashlib.sha256(draft.text.encode()).hexdigest()
    data = {"title": draft.title, "digest": digest}
    record_action(actor=actor, subject_kind="draft", subject_id=draft.pk, name=name, data=data)


def _title(text: str) -> str:
    """Title and edition, where the text is so far that they can be read."""
    try:
        document = read_toml(text).get("procedure", {})
    except tomllib.TOMLDecodeError:
        return ""
    if not isinstance(document, dict):
        return ""
    return f"{document.get('title', '')} {document.get('edition', '')}".strip()[:200]
