"""The people of the demonstration: who works where, in which post."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.organization.models import UnitKind

PASSWORD = "huiyin-demo-2026"  # noqa: S105  printed when the demonstration starts; it is no secret

GROUP = ("demo", "和风集团")
COMPANY = ("HF", "和风物业服务有限公司")
DEPARTMENTS = (("QA", "品质管理部"), ("CS", "客户服务部"), ("GM", "总经办"))


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its management office, its departments below, and how many buildings, entrances, floors, doors."""

    code: str
    name: str
    estate: str
    buildings: int
    entrances: int
    floors: int
    doors: int
    developer: str


SITES = (
    Site("JX", "锦绣花园管理处", "锦绣花园", 8, 2, 18, 3, "宏远置业有限公司"),
    Site("CL", "翠林雅苑管理处", "翠林雅苑", 7, 2, 16, 3, "宏远置业有限公司"),
    Site("YG", "阳光新城管理处", "阳光新城", 6, 2, 16, 3, "中泰地产开发有限公司"),
)
TEAMS = (("ENG", "工程部"), ("SEC", "秩序维护部"), ("ENV", "环境部"))


@dataclass(frozen=True, slots=True)
class Staff:
    """`unit` is relative to the site for site people: "" the office itself, "ENG" its engineering."""

    username: str
    name: str
    post: str
    unit: str


COMPANY_STAFF = (
    Staff("zhengguohua", "郑国华", "general_manager", "GM"),
    Staff("sunwei", "孙伟", "deputy_general_manager", "GM"),
    Staff("linfang", "林芳", "quality", "QA"),
    Staff("machao", "马超", "administrator", "GM"),
)
SITE_STAFF: dict[str, tuple[Staff, ...]] = {
    "JX": (
        Staff("chenzhiqiang", "陈志强", "department_head", ""),
        Staff("zhangmin", "张敏", "service_supervisor", ""),
        Staff("lixiaomei", "李晓梅", "duty", ""),
        Staff("hujing", "胡静", "duty", ""),
        Staff("wangjianguo", "王建国", "handler", "ENG"),
        Staff("songtao", "宋涛", "handler", "SEC"),
        Staff("pengyan", "彭燕", "handler", "ENV"),
        Staff("xujun", "徐军", "worker", "ENG"),
    ),
    "CL": (
        Staff("wugang", "吴刚", "department_head", ""),
        Staff("zhouli", "周丽", "service_supervisor", ""),
        Staff("liuyang", "刘洋", "duty", ""),
        Staff("gaoyuan", "高媛", "duty", ""),
        Staff("zhaojun", "赵军", "handler", "ENG"),
        Staff("tangbin", "唐斌", "handler", "SEC"),
        Staff("luoxia", "罗霞", "handler", "ENV"),
        Staff("caoliang", "曹亮", "worker", "ENG"),
    ),
    "YG": (
        Staff("xiehong", "谢红", "department_head", ""),
        Staff("dengjie", "邓洁", "service_supervisor", ""),
        Staff("fengxue", "冯雪", "duty", ""),
        Staff("yuanlei", "袁蕾", "duty", ""),
        Staff("jianghai", "蒋海", "handler", "ENG"),
        Staff("shenyong", "沈勇", "handler", "SEC"),
        Staff("hanmei", "韩梅", "handler", "ENV"),
        Staff("dongqiang", "董强", "worker", "ENG"),
    ),
}
UNIT_KINDS = {"site": UnitKind.SITE, "team": UnitKind.DEPARTMENT}

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = (
    "伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀英 霞 平 刚 桂英 建华 玉兰 建国 志强 秀兰 海燕 晓东 婷婷 "
    "雪梅 国庆 文静 俊杰 佳怡 子涵 浩然 欣怡 宇轩 梓萱 思远 雨桐 嘉豪 美玲 春梅 金凤 德华 立新 卫东 红梅 少华 永强 "
    "丽华 志明 海波 晓燕 凤英 小红 大勇 新民 瑞雪 思琪 乐天 若曦"
).split()
