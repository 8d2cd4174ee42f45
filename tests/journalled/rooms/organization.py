"""The services of the organisation."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from tests.factories.organization import SmallCompany

from huiyin.core import clock
from huiyin.organization import services as do
from huiyin.organization.models import ApiToken, Shift, StandIn
from huiyin.organization.spreadsheet import Row

MONDAY = date(2030, 1, 7)


def _admin(small: SmallCompany) -> dict[str, object]:
    return {"actor": small.actor("admin")}


def _stand_in(small: SmallCompany) -> StandIn:
    return do.add_stand_in(
        **_admin(small),
        holding=small.people["head_a"].holdings.get(),
        person=small.people["supervisor_a"],
        since=clock.today(),
        until=clock.today() + timedelta(days=2),
    )


def _fill(small: SmallCompany) -> Shift:
    do.fill_roster(
        **_admin(small),
        unit=small.site_a,
        post=small.posts["duty"],
        people=[small.people["duty_a"]],
        first=MONDAY,
        last=MONDAY,
        starts=time(8),
        ends=time(20),
    )
    return Shift.objects.get()


def _add_shifts(small: SmallCompany) -> object:
    starts = timezone.make_aware(datetime.combine(MONDAY, time(8)))
    line = do.ShiftLine(small.people["duty_a"], starts, starts + timedelta(hours=8))
    return do.add_shifts(**_admin(small), unit=small.site_a, post=small.posts["duty"], lines=[line])


def _copy_week(small: SmallCompany) -> object:
    _fill(small)
    return do.copy_week(**_admin(small), unit=small.site_a, monday=MONDAY + timedelta(days=7))


def _token(small: SmallCompany) -> ApiToken:
    token, _secret = do.create_token(
        **_admin(small),
        unit=small.site_a,
        post=small.posts["duty"],
        name="小程序",
        may=["view"],
        expires_at=clock.now() + timedelta(days=1),
    )
    return token


def _deactivated(small: SmallCompany) -> object:
    do.deactivate_person(**_admin(small), person=small.people["duty_a"])
    return do.reactivate_person(**_admin(small), person=small.people["duty_a"])


def _closed_unit(small: SmallCompany) -> object:
    do.deactivate_unit(**_admin(small), unit=small.units["CS"])
    return do.reactivate_unit(**_admin(small), unit=small.units["CS"])


PERFORM = {
    "create_unit": lambda small: do.create_unit(
        **_admin(small), parent=small.site_a, kind="team", code="T", name="电梯班"
    ),
    "edit_unit": lambda small: do.edit_unit(**_admin(small), unit=small.site_a, name="新名", kind="site"),
    "move_unit": lambda small: do.move_unit(**_admin(small), unit=small.site_a, parent=small.site_b),
    "deactivate_unit": lambda small: do.deactivate_unit(**_admin(small), unit=small.units["CS"]),
    "reactivate_unit": _closed_unit,
    "create_post": lambda small: do.create_post(**_admin(small), code="guard", name="保安", may=["view"]),
    "edit_post": lambda small: do.edit_post(
        **_admin(small), post=small.posts["duty"], name="前台", may=["view"], whole_company=False
    ),
    "create_person": lambda small: do.create_person(
        **_admin(small), username="neu", name="新人", unit=small.site_a
    ),
    "edit_person": lambda small: do.edit_person(
        **_admin(small), person=small.people["duty_a"], name="李小梅", phone="13800000000"
    ),
    "deactivate_person": lambda small: do.deactivate_person(**_admin(small), person=small.people["duty_a"]),
    "reactivate_person": _deactivated,
    "reset_password": lambda small: do.reset_password(**_admin(small), person=small.people["duty_a"]),
    "reset_second_factor": lambda small: do.reset_second_factor(
        **_admin(small), person=small.people["duty_a"]
    ),
    "unlock_person": lambda small: do.unlock_person(**_admin(small), person=small.people["duty_a"]),
    "change_own_password": lambda small: do.change_own_password(
        actor=small.actor("duty_a"), password="hetang-8842-x"
    ),
    "edit_own_contact": lambda small: do.edit_own_contact(
        actor=small.actor("duty_a"), phone="13800000000", email=""
    ),
    "set_own_language": lambda small: do.set_own_language(actor=small.actor("duty_a"), language="en"),
    "give_post": lambda small: do.give_post(
        **_admin(small),
        person=small.people["duty_a"],
        post=small.posts["handler"],
        unit=small.site_a,
        since=clock.today(),
    ),
    "end_holding": lambda small: do.end_holding(
        **_admin(small), holding=small.people["duty_a"].holdings.get(), last_day=clock.today()
    ),
    "add_stand_in": _stand_in,
    "end_stand_in": lambda small: do.end_stand_in(**_admin(small), stand_in=_stand_in(small)),
    "add_shifts": _add_shifts,
    "fill_roster": _fill,
    "copy_week": _copy_week,
    "change_shift": lambda small: do.change_shift(
        **_admin(small), shift=_fill(small), person=small.people["supervisor_a"]
    ),
    "remove_shift": lambda small: do.remove_shift(**_admin(small), shift=_fill(small)),
    "create_token": _token,
    "revoke_token": lambda small: do.revoke_token(**_admin(small), token=_token(small)),
    "hand_over_person": lambda small: do.hand_over_person(
        **_admin(small), leaving=small.people["duty_a"], to=small.people["handler_a"], reason="离职"
    ),
    "import_organization": lambda small: do.import_organization(
        **_admin(small),
        rows=[Row("CSV", 2, {"unit_code": "N", "unit_name": "新处", "parent_code": "HQ"})],
    ),
}

READS = {
    "preview_hand_over": "shows what would move",
    "record": "is itself what writes the journal",
}
