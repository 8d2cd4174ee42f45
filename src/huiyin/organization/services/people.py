"""People: accounts, and what each may change of his own."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core.errors import Conflict, Forbidden, InvalidInput
from huiyin.organization.actors import Actor
from huiyin.organization.authority import keeping_an_administrator, require_manageable, require_unit
from huiyin.organization.lockout import lift
from huiyin.organization.models import Person, Unit
from huiyin.organization.passwords import hash_initial, initial_password
from huiyin.organization.recording import record


@transaction.atomic
def create_person(
    *, actor: Actor, username: str, name: str, unit: Unit, phone: str = "", email: str = ""
) -> tuple[Person, str]:
    """A new account and its initial password: shown once, to be changed at the first sign-in."""
    require_unit(actor, unit)
    username = _checked_username(username)
    password = initial_password()
    person = Person(company_id=actor.company_id, unit=unit, username=username, must_change_password=True)
    _describe(person, name, phone, email)
    person.password = hash_initial(password)
    person.save()
    _record(actor, person, "person_created", unit=unit.code)
    return person, password


@transaction.atomic
def edit_person(
    *, actor: Actor, person: Person, name: str, phone: str = "", email: str = "", unit: Unit | None = None
) -> None:
    require_manageable(actor, person)
    if unit is not None and unit.pk != person.unit_id:
        require_unit(actor, unit)
        person.unit = unit
    _describe(person, name, phone, email)
    person.save(update_fields=["name", "phone", "email", "unit"])
    _record(actor, person, "person_edited", unit=person.unit.code if person.unit else "")


@transaction.atomic
def deactivate_person(*, actor: Actor, person: Person) -> None:
    """Close an account: signed-in sessions end at once. What the person did stays."""
    require_manageable(actor, person)
    if actor.person_id == person.pk:
        raise Conflict(_("不能停用自己的账号。"))
    with keeping_an_administrator(actor):
        person.is_active = False
        person.save(update_fields=["is_active"])
        _record(actor, person, "person_deactivated")


@transaction.atomic
def reactivate_person(*, actor: Actor, person: Person) -> None:
    require_manageable(actor, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    _record(actor, person, "person_reactivated")


@transaction.atomic
def reset_password(*, actor: Actor, person: Person) -> str:
    """A new initial password, shown once. Signed-in sessions end at once, a lockout is lifted."""
    require_manageable(actor, person)
    password = initial_password()
    person.password = hash_initial(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    lift(person.username)
    _record(actor, person, "password_reset")
    return password


@transaction.atomic
def reset_second_factor(*, actor: Actor, person: Person) -> None:
    """For a lost phone: the person signs in by password alone until he sets up a second factor again."""
    require_manageable(actor, person)
    removed, _by_model = Authenticator.objects.filter(user=person).delete()
    _record(actor, person, "second_factor_reset", removed=removed)


@transaction.atomic
def unlock_person(*, actor: Actor, person: Person) -> None:
    """Lift the lockout after too many wrong passwords."""
    require_manageable(actor, person)
    lifted = lift(person.username)
    _record(actor, person, "person_unlocked", lifted=lifted)


@transaction.atomic
def change_own_password(*, actor: Actor, password: str) -> None:
    """The caller has checked the old password and the policy; the initial one may not be kept."""
    person = _oneself(actor)
    if person.must_change_password and person.check_password(password):
        message = _("新密码不能与初始密码相同。")
        raise InvalidInput(message, fields={"password1": message})
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    _record(actor, person, "password_changed")


@transaction.atomic
def edit_own_contact(*, actor: Actor, phone: str, email: str) -> None:
    person = _oneself(actor)
    _describe(person, person.name, phone, email)
    person.save(update_fields=["phone", "email"])
    _record(actor, person, "own_contact_edited")


@transaction.atomic
def set_own_language(*, actor: Actor, language: str) -> None:
    """Empty: the language of the browser."""
    person = _oneself(actor)
    if language and language not in dict(settings.LANGUAGES):
        raise InvalidInput(_("没有这种语言。"))
    person.language = language
    person.save(update_fields=["language"])
    _record(actor, person, "own_language_set", language=language)


def _oneself(actor: Actor) -> Person:
    if actor.person is None:
        raise Forbidden(_("只有本人可以这样做。"))
    return actor.person


def _checked_username(username: str) -> str:
    username = username.strip()
    message = ""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError:
        message = _("用户名只能用字母、数字、汉字和 @ . + - _。")
    if len(username) > 150:
        message = _("用户名太长。")
    # case differences are not two accounts: people type them as they like
    if not message and Person.objects.filter(username__iexact=username).exists():
        message = _("用户名“%(username)s”已被使用。") % {"username": username}
    if message:
        raise InvalidInput(message, fields={"username": message})
    return username


def _describe(person: Person, name: str, phone: str, email: str) -> None:
    fields: dict[str, str] = {}
    if not name.strip() or len(name.strip()) > 80:
        fields["name"] = _("请填写姓名，最长 80 个字。")
    if len(phone.strip()) > 30 or set(phone) - set("0123456789+-() 转#"):
        fields["phone"] = _("电话只能用数字、空格和 + - ( ) 转。")
    if email.strip():
        try:
            validate_email(email.strip())
        except ValidationError:
            fields["email"] = _("电子邮箱的写法不对。")
    if fields:
        raise InvalidInput(" ".join(fields.values()), fields=fields)
    person.name, person.phone, person.email = name.strip(), phone.strip(), email.strip()


def _record(actor: Actor, person: Person, name: str, **data: object) -> None:
    texts = {"name": person.name, "phone": person.phone, "email": person.email}
    record(
        actor=actor,
        subject_kind="person",
        subject_id=person.pk,
        name=name,
        data={"username": person.username, **data},
        texts={field: text for field, text in texts.items() if text},
    )
