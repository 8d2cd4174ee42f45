"""Premises and the people in them.

A place belongs to the unit that serves it; scope is asked of that unit. Rooms carry the people through
households: one household is one span of a room in the same hands. Personal text stands in `Customer` and
`Phone` alone (and in the look-up keys made from them), so that erasing has few places to go.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.core.ids import new_uuid
from huiyin.organization.models import Unit


def new_token() -> str:
    """What a QR code at a door carries: short, not to be guessed, replaceable."""
    return secrets.token_urlsafe(12)


class PlaceKind(models.TextChoices):
    SITE = "site", _("项目")
    BUILDING = "building", _("楼栋")
    ENTRANCE = "entrance", _("单元")
    ROOM = "room", pgettext_lazy("customer", "房屋")
    PUBLIC_PLACE = "public_place", _("公共区域")
    EQUIPMENT = "equipment", _("设备")
    PARKING = "parking", _("车位")


class Place(models.Model):
    """A node of the premises tree. `site` and `building` are the nodes of that kind above it (or itself),
    kept beside `parent` because lists, neighbours and reports ask for them all the time."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places", db_index=False)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    site = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    code = models.CharField(max_length=40, blank=True, help_text="within the site: 3, 3-2, 3-2-501")
    name = models.CharField(max_length=80, help_text="3栋, 2单元, 501, 3号电梯")
    full_name = models.CharField(max_length=200, help_text="锦绣花园 3栋2单元501")
    sort = models.CharField(max_length=120, help_text="the code with padded figures: 3 stands before 12")
    developer = models.ForeignKey(
        "Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="developed"
    )
    note = models.CharField(max_length=500, blank=True)
    uuid = models.UUIDField(default=new_uuid, unique=True)
    token = models.CharField(max_length=32, default=new_token, unique=True)
    closed_on = models.DateField(null=True, blank=True, help_text="pulled down, merged with another, removed")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "kind", "sort", "id"], name="place_list"),
            models.Index(fields=["company", "kind"], name="place_company_kind"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "kind", "code"], name="place_code_unique", condition=~Q(code="")
            ),
            models.UniqueConstraint(
                fields=["company", "name"], name="site_name_unique", condition=Q(kind="site")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name


class Nature(models.TextChoices):
    PERSON = "person", _("个人")
    ORGANISATION = "organisation", pgettext_lazy("customer", "单位")


class CustomerKind(models.TextChoices):
    OWNER = "owner", pgettext_lazy("customer", "业主")
    OCCUPANT = "occupant", pgettext_lazy("customer", "住户")
    DEVELOPER = "developer", _("开发商")
    BUYER = "buyer", _("购房人")
    DEALER = "dealer", _("经销商")
    COMMITTEE = "committee", _("业主委员会")
    AUTHORITY = "authority", _("主管部门")
    OTHER = "other", _("其他")


class Customer(models.Model):
    """A person or organisation that is served. `unit` is where it is looked after; who sees a household
    sees the people in it as well."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="customers", db_index=False)
    nature = models.CharField(max_length=20, choices=Nature.choices, default=Nature.PERSON)
    kind = models.CharField(max_length=20, choices=CustomerKind.choices, default=CustomerKind.OWNER)
    name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)
    uuid = models.UUIDField(default=new_uuid, unique=True)
    closed_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True, help_text="name, phones and notes are gone; the row stays")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "kind", "id"], name="customer_list")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name="", note=""), name="erased_customer_has_no_text"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("已匿名"))


class Household(models.Model):
    """A room in the same hands from one day to another. `vacant`: handed over, but nobody lives there."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="households", db_index=False)
    room = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="households")
    since = models.DateField(null=True, blank=True, help_text="occupied from this day; empty: since ever")
    until = models.DateField(null=True, blank=True, help_text="the first day no longer; empty: still")
    vacant = models.BooleanField(default=False)
    uuid = models.UUIDField(default=new_uuid, unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "since"], name="household_unit_since")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["room"], name="one_open_household", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="household_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.room.full_name


class Role(models.TextChoices):
    OWNER = "owner", pgettext_lazy("customer", "业主")
    OCCUPANT = "occupant", pgettext_lazy("customer", "住户")
    TENANT = "tenant", _("租户")
    FAMILY = "family", _("家属")


class Residency(models.Model):
    """Who a customer is in a household, from one day to another."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residencies")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="residencies")
    role = models.CharField(max_length=20, choices=Role.choices)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    primary = models.BooleanField(default=False, help_text="who is called first")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["household", "customer", "role"],
                name="residency_once",
                condition=Q(until__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["household"], name="one_primary", condition=Q(until__isnull=True, primary=True)
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=F("since")),
                name="residency_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.customer}"


class Phone(models.Model):
    """One number of a customer. `number` is E.164 where it is a real number, otherwise as it was given."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=40)
    digits = models.CharField(max_length=40, help_text="as it is dialled here, figures only")
    label = models.CharField(max_length=40, blank=True)
    primary = models.BooleanField(default=False)
    uuid = models.UUIDField(default=new_uuid, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once"),
            models.UniqueConstraint(fields=["customer"], name="one_primary_phone", condition=Q(primary=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["company", "digits"], name="phone_digits")]

    def __str__(self) -> str:
        return f"{self.label} …{self.digits[-4:]}"


class KeyKind(models.IntegerChoices):
    """What a look-up key was made from. A room's tail is its code without building or entrance."""

    ROOM = 1
    ROOM_TAIL = 2
    PLACE = 3
    NAME = 4
    PHONE = 5
    PINYIN = 6
    INITIALS = 7


class LookupKey(models.Model):
    """What somebody may begin to type to find a place or a customer. Made by `keys`, never by hand.

    "Any part of it" is a prefix of one of its tails: 13800138000 has the keys 13800138000, 3800138000 … 000.
    So every look-up is one walk down one index, on any database.
    """

    company = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=KeyKind.choices)
    text = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            # pattern operators: the order of bytes, whatever language the database sorts in
            models.Index(
                fields=["unit", "kind", "text"],
                name="lookup_key",
                opclasses=["int8_ops", "int2_ops", "varchar_pattern_ops"],
            ),
            models.Index(fields=["place"], name="lookup_place", condition=Q(place__isnull=False)),
            models.Index(fields=["customer"], name="lookup_customer", condition=Q(customer__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.text
