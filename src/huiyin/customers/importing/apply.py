"""Puts one row into the database through the services.

Natural keys: a site by its name; a room by its code within the site; a person by name and role within the
room's present household, otherwise by name and phone among the unit's customers.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.core.errors import Conflict, InvalidInput
from huiyin.core.phrases import listed
from huiyin.customers.importing.rows import Row, RowPerson
from huiyin.customers.models import (
    Customer,
    CustomerKind,
    Household,
    Nature,
    Phone,
    Place,
    PlaceKind,
    Residency,
    Role,
)
from huiyin.customers.phones import normalise
from huiyin.customers.scope import require_change
from huiyin.customers.services import (
    Newcomer,
    add_phone,
    add_resident,
    create_customer,
    create_place,
    ensure_room,
    move_in,
    update_household,
    update_place,
)
from huiyin.customers.services.people import same_customer
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit, UnitKind


class RowImporter:
    """Takes rows for one actor; notes whether the row at hand made or changed anything."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.created = False
        self.changed = False

    def take(self, row: Row) -> str:
        """`created`, `changed` or `unchanged`."""
        self.created = self.changed = False
        site = self._site(row)
        require_change(self.actor, site.unit_id)
        self._developer(site, row.developer)
        if row.place:
            self._shared(site, row)
        else:
            self._room(site, row)
        return "created" if self.created else "changed" if self.changed else "unchanged"

    def _site(self, row: Row) -> Place:
        known = Place.objects.filter(
            company_id=self.actor.company_id, kind=PlaceKind.SITE, name=row.site
        ).select_related("unit", "developer")
        site = known.first()
        if site is not None:
            return site
        self.created = True
        return create_place(actor=self.actor, kind=PlaceKind.SITE, name=row.site, unit=self._unit(row))

    def _unit(self, row: Row) -> Unit:
        """The unit the file names, or the one that is called like the site, or the only one he works in."""
        units = Unit.objects.filter(company_id=self.actor.company_id, active=True)
        names = [row.unit] if row.unit else [row.site, f"{row.site}管理处", f"{row.site}服务中心"]
        found: list[Unit] = list(units.filter(Q(name__in=names) | Q(code__in=names))[:1])
        if not found and not row.unit and not self.actor.system:
            reach = self.actor.unit_ids(Capability.CUSTOMERS)
            found = list(units.filter(kind=UnitKind.SITE, pk__in=reach)[:2])
        if len(found) != 1:
            raise InvalidInput(_("找不到“%(name)s”属于哪个管理处。") % {"name": row.unit or row.site})
        return found[0]

    def _developer(self, site: Place, name: str) -> None:
        if not name or (site.developer is not None and site.developer.name == name):
            return
        developer = Customer.objects.filter(
            unit_id=site.unit_id, kind=CustomerKind.DEVELOPER, name=name, closed_on__isnull=True
        ).first() or create_customer(
            actor=self.actor,
            unit=site.unit,
            name=name,
            kind=CustomerKind.DEVELOPER,
            nature=Nature.ORGANISATION,
        )
        update_place(actor=self.actor, place=site, developer=developer)
        self.changed = True

    def _shared(self, site: Place, row: Row) -> None:
        if row.people:
            raise InvalidInput(_("公共区域和设备没有业主。"))
        known = Place.objects.filter(site=site, kind=row.place_kind, name=row.place).first()
        if known is None:
            create_place(actor=self.actor, kind=row.place_kind, name=row.place, parent=site, note=row.note)
            self.created = True
        elif row.note and row.note != known.note:
            update_place(actor=self.actor, place=known, note=row.note)
            self.changed = True

    def _room(self, site: Place, row: Row) -> None:
        room, made = ensure_room(actor=self.actor, site=site, code=row.room)
        self.created = self.created or made
        if row.note and room.note != row.note:
            update_place(actor=self.actor, place=room, note=row.note)
            self.changed = True
        if not row.people:
            return
        household = Household.objects.filter(room=room, until__isnull=True).select_related("room").first()
        if household is None:
            self._first_household(room, row)
        else:
            self._known_household(household, row)

    def _first_household(self, room: Place, row: Row) -> None:
        people = [Newcomer(self._customer(room.unit, person), person.role) for person in row.people]
        household = move_in(
            actor=self.actor, room=room, people=people, since=row.since, vacant=bool(row.vacant)
        )
        if row.since is None:
            # the file does not say since when: since ever, not since the day of the import
            update_household(actor=self.actor, household=household, since=None, vacant=bool(row.vacant))
            Residency.objects.filter(household=household).update(since=None)
        self.created = True

    def _known_household(self, household: Household, row: Row) -> None:
        present = {
            (residency.customer.name, residency.role): residency.customer
            for residency in Residency.objects.filter(household=household, until__isnull=True).select_related(
                "customer"
            )
        }
        owners = {name for name, role in present if role == Role.OWNER}
        told = {person.name for person in row.people if person.role == Role.OWNER}
        if owners and told and not owners & told:
            names = listed(sorted(owners))
            raise Conflict(_("房屋现在登记的业主是%(names)s，换业主请先办理迁出。") % {"names": names})
        for person in row.people:
            customer = present.get((person.name, person.role))
            if customer is None:
                customer = self._customer(household.room.unit, person)
                add_resident(
                    actor=self.actor,
                    household=household,
                    customer=customer,
                    role=person.role,
                    since=row.since,
                )
                self.changed = True
            else:
                self._phones(customer, person)
        self._dates(household, row)

    def _dates(self, household: Household, row: Row) -> None:
        since = row.since or household.since
        vacant = household.vacant if row.vacant is None else row.vacant
        if (since, vacant) != (household.since, household.vacant):
            update_household(actor=self.actor, household=household, since=since, vacant=vacant)
            self.changed = True

    def _customer(self, unit: Unit, person: RowPerson) -> Customer:
        known = same_customer(unit, person.name, person.phones)
        if known is not None:
            self._phones(known, person)
            return known
        kind = CustomerKind.OWNER if person.role == Role.OWNER else CustomerKind.OCCUPANT
        self.created = True
        return create_customer(actor=self.actor, unit=unit, name=person.name, kind=kind, phones=person.phones)

    def _phones(self, customer: Customer, person: RowPerson) -> None:
        known = set(Phone.objects.filter(customer=customer).values_list("number", flat=True))
        for text in person.phones:
            if normalise(text)[0] not in known:
                add_phone(actor=self.actor, customer=customer, number=text)
                self.changed = True
