"""Changing premises, people and households: what is written, what is refused, what is on record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.factories.customers import MadeSite
from tests.factories.organization import SmallCompany

from huiyin.core.errors import Conflict, Forbidden, HuiyinError, InvalidInput, NotFound
from huiyin.customers import hooks, services
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, Household, Phone, Place, PlaceKind, Residency, Role
from huiyin.customers.selectors import customer_card, household_card, occupied_households
from huiyin.journal.models import Entry, EntryText


def names(kind: str, pk: int) -> list[str]:
    entries = Entry.objects.filter(chain__subject_kind=kind, chain__subject_id=str(pk))
    return list(entries.order_by("sequence").values_list("name", flat=True))


def test_place_follows_from_its_parent(small: SmallCompany) -> None:
    duty = small.actor("duty_a")
    site = services.create_place(actor=duty, kind=PlaceKind.SITE, name="翠湖苑", unit=small.site_a)
    building = services.create_place(actor=duty, kind=PlaceKind.BUILDING, name="3栋", parent=site)
    entrance = services.create_place(actor=duty, kind=PlaceKind.ENTRANCE, name="2单元", parent=building)
    room = services.create_place(actor=duty, kind=PlaceKind.ROOM, name="501", parent=entrance)
    assert (room.code, room.full_name) == ("3-2-501", "翠湖苑 3栋2单元501")
    assert (room.site, room.building, room.unit) == (site, building, small.site_a)
    with pytest.raises(Conflict):
        services.create_place(actor=duty, kind=PlaceKind.ROOM, name="501", parent=entrance)
    with pytest.raises(InvalidInput):
        services.create_place(actor=duty, kind=PlaceKind.BUILDING, name="4栋", parent=room)
    services.update_place(actor=duty, place=site, name="翠湖雅苑")
    assert Place.objects.get(pk=room.pk).full_name == "翠湖雅苑 3栋2单元501"
    assert lookup(duty, "3-2-501")[0].title == "翠湖雅苑 3栋2单元501"
    assert names("place", site.pk) == ["place_created", "place_updated"]


def test_ensure_room_makes_what_is_missing_once(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    room, made = services.ensure_room(actor=duty, site=garden.place, code="9号楼1单元1203室")
    assert (room.code, room.full_name, made) == ("9-1-1203", "东湖花园 9栋1单元1203", True)
    assert services.ensure_room(actor=duty, site=garden.place, code="9-1-1203") == (room, False)


def test_closing_a_place_waits_for_its_people(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    with pytest.raises(Conflict):
        services.close_place(actor=duty, place=garden.room("3-2-501"))
    services.close_place(actor=duty, place=garden.room("3-2-602"))
    assert lookup(duty, "3-2-602") == []
    before = garden.place.token
    assert services.renew_token(actor=duty, place=garden.place).token != before


def test_moving_out_and_in(small: SmallCompany, garden: MadeSite) -> None:
    duty, room = small.actor("duty_a"), garden.room("1-1-101")
    old = garden.household("1-1-101")
    vacant = services.move_out(actor=duty, household=old, on=date(2026, 3, 31))
    assert vacant is not None
    assert vacant.vacant
    assert [one.customer.name for one in vacant.residencies.all()] == ["解珍"]
    with pytest.raises(Conflict):
        services.move_out(actor=duty, household=old)
    tenant = services.create_customer(actor=duty, unit=small.site_a, name="韩梅", phones=("18700001111",))
    home = services.move_in(
        actor=duty, room=room, people=[services.Newcomer(tenant, Role.TENANT)], since=date(2026, 4, 2)
    )
    assert home.pk == vacant.pk
    assert not home.vacant
    assert lookup(duty, "韩梅")[0].household_uuid == home.uuid
    for day, count in ((date(2026, 3, 30), 4), (date(2026, 3, 31), 3), (date(2026, 4, 2), 4)):
        assert occupied_households(duty, day) == {small.site_a.pk: count}
    assert names("household", home.pk) == ["moved_in", "resident_added", "moved_in", "resident_added"]
    assert names("household", old.pk) == ["moved_out"]


def test_who_is_called_first(small: SmallCompany, garden: MadeSite) -> None:
    duty, home = small.actor("duty_a"), garden.household("3-2-501")
    family = home.residencies.get(role=Role.FAMILY)
    services.set_primary(actor=duty, residency=family)
    assert [one.name for one in household_card(duty, home).residents] == ["单雪", "王小明"]
    services.end_residency(actor=duty, residency=family, on=date(2026, 5, 1))
    card = household_card(duty, home)
    assert [(one.name, one.primary) for one in card.residents] == [("王小明", True)]
    assert [one.name for one in card.former] == ["单雪"]
    with pytest.raises(InvalidInput):
        services.end_residency(actor=duty, residency=home.residencies.get(role="owner"), on=date(2010, 1, 1))


def test_phones(small: SmallCompany, garden: MadeSite) -> None:
    duty, wang = small.actor("duty_a"), garden.customer("王小明")
    with pytest.raises(InvalidInput):
        services.add_phone(actor=duty, customer=wang, number="没有")
    again = services.add_phone(actor=duty, customer=wang, number="+86 13800138000")
    assert again == garden.phone("王小明")
    new = services.add_phone(actor=duty, customer=wang, number="18800001234", label="单位", primary=True)
    assert garden.phone("王小明") == new
    services.remove_phone(actor=duty, phone=new)
    assert garden.phone("王小明").digits == "13800138000"
    services.update_phone(actor=duty, phone=wang.phones.get(primary=False), label="家里", primary=True)
    assert garden.phone("王小明").label == "家里"
    # numbers stand in erasable texts only
    assert "18800001234" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_revealing_a_number_is_logged(small: SmallCompany, garden: MadeSite) -> None:
    phone = garden.phone("王小明")
    assert services.reveal_phone(actor=small.actor("head_a"), phone=phone) == "138 0013 8000"
    entry = Entry.objects.get(name="phone_revealed")
    assert (entry.actor_name, entry.data) == ("陈志强", {"phone": phone.pk})
    with pytest.raises(NotFound):
        services.reveal_phone(actor=small.actor("duty_b"), phone=phone)
    assert Entry.objects.filter(name="phone_revealed").count() == 1


def test_another_units_people_do_not_exist(small: SmallCompany, garden: MadeSite) -> None:
    other = small.actor("duty_b")
    home, wang = garden.household("3-2-501"), garden.customer("王小明")
    attempts: list[Any] = [
        lambda: household_card(other, home),
        lambda: household_card(other, home.room),
        lambda: customer_card(other, wang),
        lambda: services.update_customer(actor=other, customer=wang, name="别人"),
        lambda: services.move_out(actor=other, household=home),
        lambda: services.update_place(actor=other, place=home.room, name="502"),
        lambda: services.create_customer(actor=other, unit=small.site_a, name="别人"),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert occupied_households(other, date(2026, 1, 1)) == {}


def test_who_may_only_look_may_not_change(small: SmallCompany, garden: MadeSite) -> None:
    head = small.actor("head_a")
    assert household_card(head, garden.household("3-2-501")).residents
    with pytest.raises(Forbidden):
        services.update_customer(actor=head, customer=garden.customer("王小明"), name="别人")
    with pytest.raises(Forbidden):
        services.move_out(actor=head, household=garden.household("3-2-501"))


def test_merging_duplicates(small: SmallCompany, garden: MadeSite) -> None:
    duty, keep = small.actor("duty_a"), garden.customer("王小明")
    twin = services.create_customer(
        actor=duty, unit=small.site_a, name="王晓明", phones=("13800138000", "18911112222")
    )
    home = garden.household("3-2-501")
    services.add_resident(actor=duty, household=home, customer=twin, role=Role.OWNER, primary=True)
    services.move_in(actor=duty, room=garden.room("3-2-502"), people=[services.Newcomer(twin, Role.TENANT)])
    moved: list[tuple[int, int]] = []
    hook = hooks.on_customer_merged(lambda actor, kept, gone: moved.append((kept.pk, gone.pk)))
    try:
        services.merge_customers(actor=duty, keep=keep, duplicate=twin)
    finally:
        hooks._merged.remove(hook)
    assert moved == [(keep.pk, twin.pk)]
    numbers = Phone.objects.filter(customer=keep).values_list("digits", flat=True)
    assert sorted(numbers) == ["075526001234", "13800138000", "18911112222"]
    assert not Phone.objects.filter(customer=twin).exists()
    open_ones = Residency.objects.filter(customer=keep, until__isnull=True)
    assert sorted(open_ones.values_list("household__room__code", "role")) == [
        ("3-2-501", "owner"),
        ("3-2-502", "tenant"),
    ]
    assert household_card(duty, home).residents[0].customer_id == keep.pk
    assert lookup(duty, "王晓明") == []
    assert lookup(duty, "18911112222")[0].customer_uuid == keep.uuid
    with pytest.raises(Conflict):
        services.update_customer(actor=duty, customer=Customer.objects.get(pk=twin.pk), name="再改")
    with pytest.raises(InvalidInput):
        services.merge_customers(actor=duty, keep=keep, duplicate=keep)


def test_forgetting_a_person(small: SmallCompany, garden: MadeSite) -> None:
    admin, duty = small.actor("admin"), small.actor("duty_a")
    home = garden.household("1-1-101")
    leaving = services.create_customer(
        actor=duty, unit=small.site_a, name="司马光远", note="耳背", phones=("18977776666",)
    )
    residency = services.add_resident(actor=duty, household=home, customer=leaving, role=Role.TENANT)
    with pytest.raises(Conflict):
        services.erase_customer(actor=admin, customer=leaving, reason="本人要求")
    services.end_residency(actor=duty, residency=residency)
    with pytest.raises(Forbidden):
        services.erase_customer(actor=duty, customer=leaving, reason="本人要求")
    erased: list[int] = []
    hook = hooks.on_customer_erased(lambda actor, customer: erased.append(customer.pk))
    try:
        services.erase_customer(actor=admin, customer=leaving, reason="本人要求")
    finally:
        hooks._erased.remove(hook)
    assert erased == [leaving.pk]
    for text in ("司马", "18977776666", "smgy"):
        assert lookup(admin, text) == []
    left = Customer.objects.get(pk=leaving.pk)
    assert (left.name, left.note, left.erased_at is not None) == ("", "", True)
    told = " ".join(EntryText.objects.values_list("text", flat=True))
    assert not any(text in told for text in ("司马光远", "耳背", "18977776666"))
    assert [one.name for one in household_card(duty, home).former] == ["已匿名"]
    assert names("customer", leaving.pk)[-1] == "customer_erased"


def test_closing_a_customer(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    with pytest.raises(Conflict):
        services.close_customer(actor=duty, customer=garden.customer("王小明"))
    services.close_customer(actor=duty, customer=garden.customer("恒信置业有限公司"))
    assert lookup(duty, "恒信") == []


def test_card_shows_developer_and_what_others_add(small: SmallCompany, garden: MadeSite) -> None:
    seen: list[hooks.CardSubject] = []

    def provider(actor: Any, subject: hooks.CardSubject) -> hooks.CardSection:
        seen.append(subject)
        return hooks.CardSection("history", "历史", "customers/_people.html", {})

    hooks.register_card_section(provider)
    try:
        card = household_card(small.actor("duty_a"), garden.room("3-2-501"))
        lift = household_card(small.actor("duty_a"), garden.shared("3号电梯"))
    finally:
        hooks._sections.remove(provider)
    assert card.developer is not None
    assert card.developer.name == "恒信置业有限公司"
    assert "history" in [section.name for section in card.sections]
    assert {one.name for one in seen[0].customers} == {"王小明", "单雪"}
    assert (lift.household, lift.residents, seen[1].place) == (None, (), garden.shared("3号电梯"))


def test_every_change_is_in_the_journal(small: SmallCompany, garden: MadeSite) -> None:
    """Walks the public services: each must leave an entry."""
    duty, admin = small.actor("duty_a"), small.actor("admin")
    room, home = garden.room("3-1-101"), garden.household("3-2-502")
    one = services.create_customer(actor=duty, unit=small.site_a, name="甲")
    two = services.create_customer(actor=duty, unit=small.site_a, name="乙")
    gone = services.create_customer(actor=duty, unit=small.site_a, name="丙")
    phone = services.add_phone(actor=duty, customer=one, number="18811112222")
    residency = services.add_resident(actor=duty, household=home, customer=one, role=Role.FAMILY)
    calls: dict[str, Any] = {
        "create_customer": lambda: services.create_customer(actor=duty, unit=small.site_a, name="丁"),
        "update_customer": lambda: services.update_customer(actor=duty, customer=one, note="新"),
        "add_phone": lambda: services.add_phone(actor=duty, customer=two, number="18833334444"),
        "update_phone": lambda: services.update_phone(actor=duty, phone=phone, label="家"),
        "reveal_phone": lambda: services.reveal_phone(actor=duty, phone=phone),
        "remove_phone": lambda: services.remove_phone(actor=duty, phone=phone),
        "create_place": lambda: services.create_place(
            actor=duty, kind=PlaceKind.PARKING, name="P101", parent=garden.place
        ),
        "update_place": lambda: services.update_place(actor=duty, place=room, note="样板房"),
        "renew_token": lambda: services.renew_token(actor=duty, place=room),
        "ensure_room": lambda: services.ensure_room(actor=duty, site=garden.place, code="7-1-101"),
        "close_place": lambda: services.close_place(actor=duty, place=garden.room("2-1-101")),
        "move_in": lambda: services.move_in(actor=duty, room=room, people=[services.Newcomer(two)]),
        "receive": lambda: services.receive(actor=duty, room=garden.room("3-1-102"), name="戊"),
        "add_resident": lambda: services.add_resident(
            actor=duty, household=home, customer=two, role=Role.FAMILY
        ),
        "set_primary": lambda: services.set_primary(actor=duty, residency=residency),
        "end_residency": lambda: services.end_residency(actor=duty, residency=residency),
        "update_household": lambda: services.update_household(
            actor=duty, household=home, since=None, vacant=False
        ),
        "move_out": lambda: services.move_out(actor=duty, household=home),
        "merge_customers": lambda: services.merge_customers(actor=duty, keep=two, duplicate=one),
        "close_customer": lambda: services.close_customer(actor=duty, customer=gone),
        "erase_customer": lambda: services.erase_customer(actor=admin, customer=gone, reason="要求"),
    }
    assert set(calls) == set(services.__all__) - {"Newcomer"}
    for name, call in calls.items():
        before = Entry.objects.count()
        call()
        assert Entry.objects.count() > before, name


def test_a_refused_step_leaves_nothing(small: SmallCompany, garden: MadeSite) -> None:
    duty = small.actor("duty_a")
    before = (Customer.objects.count(), Household.objects.count(), Entry.objects.count())
    with pytest.raises(HuiyinError):
        services.create_customer(actor=duty, unit=small.site_a, name="赵", phones=("13811112222", "无"))
    assert (Customer.objects.count(), Household.objects.count(), Entry.objects.count()) == before
