"""A small company for everybody's tests.

    small = make_company()
    desk = actor_of(small.people["duty_a"])

The tree is 集团 → 公司 → two sites (A, B) with a 工程部 each, and departments of the company. `root` is what
`company_id` means everywhere. There is one person for each post, named in `PEOPLE`. Nobody has a password:
use `client.force_login(person)`, or `make_person(..., password="…")` with the fixture `fast_passwords`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability as May
from huiyin.organization.models import Holding, Person, Post, Unit, UnitKind
from huiyin.organization.selectors import actor_for

SINCE = date(2019, 1, 1)

# code -> (name, reports to, capabilities, whole company)
POSTS: dict[str, tuple[str, str, tuple[May, ...], bool]] = {
    "duty": ("前台值班员", "service_supervisor", (May.REGISTER, May.VIEW, May.HANDLE, May.CUSTOMERS), False),
    "handler": ("责任人", "department_head", (May.VIEW, May.HANDLE), False),
    "service_supervisor": (
        "客服主管",
        "department_head",
        (
            May.REGISTER,
            May.VIEW,
            May.HANDLE,
            May.JUDGE,
            May.ASSIGN,
            May.FOLLOW_UP,
            May.CUSTOMERS,
            May.REPORT,
            May.IMPORT,
        ),
        False,
    ),
    "department_head": (
        "管理处主任",
        "deputy_general_manager",
        (May.REGISTER, May.VIEW, May.HANDLE, May.JUDGE, May.ASSIGN, May.APPROVE, May.FOLLOW_UP, May.REPORT),
        False,
    ),
    "deputy_general_manager": (
        "副总经理",
        "general_manager",
        (May.VIEW, May.JUDGE, May.ASSIGN, May.APPROVE, May.REPORT),
        True,
    ),
    "general_manager": (
        "总经理",
        "",
        (May.VIEW, May.JUDGE, May.ASSIGN, May.APPROVE, May.REPORT, May.PUBLISH),
        True,
    ),
    "quality": (
        "品质主管",
        "general_manager",
        (May.VIEW, May.JUDGE, May.FOLLOW_UP, May.REPORT, May.PUBLISH, May.PROCEDURES, May.IMPORT),
        True,
    ),
    "auditor": ("内审员", "general_manager", (May.VIEW, May.REPORT, May.AUDIT), True),
    "administrator": ("系统管理员", "general_manager", (May.ADMIN, May.IMPORT, May.CUSTOMERS), True),
    # an administrator of one site alone: what he may give away is checked against his subtree
    "site_administrator": ("管理处管理员", "department_head", (May.ADMIN,), False),
}

# username -> (name, post, code of the unit)
PEOPLE: dict[str, tuple[str, str, str]] = {
    "duty_a": ("李晓梅", "duty", "A"),
    "handler_a": ("王建国", "handler", "A-ENG"),
    "supervisor_a": ("张敏", "service_supervisor", "A"),
    "head_a": ("陈志强", "department_head", "A"),
    "site_admin_a": ("何静", "site_administrator", "A"),
    "duty_b": ("刘洋", "duty", "B"),
    "handler_b": ("赵军", "handler", "B-ENG"),
    "supervisor_b": ("周丽", "service_supervisor", "B"),
    "head_b": ("吴刚", "department_head", "B"),
    "deputy": ("孙伟", "deputy_general_manager", "HQ"),
    "manager": ("郑国华", "general_manager", "HQ"),
    "quality": ("林芳", "quality", "QA"),
    "auditor": ("高洁", "auditor", "QA"),
    "admin": ("马超", "administrator", "HQ"),
}

_TREE: tuple[tuple[str, str, str, UnitKind], ...] = (
    ("HQ", "", "和风物业公司", UnitKind.COMPANY),
    ("A", "HQ", "东湖花园管理处", UnitKind.SITE),
    ("B", "HQ", "西山雅苑管理处", UnitKind.SITE),
    ("QA", "HQ", "品质部", UnitKind.DEPARTMENT),
    ("CS", "HQ", "客户服务部", UnitKind.DEPARTMENT),
    ("A-ENG", "A", "东湖花园工程部", UnitKind.DEPARTMENT),
    ("B-ENG", "B", "西山雅苑工程部", UnitKind.DEPARTMENT),
)


@dataclass
class SmallCompany:
    """`root` is the group: its id is everybody's `company_id`."""

    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def company(self) -> Unit:
        return self.units["HQ"]

    @property
    def site_a(self) -> Unit:
        return self.units["A"]

    @property
    def site_b(self) -> Unit:
        return self.units["B"]

    def actor(self, username: str) -> Actor:
        return actor_of(self.people[username])


def make_company(
    name: str = "和风集团", *, people: bool = True, prefix: str = "", posts: bool = True
) -> SmallCompany:
    """Group, company, two sites, departments, posts, and one person for each post.

    `prefix` is put before the usernames, which are unique over all companies: a second company needs one.
    The keys of `.people` stay without it. `posts=False` where a pack is to bring them.
    """
    root = Unit.objects.create(kind=UnitKind.GROUP, code="G", name=name)
    root.company = root
    root.save(update_fields=["company"])
    small = SmallCompany(root, {"G": root})
    for position, (code, parent, title, kind) in enumerate(_TREE):
        small.units[code] = Unit.objects.create(
            company=root,
            parent=small.units[parent or "G"],
            code=code,
            name=title,
            kind=kind,
            position=position,
        )
    if posts:
        small.posts = make_posts(root)
    if people and posts:
        add_people(small, prefix=prefix)
    return small


def make_posts(
    root: Unit, posts: dict[str, tuple[str, str, tuple[May, ...], bool]] | None = None
) -> dict[str, Post]:
    made = Post.objects.bulk_create(
        Post(
            company=root,
            code=code,
            name=title,
            reports_to=above,
            may=[str(one) for one in may],
            whole_company=whole,
            position=position,
        )
        for position, (code, (title, above, may, whole)) in enumerate((posts or POSTS).items())
    )
    return {post.code: post for post in made}


def add_people(
    small: SmallCompany, people: dict[str, tuple[str, str, str]] | None = None, *, prefix: str = ""
) -> None:
    """People with one holding each, since 2019. For a company whose posts a pack has brought, too."""
    if not small.posts:
        small.posts = {post.code: post for post in Post.objects.filter(company=small.root)}
    wanted = {
        username: one
        for username, one in (people or PEOPLE).items()
        if one[1] in small.posts and one[2] in small.units
    }
    unusable = UNUSABLE_PASSWORD_PREFIX + "tests"
    made = Person.objects.bulk_create(
        Person(
            username=prefix + username,
            name=title,
            company=small.root,
            unit=small.units[unit],
            password=unusable,
        )
        for username, (title, _post, unit) in wanted.items()
    )
    small.people |= dict(zip(wanted, made, strict=True))
    Holding.objects.bulk_create(
        Holding(
            company=small.root,
            person=small.people[username],
            post=small.posts[post],
            unit=small.units[unit],
            since=SINCE,
        )
        for username, (_title, post, unit) in wanted.items()
    )


def make_person(
    username: str,
    post: Post | None,
    unit: Unit,
    *,
    name: str = "",
    since: date = SINCE,
    until: date | None = None,
    password: str = "",
) -> Person:
    """A person of the unit's company; holds the post there where one is given."""
    root = unit.company
    person = Person.objects.create(
        username=username,
        name=name or username,
        company=root,
        unit=unit,
        password=make_password(password) if password else UNUSABLE_PASSWORD_PREFIX + "tests",
    )
    if post is not None:
        Holding.objects.create(company=root, person=person, post=post, unit=unit, since=since, until=until)
    return person


def actor_of(person: Person) -> Actor:
    """The actor this person is now. Make it anew after holdings or the time have changed."""
    return actor_for(Person.objects.select_related("company").get(pk=person.pk))
