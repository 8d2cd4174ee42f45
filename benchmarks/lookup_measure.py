"""What `benchmarks/lookup.py` measures and on what."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Iterator

from django.db import connection

from huiyin.customers.bulk import PersonSpec, RoomSpec, SharedSpec, SiteSpec, bulk_create_site
from huiyin.customers.lookup import lookup
from huiyin.customers.models import Customer, LookupKey, Role
from huiyin.organization.actors import Actor, Held, system_actor
from huiyin.organization.models import Unit

LIMIT_MS = 50.0
# for ten times the customers (and sites: one walk down the index for each)
ALLOWED_GROWTH = 5
ROOMS_A_SITE = 2_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程单解仇"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华玉梅红志春晓雪海燕行重乐朝"
TYPED = [
    "3-2-501", "3栋2单元501", "3-2", "3", "501", "3-2-5", "138", "1380", "8000", "13800", "00138", "7777777",
    "王", "王伟", "小", "建国", "w", "wang", "wangwei", "wjg", "dan", "shan", "zengjg", "3号电梯", "B2",
    "车库",
    "3-2-501王姐", "恒信", "没有这个人", "zzzz", "99-99-9999", "王 3-2", "花园3-2-501",
]  # fmt: skip


def people(rng: random.Random) -> tuple[PersonSpec, ...]:
    roles = (Role.OWNER, Role.TENANT) if rng.random() < 0.1 else (Role.OWNER,)
    return tuple(
        PersonSpec(
            rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2)))),
            role,
            (f"1{rng.choice('3578')}{rng.randrange(10**9):09d}",),
        )
        for role in roles
    )


def codes() -> Iterator[str]:
    for building in range(1, 18):
        for entrance in (1, 2):
            for floor in range(1, 31):
                for door in (1, 2):
                    yield f"{building}-{entrance}-{floor}0{door}"


def fill(customers: int) -> None:
    """Sites of 2,000 rooms each until there are so many customers."""
    root = Unit.objects.filter(code="BENCH").first()
    if root is None:
        root = Unit.objects.create(kind="group", code="BENCH", name="测量集团")
        root.company = root
        root.save(update_fields=["company"])
    number = Unit.objects.filter(company=root, kind="site").count()
    while Customer.objects.filter(company=root).count() < customers:
        rng = random.Random(number)
        unit = Unit.objects.create(
            kind="site", code=f"S{number}", name=f"第{number}管理处", company=root, parent=root
        )
        rooms = [RoomSpec(code, people(rng)) for _, code in zip(range(ROOMS_A_SITE), codes(), strict=False)]
        shared = [SharedSpec("3号电梯", building="3"), SharedSpec("B2车库", "public_place")]
        spec = SiteSpec(f"{number}号花园", rooms, shared, "恒信置业有限公司")
        bulk_create_site(actor=system_actor(root.pk), unit=unit, spec=spec)
        number += 1
        print(f"\r{Customer.objects.count()} customers", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def unit_ids() -> list[int]:
    return list(Unit.objects.filter(kind="site", company__code="BENCH").values_list("pk", flat=True))


def actor(units: list[int]) -> Actor:
    root = Unit.objects.get(code="BENCH")
    held = Held("duty", "前台", units[0], "", frozenset({"view", "register"}), frozenset(units))
    return Actor(company_id=root.pk, name="测量", held=(held,))


def measure(who: Actor, unit: int, rounds: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for text in TYPED:
        lookup(who, text, unit_id=unit)
        for _ in range(rounds):
            started = time.perf_counter()
            lookup(who, text, unit_id=unit)
            found.setdefault(text, []).append((time.perf_counter() - started) * 1000)
    return found


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def report(title: str, found: dict[str, list[float]]) -> float:
    print(f"\n{title}\n{'typed':<24}{'median ms':>10}{'p95 ms':>10}")
    for text, values in found.items():
        print(f"{text:<24}{statistics.median(values):>10.2f}{p95(values):>10.2f}")
    whole = [value for values in found.values() for value in values]
    slowest = max(p95(values) for values in found.values())
    print(f"{'all':<24}{statistics.median(whole):>10.2f}{p95(whole):>10.2f}   slowest p95 {slowest:.2f}")
    return slowest


def run(customers: int, rounds: int) -> int:
    started = time.perf_counter()
    fill(customers // 10)
    units = unit_ids()
    small = measure(actor(units), units[0], rounds)
    fill(customers)
    units = unit_ids()
    print(
        f"{connection.vendor}: {Customer.objects.count()} customers, {LookupKey.objects.count()} keys, "
        f"{len(units)} sites, filled in {time.perf_counter() - started:.0f} s"
    )
    everything = measure(actor(units), units[0], rounds)
    slowest = max(
        report("one site", measure(actor(units[:1]), units[0], rounds)), report("all sites", everything)
    )
    before = statistics.median(value for values in small.values() for value in values)
    after = statistics.median(value for values in everything.values() for value in values)
    print(f"\nten times the customers: {after / before:.2f} times the time; slowest p95 {slowest:.1f} ms")
    return 0 if slowest < LIMIT_MS and after < before * ALLOWED_GROWTH else 1
