"""The services of a case's page: its steps by name, files, numbers shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.factories.cases import install_beside_posts, picture, register_case
from tests.factories.organization import SmallCompany

from huiyin.cases import verbs
from huiyin.cases.acting import take_step
from huiyin.cases.attachments import add_files, attach, attach_unseen, receive, void_attachment
from huiyin.cases.contact import reveal
from huiyin.cases.models import Case
from huiyin.cases.recording import record
from huiyin.core import clock
from huiyin.core.ids import new_uuid

Perform = Callable[[SmallCompany], object]


def _case(small: SmallCompany, **facts: Any) -> Case:
    install_beside_posts(small.root)
    return register_case(small.actor("duty_a"), reporter="王女士", reporter_phone="13912345678", **facts)


def _verb(name: str, **given: Any) -> Perform:
    """A verb of a case by the head of its site."""

    def perform(small: SmallCompany) -> object:
        return getattr(verbs, name)(actor=small.actor("head_a"), case=_case(small), **given)

    return perform


def _judged_and_answered(small: SmallCompany) -> Case:
    case, head = _case(small), small.actor("head_a")
    verbs.judge_case(actor=head, case=case, validity="valid", reason="是我们的事")
    verbs.answer_case(actor=head, case=case, text="修好了")
    return case


def _closed(small: SmallCompany) -> Case:
    case, head = _judged_and_answered(small), small.actor("head_a")
    verbs.follow_up_case(actor=head, case=case, outcome="satisfied")
    verbs.close_case(actor=head, case=case)
    return case


def _promise(small: SmallCompany) -> object:
    by = clock.now() + timedelta(hours=3)
    return verbs.promise(actor=small.actor("head_a"), case=_case(small), what="visit", by=by)


def _photo() -> list[Any]:
    return receive([("天花板.jpg", picture())])


def _void(small: SmallCompany) -> None:
    head, case = small.actor("head_a"), _case(small)
    row = add_files(actor=head, case=case, files=[("天花板.jpg", picture())])[0]
    void_attachment(actor=head, attachment=row, reason="拍到了邻居")


PERFORM: dict[str, Perform] = {
    "register": _case,
    "record": lambda small: record(actor=small.actor("head_a"), case=_case(small), name="accepted"),
    "judge_case": _verb("judge_case", validity="valid", reason="是我们的事"),
    "assign_case": _verb("assign_case", to_unit="A", person="duty_a"),
    "accept_case": _verb("accept_case"),
    "answer_case": _verb("answer_case", text="下午去修"),
    "complete_case": _verb("complete_case", result="修好了"),
    "chase_case": _verb("chase_case", text="又来问了"),
    "note_case": _verb("note_case", text="记一笔"),
    "promise": _promise,
    "follow_up_case": _closed,
    "close_case": _closed,
    "reopen_case": lambda small: verbs.reopen_case(
        actor=small.actor("head_a"), case=_closed(small), reason="又漏了"
    ),
    "take_step": lambda small: take_step(
        actor=small.actor("head_a"), case=_case(small), event="noted", facts={"text": "记"}, uuid=new_uuid()
    ),
    "add_files": lambda small: add_files(
        actor=small.actor("duty_a"), case=_case(small), files=[("天花板.jpg", picture())]
    ),
    "attach": lambda small: attach(actor=small.actor("duty_a"), case=_case(small), arrived=_photo()),
    "attach_unseen": lambda small: attach_unseen(
        actor=small.actor("handler_b"), case=_case(small), arrived=_photo()
    ),
    "void_attachment": _void,
    "reveal": lambda small: reveal(actor=small.actor("duty_a"), case=_case(small), key="reporter"),
}
