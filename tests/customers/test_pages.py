"""The pages, through the client: what each shows, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.customers import MadeSite
from tests.factories.organization import SmallCompany

from huiyin.customers import services
from huiyin.customers.models import Customer, Household, Phone, Place, PlaceKind, Role
from huiyin.journal.models import Entry


@pytest.fixture
def sign_in(small: SmallCompany) -> Callable[[str], Client]:
    def as_person(username: str) -> Client:
        client = Client()
        client.force_login(small.people[username])
        return client

    return as_person


SignIn = Callable[[str], Client]


def pages(garden: MadeSite) -> dict[str, str]:
    """Every page of one household that is read."""
    room, home = garden.room("1-1-101"), garden.household("1-1-101")
    customer = garden.customer("李雷")
    return {
        "place": reverse("customers:place", args=[room.uuid]),
        "site": reverse("customers:place", args=[garden.place.uuid]),
        "lift": reverse("customers:place", args=[garden.shared("3号电梯").uuid]),
        "label": reverse("customers:place-label", args=[room.uuid]),
        "customer": reverse("customers:customer", args=[customer.uuid]),
        "card": f"{reverse('customers:card')}?household={home.uuid}",
        "card of a place": f"{reverse('customers:card')}?place={room.uuid}",
        "card of a customer": f"{reverse('customers:card')}?customer={customer.uuid}",
    }


def forms(garden: MadeSite) -> dict[str, str]:
    """Every page that changes something."""
    room, home, customer = garden.room("1-1-101"), garden.household("1-1-101"), garden.customer("李雷")
    phone = garden.phone("李雷")
    resident = [home.uuid, customer.uuid, "tenant"]
    return {
        "place-new": reverse("customers:place-new", args=[garden.place.uuid]),
        "place-edit": reverse("customers:place-edit", args=[room.uuid]),
        "place-close": reverse("customers:place-close", args=[room.uuid]),
        "place-token": reverse("customers:place-token", args=[room.uuid]),
        "move-in": reverse("customers:move-in", args=[room.uuid]),
        "move-out": reverse("customers:move-out", args=[home.uuid]),
        "household-edit": reverse("customers:household-edit", args=[home.uuid]),
        "resident-first": reverse("customers:resident-first", args=resident),
        "resident-end": reverse("customers:resident-end", args=resident),
        "customer-edit": reverse("customers:customer-edit", args=[customer.uuid]),
        "customer-close": reverse("customers:customer-close", args=[customer.uuid]),
        "phone-new": reverse("customers:phone-new", args=[customer.uuid]),
        "phone-first": reverse("customers:phone-first", args=[phone.uuid]),
        "phone-remove": reverse("customers:phone-remove", args=[phone.uuid]),
        "merge": reverse("customers:merge", args=[customer.uuid]),
    }


FILLED = {
    "name": "改", "kind": "owner", "nature": "person", "number": "18812345678", "role": "owner",
    "on": "2026-01-01", "since": "2026-01-01", "reason": "要求",
}  # fmt: skip


def test_the_list_says_how_to_begin_while_there_is_nothing(
    small: SmallCompany, sign_in: Callable[[str], Client]
) -> None:
    for tab in ("", "?tab=shared", "?tab=others", "?q=1-1-101"):
        response = sign_in("duty_a").get(reverse("customers:index") + tab)
        assert response.status_code == 200
        assert "这里还没有资料" in response.content.decode() or tab.startswith("?q")


def test_only_who_may_import_is_led_to_it_while_there_is_nothing(
    small: SmallCompany, sign_in: Callable[[str], Client]
) -> None:
    page = sign_in("supervisor_a").get(reverse("customers:index")).content.decode()
    assert "/imports/?kind=customers" in page
    assert "/imports/" not in sign_in("duty_a").get(reverse("customers:index")).content.decode()


def test_every_page_opens_and_shows_no_number_in_full(garden: MadeSite, sign_in: SignIn) -> None:
    client = sign_in("duty_a")
    for name, url in pages(garden).items():
        answer = client.get(url)
        assert answer.status_code == 200, name
        assert "18600186005" not in answer.content.decode(), name
    assert client.get(reverse("customers:index")).status_code == 200


def test_another_site_is_not_found_and_nothing_changes(
    small: SmallCompany, garden: MadeSite, yard: MadeSite, sign_in: SignIn
) -> None:
    client = sign_in("supervisor_b")
    phone = garden.phone("李雷")
    scan = reverse("customers:scan", args=[garden.place.token])
    for name, url in {**pages(garden), "scan": scan}.items():
        assert client.get(url).status_code == 404, name
    before = Entry.objects.count()
    reveal = reverse("customers:phone-reveal", args=[phone.uuid])
    for name, url in {**forms(garden), "reveal": reveal}.items():
        assert client.post(url, FILLED).status_code == 404, name
    duplicate = {"duplicate": str(garden.customer("李雷").uuid)}
    own = reverse("customers:merge", args=[yard.customer("李雷").uuid])
    assert client.post(own, duplicate).status_code == 404
    assert Entry.objects.count() == before
    listed = client.get(reverse("customers:index")).content.decode()
    assert "西山雅苑 1栋" in listed
    assert "东湖花园" not in listed


def test_looking_is_not_changing(garden: MadeSite, sign_in: SignIn) -> None:
    client = sign_in("head_a")
    for name, url in pages(garden).items():
        assert client.get(url).status_code == 200, name
    for name, url in forms(garden).items():
        assert client.post(url, FILLED).status_code == 403, name
    erase = reverse("customers:erase", args=[garden.customer("李雷").uuid])
    assert sign_in("duty_a").post(erase, FILLED).status_code == 403


def test_without_a_post_or_a_sign_in(garden: MadeSite, sign_in: SignIn) -> None:
    for url in (reverse("customers:index"), f"{reverse('customers:lookup')}?q=王", *pages(garden).values()):
        assert sign_in("site_admin_a").get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_list_pages_by_key(garden: MadeSite, sign_in: SignIn) -> None:
    client = sign_in("duty_a")
    url, seen = reverse("customers:index"), []
    after = ""
    while True:
        text = client.get(url, {"after": after} if after else {}).content.decode()
        seen += re.findall(r"东湖花园 (\d栋\d单元\d+)", text)
        found = re.search(r'href="\?after=([0-9a-f-]+)"', text)
        if found is None:
            break
        after = found[1]
    assert len(seen) == len(set(seen)) == 72
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"tab": "shared"}, "B2车库"),
        ({"tab": "others"}, "恒信置业有限公司"),
        ({"q": "wxm"}, "王小明"),
        ({"q": "3#2-501"}, "3栋2单元501"),
        ({"q": "查无此人"}, "没有找到"),
    ],
)
def test_list_tabs_and_search(garden: MadeSite, sign_in: SignIn, query: dict[str, str], shown: str) -> None:
    assert shown in sign_in("duty_a").get(reverse("customers:index"), query).content.decode()


def test_lookup_as_options_and_as_json(garden: MadeSite, sign_in: SignIn) -> None:
    client, url = sign_in("duty_a"), reverse("customers:lookup")
    text = client.get(url, {"q": "3-2-501"}).content.decode()
    assert 'role="option"' in text
    assert f'data-household="{garden.household("3-2-501").uuid}"' in text
    assert "没有找到" in client.get(url, {"q": "查无此人"}).content.decode()
    answer = client.get(url, {"q": "3-2-501"}, headers={"accept": "application/json"}).json()
    assert answer["matches"][0]["title"] == "东湖花园 3栋2单元501"
    assert answer["matches"][0]["phones"][0] == "138****8000"


def test_revealing_by_the_button_is_logged(garden: MadeSite, sign_in: SignIn) -> None:
    url = reverse("customers:phone-reveal", args=[garden.phone("王小明").uuid])
    client = sign_in("duty_a")
    assert client.get(url).status_code == 405
    answer = client.post(url, headers={"hx-request": "true"})
    assert "138 0013 8000" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Entry.objects.filter(name="phone_revealed").count() == 1


def test_a_family_moves_in_and_out(garden: MadeSite, sign_in: SignIn) -> None:
    client, room = sign_in("duty_a"), garden.room("2-1-101")
    url = reverse("customers:move-in", args=[room.uuid])
    people = {"name": "韩梅", "phones": "18712345678\n0755-26009999", "role": "owner", "since": "2026-05-01"}
    assert client.post(url, {**people, "phones": "无"}).status_code == 422
    answer = client.post(url, people, follow=True)
    assert "韩梅已登记到东湖花园 2栋1单元101" in answer.content.decode()
    home = Household.objects.get(room=room)
    assert Phone.objects.filter(customer__name="韩梅").count() == 2
    out = reverse("customers:move-out", args=[home.uuid])
    client.post(out, {"on": "2026-06-30", "owners_stay": "on"})
    text = client.get(reverse("customers:place", args=[room.uuid])).content.decode()
    assert "空置" in text
    past = client.get(reverse("customers:household", args=[home.uuid]))
    assert "韩梅" in past.content.decode()


def test_customers_are_made_changed_and_forgotten(
    small: SmallCompany, garden: MadeSite, sign_in: SignIn
) -> None:
    client = sign_in("duty_a")
    fields = {"name": "业委会", "nature": "organisation", "kind": "committee", "unit": small.site_a.pk}
    client.post(reverse("customers:customer-new"), {**fields, "phones": "18700000001"})
    made = Customer.objects.get(name="业委会")
    client.post(reverse("customers:customer-edit", args=[made.uuid]), {**fields, "name": "第二届业委会"})
    client.post(reverse("customers:phone-new", args=[made.uuid]), {"number": "18700000002", "label": "值班"})
    assert made.phones.count() == 2
    url = reverse("customers:merge", args=[made.uuid])
    twin = services.create_customer(actor=small.actor("duty_a"), unit=small.site_a, name="业委会二")
    assert "业委会二" in client.get(url, {"q": "业委会"}).content.decode()
    client.post(url, {"duplicate": str(twin.uuid)})
    moved = client.get(reverse("customers:customer", args=[twin.uuid]))
    assert moved["Location"] == reverse("customers:customer", args=[made.uuid])
    erase = reverse("customers:erase", args=[made.uuid])
    admin = sign_in("admin")
    assert admin.get(erase).status_code == 200
    admin.post(erase, {"reason": "换届"})
    made.refresh_from_db()
    assert (made.name, made.erased_at is not None) == ("", True)
    assert "已匿名" in admin.get(reverse("customers:customer", args=[made.uuid])).content.decode()


def test_places_are_made_and_their_codes_lead_there(
    small: SmallCompany, garden: MadeSite, sign_in: SignIn
) -> None:
    client = sign_in("duty_a")
    fields = {"kind": "site", "name": "翠湖苑", "unit": small.site_a.pk}
    client.post(reverse("customers:site-new"), fields)
    site = Place.objects.get(name="翠湖苑", kind=PlaceKind.SITE)
    url = reverse("customers:place-new", args=[site.uuid])
    assert client.post(url, {"kind": "entrance", "name": "1单元"}).status_code == 422
    client.post(url, {"kind": "building", "name": "1栋"})
    assert client.post(url, {"kind": "building", "name": "1栋"}).status_code == 422
    building = Place.objects.get(site=site, code="1")
    answer = client.get(reverse("customers:scan", args=[building.token]))
    assert answer["Location"] == reverse("customers:place", args=[building.uuid])
    assert "<svg" in client.get(reverse("customers:place-label", args=[building.uuid])).content.decode()
    client.post(reverse("customers:place-token", args=[building.uuid]))
    assert client.get(reverse("customers:scan", args=[building.token])).status_code == 404


def test_what_is_typed_is_escaped(small: SmallCompany, garden: MadeSite, sign_in: SignIn) -> None:
    name = "<script>alert(1)</script>"
    new = services.create_customer(actor=small.actor("duty_a"), unit=small.site_a, name=name)
    services.add_resident(
        actor=small.actor("duty_a"), household=garden.household("3-2-501"), customer=new, role=Role.FAMILY
    )
    client = sign_in("duty_a")
    for url in (
        reverse("customers:customer", args=[new.uuid]),
        reverse("customers:place", args=[garden.room("3-2-501").uuid]),
        f"{reverse('customers:lookup')}?q=script",
        f"{reverse('customers:index')}?q=<script>",
    ):
        assert name not in client.get(url).content.decode()
