"""The services of the desk and the list: taking in, settling at once, giving away, saved views."""

from __future__ import annotations

from io import BytesIO

from tests.factories.cases import install_beside_posts, picture, register_case
from tests.factories.organization import SmallCompany

from huiyin.cases.bulk import assign_many
from huiyin.cases.drafts import add_file
from huiyin.cases.export import export_cases
from huiyin.cases.intake import OnTheSpot, finish_draft, settle, take_in
from huiyin.cases.listing import Filters
from huiyin.cases.models import Case, Draft
from huiyin.cases.views_saved import delete_view, save_view
from huiyin.core.ids import new_uuid


def _case(small: SmallCompany, kind: str = "complaint") -> Case:
    install_beside_posts(small.root)
    return register_case(small.actor("duty_a"), kind=kind)


def _take_in(small: SmallCompany) -> object:
    install_beside_posts(small.root)
    data = {"kind": "complaint", "channel": "phone", "text": "漏水"}
    return take_in(actor=small.actor("duty_a"), uuid=new_uuid(), data=data)


def _finish(small: SmallCompany) -> None:
    """A case with the draft of the same page beside it, as when the page was sent twice."""
    case, desk = _case(small), small.actor("duty_a")
    add_file(actor=desk, uuid=new_uuid(), content=BytesIO(picture()), name="天花板.jpg")
    Draft.objects.update(uuid=case.uuid)
    finish_draft(actor=desk, case=case)


PERFORM = {
    "take_in": _take_in,
    "finish_draft": _finish,
    "settle": lambda small: settle(
        actor=small.actor("duty_a"), case=_case(small, "enquiry"), spot=OnTheSpot("可以")
    ),
    "assign_many": lambda small: assign_many(
        actor=small.actor("head_a"), uuids=[str(_case(small).uuid)], unit="A"
    ),
    "export_cases": lambda small: export_cases(
        actor=_case(small) and small.actor("head_a"), filters=Filters()
    ),
    "save_view": lambda small: save_view(actor=small.actor("duty_a"), name="漏水", query="state=open"),
    "delete_view": lambda small: (
        save_view(actor=small.actor("duty_a"), name="漏水", query="state=open"),
        delete_view(actor=small.actor("duty_a"), name="漏水"),
    ),
}
_NOT_YET = "nothing has been told to the company's record before it is registered"
READS = {
    "save_draft": _NOT_YET,
    "add_file": _NOT_YET,
    "remove_file": _NOT_YET,
    "discard_draft": _NOT_YET,
}
