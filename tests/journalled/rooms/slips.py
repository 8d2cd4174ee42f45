"""The services of slips."""

from __future__ import annotations

from tests.factories.cases import install_beside_posts, register_case
from tests.factories.organization import SmallCompany

from huiyin.cases.attachments import receive_signature
from huiyin.slips.models import Slip
from huiyin.slips.services import (
    answer_slip,
    evaluate_slip,
    finish_slip,
    issue_slip,
    keep_signature,
    receive_slip,
)

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def _slip(small: SmallCompany) -> Slip:
    install_beside_posts(small.root)
    head = small.actor("head_a")
    return issue_slip(
        actor=head, case=register_case(head), form="work_order", to_unit="A-ENG", text="派两个人上门"
    )


def _finished(small: SmallCompany) -> Slip:
    slip = _slip(small)
    finish_slip(actor=small.actor("handler_a"), slip=slip, result="修好了")
    return slip


PERFORM = {
    "issue_slip": _slip,
    "receive_slip": lambda small: receive_slip(slip=_slip(small), actor=small.actor("handler_a")),
    "answer_slip": lambda small: answer_slip(
        slip=_slip(small), actor=small.actor("handler_a"), text="下午去"
    ),
    "finish_slip": _finished,
    "evaluate_slip": lambda small: evaluate_slip(
        slip=_finished(small), actor=small.actor("head_a"), satisfied=True
    ),
    "keep_signature": lambda small: keep_signature(
        slip=_slip(small), actor=small.actor("handler_a"), arrived=receive_signature(PIXEL)
    ),
}
