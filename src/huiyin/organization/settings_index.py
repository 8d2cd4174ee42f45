"""The places of the settings page. Rooms add theirs in `AppConfig.ready`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.organization.models import Capability

Text = str | Promise


@dataclass(frozen=True, slots=True)
class SettingsPlace:
    """`capabilities`: one of them is enough; none means everybody who is signed in."""

    url_name: str
    label: Text
    detail: Text
    icon: str = "settings"
    capabilities: tuple[str, ...] = (Capability.ADMIN,)
    position: int = 100


_places: dict[str, SettingsPlace] = {}


def register_settings(place: SettingsPlace) -> None:
    """Registering the same URL name again replaces it."""
    _places[place.url_name] = place


def places() -> list[SettingsPlace]:
    return sorted(_places.values(), key=lambda one: one.position)


def register_defaults() -> None:
    admin, assign = Capability.ADMIN, Capability.ASSIGN
    for place in (
        SettingsPlace(
            "organization:units",
            pgettext_lazy("many", "部门"),
            _("集团、公司、管理处、部门的上下级"),
            "building",
            (admin,),
            10,
        ),
        SettingsPlace("organization:people", _("人员"), _("账号、任职、代理、移交"), "users", (admin,), 20),
        SettingsPlace(
            "organization:posts", pgettext_lazy("many", "岗位"), _("每个岗位能做什么"), "id", (admin,), 30
        ),
        SettingsPlace(
            "organization:roster", _("排班"), _("谁在什么时候值班"), "calendar", (admin, assign), 40
        ),
        SettingsPlace(
            "organization:import",
            _("导入组织"),
            _("从 Excel 或 CSV 导入部门、人员、任职"),
            "upload",
            (admin,),
            50,
        ),
        SettingsPlace(
            "organization:lockouts", _("登录锁定"), _("多次输错密码被锁的人"), "lock", (admin,), 60
        ),
        SettingsPlace("organization:tokens", _("接口密钥"), _("给其他系统用的钥匙"), "key", (admin,), 70),
        SettingsPlace(
            "organization:me", _("我的账号"), _("电话、邮箱、语言、密码、两步验证"), "user", (), 200
        ),
    ):
        register_settings(place)
