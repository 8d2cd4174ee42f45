"""The columns an import of customers knows, and how they are called in other systems' files.

One row is one room with its people, or one public place or piece of equipment (`place`). Only `site` is
always needed; then `room` (whole, 3-2-501, or its last part with `building` and `entrance`), or `place`.
Several phones or names in one cell are separated by 、 , ; / or a line break; the nth phone goes to the nth
name, what is left over to the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huiyin.customers.names import plain


@dataclass(frozen=True, slots=True)
class Column:
    """`aliases` are headings under which it is found without being told."""

    field: str
    title: Promise
    aliases: tuple[str, ...]
    needed: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("site", _("项目"), ("项目", "小区", "楼盘", "项目名称", "小区名称", "site"), needed=True),
    Column("unit", _("管理处"), ("管理处", "服务中心", "所属管理处", "unit")),
    Column("building", _("楼栋"), ("楼栋", "栋", "幢", "楼号", "楼栋号", "building")),
    Column("entrance", _("单元"), ("单元", "单元号", "门", "entrance")),
    Column("room", _("房号"), ("房号", "房屋", "室号", "房间号", "房屋编号", "room")),
    Column("owner", _("业主姓名"), ("业主", "业主姓名", "姓名", "客户名称", "户主", "owner")),
    Column("owner_phone", _("业主电话"), ("业主电话", "电话", "联系电话", "手机", "手机号", "owner_phone")),
    Column("occupant", _("住户姓名"), ("住户", "住户姓名", "使用人", "occupant")),
    Column("occupant_phone", _("住户电话"), ("住户电话", "使用人电话", "occupant_phone")),
    Column("tenant", _("租户姓名"), ("租户", "租户姓名", "租客", "承租人", "tenant")),
    Column("tenant_phone", _("租户电话"), ("租户电话", "租客电话", "承租人电话", "tenant_phone")),
    Column("since", _("入住日期"), ("入住日期", "入伙日期", "交房日期", "收楼日期", "since")),
    Column("vacant", _("空置"), ("空置", "是否空置", "入住状态", "房屋状态", "vacant")),
    Column("developer", _("开发商"), ("开发商", "建设单位", "developer")),
    Column("place", _("公共区域或设备"), ("公共区域", "设备", "设备名称", "公共设施", "place")),
    Column("place_kind", _("类别"), ("类别", "场所类别", "place_kind")),
    Column("note", _("备注"), ("备注", "说明", "note")),
)


def guess_mapping(headings: Iterable[str]) -> dict[str, str]:
    """field -> heading, for the headings that one recognises."""
    known = {plain(alias): column.field for column in COLUMNS for alias in column.aliases}
    found: dict[str, str] = {}
    for heading in headings:
        field = known.get(plain(heading))
        if field is not None:
            found.setdefault(field, heading)
    return found
