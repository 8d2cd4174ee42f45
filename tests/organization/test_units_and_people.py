"""Units, posts, people and holdings through their services."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.factories.organization import SmallCompany, make_company, make_person

from huiyin.core import clock
from huiyin.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from huiyin.journal.models import Entry
from huiyin.organization.models import Holding, Person, Unit
from huiyin.organization.selectors import subtree_ids
from huiyin.organization.services import (
    add_stand_in,
    create_person,
    create_post,
    create_unit,
    deactivate_person,
    deactivate_unit,
    edit_person,
    edit_post,
    end_holding,
    end_stand_in,
    found_company,
    give_post,
    move_unit,
    reset_password,
)


def test_a_unit_moves_with_all_below_it_but_never_into_itself(small: SmallCompany) -> None:
    admin = small.actor("admin")
    move_unit(actor=admin, unit=small.site_a, parent=small.site_b)
    assert small.units["A-ENG"].pk in subtree_ids(small.site_b)
    with pytest.raises(InvalidInput, match="自己的下级"):
        move_unit(actor=small.actor("admin"), unit=small.site_b, parent=small.units["A-ENG"])
    with pytest.raises(InvalidInput, match="最上级"):
        move_unit(actor=small.actor("admin"), unit=small.root, parent=small.site_a)


def test_a_unit_never_moves_into_another_company(small: SmallCompany) -> None:
    other = make_company("远山集团", prefix="y_")
    with pytest.raises(NotFound):
        move_unit(actor=small.actor("admin"), unit=small.site_a, parent=other.site_a)
    with pytest.raises(NotFound):
        create_unit(actor=small.actor("admin"), parent=other.site_a, kind="team", code="X", name="混入")


def test_a_unit_with_people_or_units_in_it_is_not_closed(small: SmallCompany) -> None:
    admin = small.actor("admin")
    with pytest.raises(Conflict, match="下级"):
        deactivate_unit(actor=admin, unit=small.site_a)
    with pytest.raises(Conflict, match="任职"):
        deactivate_unit(actor=admin, unit=small.units["A-ENG"])
    deactivate_unit(actor=admin, unit=small.units["CS"])
    assert not Unit.objects.get(pk=small.units["CS"].pk).active


def test_codes_are_unique_and_plain(small: SmallCompany) -> None:
    admin = small.actor("admin")
    for code in ("A", "有 空格", "", "a/b"):
        with pytest.raises(InvalidInput) as refused:
            create_unit(actor=admin, parent=small.company, kind="site", code=code, name="新管理处")
        assert "code" in refused.value.fields


def test_a_new_person_gets_a_password_that_must_be_changed(small: SmallCompany) -> None:
    person, password = create_person(
        actor=small.actor("admin"), username="新人", name="新来的", unit=small.site_a
    )
    stored = Person.objects.get(username="新人")
    assert stored.must_change_password
    assert stored.check_password(password)
    assert password not in stored.password
    assert reset_password(actor=small.actor("admin"), person=person) != password
    assert not Person.objects.get(username="新人").check_password(password)


def test_usernames_differ_by_more_than_case(small: SmallCompany) -> None:
    with pytest.raises(InvalidInput, match="已被使用"):
        create_person(actor=small.actor("admin"), username="DUTY_A", name="冒名", unit=small.site_a)


class TestSiteAdministrator:
    """An administrator of one site manages only its subtree and gives no more than he has."""

    def test_manages_people_of_his_site(self, small: SmallCompany) -> None:
        site = small.actor("site_admin_a")
        person, _password = create_person(actor=site, username="nina", name="倪娜", unit=small.units["A-ENG"])
        give_post(
            actor=site,
            person=person,
            post=small.posts["handler"],
            unit=small.units["A-ENG"],
            since=clock.today(),
        )
        edit_person(actor=site, person=person, name="倪娜娜", phone="13800000000")
        deactivate_person(actor=site, person=person)

    def test_other_sites_do_not_exist_for_him(self, small: SmallCompany) -> None:
        site = small.actor("site_admin_a")
        with pytest.raises(NotFound):
            create_unit(actor=site, parent=small.site_b, kind="team", code="N", name="新班组")
        with pytest.raises(NotFound):
            reset_password(actor=site, person=small.people["duty_b"])
        with pytest.raises(NotFound):
            give_post(
                actor=site,
                person=small.people["duty_a"],
                post=small.posts["duty"],
                unit=small.site_b,
                since=clock.today(),
            )

    @pytest.mark.parametrize("post", ["general_manager", "auditor", "administrator"])
    def test_gives_no_post_that_reaches_further_than_he_does(self, small: SmallCompany, post: str) -> None:
        with pytest.raises(Forbidden):
            give_post(
                actor=small.actor("site_admin_a"),
                person=small.people["site_admin_a"],
                post=small.posts[post],
                unit=small.site_a,
                since=clock.today(),
            )

    def test_gives_no_special_capability_he_lacks(self, small: SmallCompany) -> None:
        reviewer = create_post(
            actor=small.actor("admin"), code="site_auditor", name="管理处内审", may=["view", "audit"]
        )
        with pytest.raises(Forbidden):
            give_post(
                actor=small.actor("site_admin_a"),
                person=small.people["duty_a"],
                post=reviewer,
                unit=small.site_a,
                since=clock.today(),
            )

    def test_does_not_take_over_an_account_that_reaches_further(self, small: SmallCompany) -> None:
        """The general manager also holds a post at the site: visible there, not manageable from there."""
        manager = small.people["manager"]
        give_post(
            actor=small.actor("admin"),
            person=manager,
            post=small.posts["handler"],
            unit=small.site_a,
            since=clock.today(),
        )
        with pytest.raises(Forbidden):
            reset_password(actor=small.actor("site_admin_a"), person=manager)

    def test_nor_one_of_his_own_people_who_holds_more_elsewhere(self, small: SmallCompany) -> None:
        """Belongs to the site, but holds a post or stands in for somebody beyond it."""
        clerk, today = small.people["duty_a"], clock.today()
        give_post(
            actor=small.actor("admin"),
            person=clerk,
            post=small.posts["auditor"],
            unit=small.units["QA"],
            since=today,
        )
        with pytest.raises(Forbidden):
            reset_password(actor=small.actor("site_admin_a"), person=clerk)
        add_stand_in(
            actor=small.actor("admin"),
            holding=small.people["manager"].holdings.get(),
            person=small.people["handler_a"],
            since=today,
            until=today,
        )
        with pytest.raises(Forbidden):
            deactivate_person(actor=small.actor("site_admin_a"), person=small.people["handler_a"])

    def test_edits_no_posts(self, small: SmallCompany) -> None:
        with pytest.raises(Forbidden):
            edit_post(
                actor=small.actor("site_admin_a"),
                post=small.posts["site_administrator"],
                name="管理处管理员",
                may=["admin", "audit"],
                whole_company=True,
            )


class TestTheLastAdministrator:
    """Nobody can lock the company out of its own administration."""

    def test_keeps_the_post(self, small: SmallCompany) -> None:
        holding = small.people["admin"].holdings.get()
        with pytest.raises(Conflict, match="系统管理员"):
            end_holding(
                actor=small.actor("admin"), holding=holding, last_day=clock.today() - timedelta(days=1)
            )
        assert Holding.objects.get(pk=holding.pk).until is None

    def test_keeps_the_capability(self, small: SmallCompany) -> None:
        with pytest.raises(Conflict, match="系统管理员"):
            edit_post(
                actor=small.actor("admin"),
                post=small.posts["administrator"],
                name="系统管理员",
                may=["import"],
                whole_company=True,
            )

    def test_goes_once_there_is_another(self, small: SmallCompany) -> None:
        second = make_person("second", small.posts["administrator"], small.company)
        end_holding(
            actor=small.actor("admin"),
            holding=small.people["admin"].holdings.get(),
            last_day=clock.today() - timedelta(days=1),
        )
        assert second.is_active
        assert not small.actor("admin").may("admin")


def test_overlapping_holdings_of_the_same_post_are_refused(small: SmallCompany) -> None:
    with pytest.raises(Conflict, match="已经担任"):
        give_post(
            actor=small.actor("admin"),
            person=small.people["duty_a"],
            post=small.posts["duty"],
            unit=small.site_a,
            since=clock.today(),
        )


def test_a_holding_taken_back_before_it_began_is_gone(small: SmallCompany) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    holding = give_post(
        actor=small.actor("admin"),
        person=small.people["duty_a"],
        post=small.posts["handler"],
        unit=small.site_a,
        since=tomorrow,
    )
    end_holding(actor=small.actor("admin"), holding=holding, last_day=clock.today())
    assert not Holding.objects.filter(pk=holding.pk).exists()


def test_stand_ins_do_not_overlap_and_end_early(small: SmallCompany) -> None:
    admin, holding, today = small.actor("admin"), small.people["head_a"].holdings.get(), clock.today()
    stand_in = add_stand_in(
        actor=admin,
        holding=holding,
        person=small.people["supervisor_a"],
        since=today,
        until=today + timedelta(days=3),
    )
    with pytest.raises(Conflict, match="有人代理"):
        add_stand_in(
            actor=admin,
            holding=holding,
            person=small.people["duty_a"],
            since=today + timedelta(days=3),
            until=today + timedelta(days=5),
        )
    with pytest.raises(InvalidInput, match="自己"):
        add_stand_in(
            actor=admin,
            holding=holding,
            person=small.people["head_a"],
            since=date(2030, 1, 1),
            until=date(2030, 1, 2),
        )
    end_stand_in(actor=admin, stand_in=stand_in)
    assert not small.actor("supervisor_a").may("approve")


def test_companies_are_founded_apart(db: None) -> None:
    first, second = found_company(name="甲公司"), found_company(name="乙公司")
    assert first.company_id == first.pk
    assert second.company_id == second.pk
    assert Entry.objects.filter(name="company_founded", actor="system").count() == 2
