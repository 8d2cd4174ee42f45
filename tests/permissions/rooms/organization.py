"""The settings: administrators, and for the roster those who assign work."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from tests.factories.organization import make_person
from tests.permissions.model import Row, Status, Table, World, everybody, only

from huiyin.core import clock
from huiyin.organization.models import Post, Shift, Unit
from huiyin.organization.services import add_stand_in, create_token


def build(world: World) -> None:
    """Objects of site A with names that are found nowhere else: the other company uses the same codes."""
    small, today = world.small, clock.today()
    unit = Unit.objects.create(
        company=small.root, parent=small.site_a, code="ONLY-A", name="东湖班组", kind="team"
    )
    Post.objects.create(company=small.root, code="only_here", name="本公司岗位", may=["view"])
    person = make_person("only_a", small.posts["handler"], unit)
    holding = person.holdings.get()
    moment = timezone.make_aware(datetime.combine(today + timedelta(days=1), time(8)))
    token, _secret = create_token(
        actor=world.actor("administrator"),
        unit=unit,
        post=small.posts["duty"],
        name="小程序",
        may=["register"],
        expires_at=clock.now() + timedelta(days=30),
    )
    stand_in = add_stand_in(
        actor=world.actor("administrator"),
        holding=holding,
        person=small.people["handler_a"],
        since=today,
        until=today + timedelta(days=3),
    )
    shift = Shift.objects.create(
        company=small.root,
        unit=unit,
        post=small.posts["handler"],
        person=person,
        starts=moment,
        ends=moment + timedelta(hours=12),
    )
    world.made |= {
        "holding_a": holding,
        "stand_in_a": stand_in,
        "shift_a": shift,
        "token_a": token,
    }


def _admins(status: Status, **more: Status) -> Table:
    return only("administrator", "site_administrator", status=status, **more)


def _company(status: Status, **more: Status) -> Table:
    return only("administrator", status=status, **more)


def _roster(status: Status, **more: Status) -> Table:
    return only(
        "administrator",
        "site_administrator",
        "service_supervisor",
        "department_head",
        "deputy_general_manager",
        "general_manager",
        status=status,
        **more,
    )


_OUT = {"other_site": 404, "other_company": 404}


def _unit(name: str, **tables: Table) -> Row:
    return Row(name, kwargs=lambda world: {"code": "ONLY-A"}, peer="site_administrator", **tables)


def _person(name: str, **tables: Table) -> Row:
    return Row(name, kwargs=lambda world: {"username": "only_a"}, peer="site_administrator", **tables)


def _made(name: str, key: str, field: str = "uuid", **tables: Table) -> Row:
    def kwargs(world: World) -> dict[str, object]:
        return {field: getattr(world.made[key], field)}

    return Row(name, kwargs=kwargs, peer="site_administrator", **tables)


ROWS = [
    Row("organization:index", get=everybody(200)),
    Row("organization:me", get=everybody(200), post=everybody(302)),
    Row("organization:units", get=_admins(200)),
    Row("organization:unit-new", get=_admins(200), post=_admins(422)),
    _unit("organization:unit", get=_admins(200, **_OUT), post=_admins(422, **_OUT)),
    _unit("organization:unit-move", post=_admins(302, **_OUT)),
    _unit("organization:unit-active", post=_admins(302, **_OUT)),
    Row("organization:posts", get=_admins(200)),
    Row("organization:post-new", get=_company(200), post=_company(422)),
    Row(
        "organization:post",
        kwargs=lambda world: {"code": "only_here"},
        peer="site_administrator",
        # posts belong to the whole company: an administrator of a site sees them and may not change them
        get=_company(200, other_site=403, other_company=403),
        post=_company(422, other_site=403, other_company=403),
    ),
    Row("organization:people", get=_admins(200)),
    Row("organization:person-new", get=_admins(200), post=_admins(422)),
    _person("organization:person", get=_admins(200, **_OUT), post=_admins(422, **_OUT)),
    _person("organization:person-active", post=_admins(302, **_OUT)),
    _person("organization:person-password", post=_admins(200, **_OUT)),
    _person("organization:person-second-factor", post=_admins(302, **_OUT)),
    _person("organization:person-unlock", post=_admins(302, **_OUT)),
    _person("organization:hand-over", get=_admins(200, **_OUT), post=_admins(422, **_OUT)),
    _person("organization:holding-new", post=_admins(422, **_OUT)),
    _made("organization:holding-end", "holding_a", post=_admins(302, **_OUT)),
    _made("organization:stand-in-new", "holding_a", post=_admins(302, **_OUT)),
    _made("organization:stand-in-end", "stand_in_a", post=_admins(302, **_OUT)),
    Row("organization:roster", get=_roster(200)),
    Row(
        "organization:roster",
        query="?unit=B",
        get=_roster(404) | dict.fromkeys(("administrator", "deputy_general_manager", "general_manager"), 200),
    ),
    _unit("organization:roster-fill", post=_roster(422, **_OUT)),
    _unit("organization:roster-copy", post=_roster(302, **_OUT)),
    _made("organization:shift", "shift_a", post=_roster(302, **_OUT)),
    Row("organization:tokens", get=_admins(200)),
    Row("organization:token-new", get=_admins(200), post=_admins(422)),
    _made("organization:token-revoke", "token_a", "prefix", post=_admins(302, **_OUT)),
    Row("organization:lockouts", get=_admins(200)),
    Row("organization:import", get=_admins(200), post=_admins(422)),
    Row("organization:import-confirm", post=_admins(302)),
]
