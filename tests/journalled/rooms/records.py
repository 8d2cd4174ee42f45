"""The services of records: letting go of what is past its retention."""

from __future__ import annotations

from datetime import timedelta

from tests.factories.cases import install_beside_posts, register_case
from tests.factories.organization import SmallCompany

from huiyin.cases.recording import record
from huiyin.core import clock
from huiyin.procedures.models import Edition
from huiyin.procedures.selectors import current_rules
from huiyin.records.copies import make_controlled_copy
from huiyin.records.models import ErasureRequest
from huiyin.records.selectors import case_rules
from huiyin.records.services import ask_erasure, decide_erasure


def asked(small: SmallCompany) -> ErasureRequest:
    """Asked for by the head of the site, of one case that was closed six years ago."""
    install_beside_posts(small.root)
    head = small.actor("head_a")
    with clock.pretend(clock.now() - timedelta(days=2200)):
        case = register_case(head)
        record(actor=head, case=case, name="voided", data={"reason": "录错"})
    rule = case_rules(current_rules(head))[0]
    return ask_erasure(actor=head, unit=small.site_a, rule=rule.title, reason="保存期满")


def _copy(small: SmallCompany) -> None:
    install_beside_posts(small.root)
    make_controlled_copy(actor=small.actor("quality"), edition=Edition.objects.get(), form="docx")


PERFORM = {
    "make_controlled_copy": _copy,
    "ask_erasure": asked,
    "decide_erasure": lambda small: decide_erasure(
        actor=small.actor("deputy"), request=asked(small), approve=True
    ),
}
