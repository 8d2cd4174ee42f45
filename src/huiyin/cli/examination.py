"""The checks of `huiyin doctor`. Each says plainly what it found, and how to mend it."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from huiyin.cli.common import pending_migrations
from huiyin.config.environment import environment
from huiyin.core import clock
from huiyin.core.models import Ticking
from huiyin.core.outbox import held, on_hold, stuck
from huiyin.engine.daytable import state_council_days
from huiyin.journal import guards
from huiyin.journal.digests import key_present
from huiyin.journal.models import Entry, Seal
from huiyin.organization.models import Holding, Post
from huiyin.reports import guards as report_guards

LEAST_DISK = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: str
    found: str
    mend: str = ""


def _good(name: str, found: str) -> Check:
    return Check(name, "good", found)


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def examine() -> list[Check]:
    """All checks; those that need the tables are left out where the database cannot be read."""
    found = [*_database()]
    tables_there = all(one.state == "good" for one in found if one.name in ("database", "migrations"))
    for examination in (*_MACHINE, *(_TABLES if tables_there else ())):
        found += examination()
    return found


def _database() -> Iterator[Check]:
    try:
        pending = pending_migrations()
    except DatabaseError as error:
        found = str(error).splitlines()[0]
        yield Check("database", "bad", found, "check HUIYIN_DATABASE_URL and that the database runs")
        return
    yield _good("database", f"{connection.vendor} {'.'.join(map(str, connection.get_database_version()))}")
    if pending:
        yield Check("migrations", "bad", f"{len(pending)} are missing", "run `huiyin init --database-only`")
    else:
        yield _good("migrations", "up to date")
    yield _sqlite_safety() if connection.vendor == "sqlite" else _postgres_safety()


def _sqlite_safety() -> Check:
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, synchronous) == ("wal", 2):
        return _good("power cuts", "WAL, synchronous FULL: what was promised survives")
    mend = "put the data folder on a local disk; network drives cannot do WAL"
    return Check("power cuts", "bad", f"journal mode {mode}, synchronous {synchronous}", mend)


def _postgres_safety() -> Check:
    values: dict[str, str] = {}
    with connection.cursor() as cursor:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [name])
            values[name] = cursor.fetchone()[0]
    off = [name for name, value in values.items() if value == "off"]
    if off:
        return Check("power cuts", "bad", f"{', '.join(off)} off", "switch it on in postgresql.conf")
    return _good("power cuts", "fsync and synchronous_commit are on")


def _disk() -> Iterator[Check]:
    folder = environment().data_dir
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    if free < LEAST_DISK:
        yield Check(
            "disk", "bad", f"{free / 1e9:.1f} GB free in {folder}", "make room or move HUIYIN_DATA_DIR"
        )
    else:
        yield _good("disk", f"{free / 1e9:.0f} GB free")


def _clock() -> Iterator[Check]:
    """Against the database's own clock, where that may be another machine's."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            apart = abs(float(cursor.fetchone()[0]) - time.time())
        if apart > 5:
            yield Check("clock", "bad", f"{apart:.0f} s apart from the database's", "set both by NTP")
            return
    yield _good("clock", clock.now().isoformat())


def _zone() -> Iterator[Check]:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield Check("time zone", "bad", f"{settings.TIME_ZONE} is unknown", "install the package tzdata")
        return
    yield _good("time zone", settings.TIME_ZONE)


def _calendar() -> Iterator[Check]:
    from huiyin.organization.models import Unit
    from huiyin.procedures.calendars import table_of

    today = clock.today()
    tables = [table_of(pk) for pk in Unit.objects.filter(parent__isnull=True).values_list("pk", flat=True)]
    tables = tables or [state_council_days()]
    mend = "take it in: Settings, Working days, or `huiyin calendar YEAR FILE`"
    if any(table.estimated(today.year) for table in tables):
        yield Check("calendar", "bad", f"the holidays of {today.year} are estimated", mend)
    elif today.month == 12 and any(table.estimated(today.year + 1) for table in tables):
        yield Check("calendar", "warning", f"the holidays of {today.year + 1} are not known yet", mend)
    else:
        yield _good("calendar", f"the holidays of {today.year} are official")


def _keys() -> Iterator[Check]:
    if not key_present():
        mend = "put back the folder `keys` of this installation; a new one is made at the first entry"
        yield Check("seal key", "warning", "there is none", mend)
        return
    path = environment().file("keys", "seal")
    if (
        not environment().seal_key
        and path.exists()
        and path.stat().st_mode & 0o077
        and sys.platform != "win32"
    ):
        yield Check("seal key", "bad", f"others may read {path}", f"chmod 600 {path}")
        return
    yield _good("seal key", "present, outside the database")


def _mail() -> Iterator[Check]:
    if not environment().email_url:
        yield Check("mail", "warning", "switched off", "set HUIYIN_EMAIL_URL to send notifications by mail")
        return
    from django.core.mail import get_connection

    backend = get_connection(fail_silently=False)
    try:
        backend.open()
        backend.close()
    except OSError as error:
        yield Check("mail", "bad", f"the mail server refuses: {error}", "check HUIYIN_EMAIL_URL")
        return
    yield _good("mail", f"{settings.EMAIL_HOST} answers")


def _posts() -> Iterator[Check]:
    """Posts of the procedure that nobody holds today: their matters would reach nobody."""
    today = clock.today()
    held_posts = Holding.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), since__lte=today, person__is_active=True
    ).values("post")
    empty = list(Post.objects.filter(active=True).exclude(pk__in=held_posts).values_list("name", flat=True))
    if empty:
        yield Check(
            "posts", "warning", f"nobody holds {', '.join(empty[:8])}", "give them to people under 设置"
        )
    else:
        yield _good("posts", "all are held")


def _outbox() -> Iterator[Check]:
    if on_hold():
        mend = "`huiyin doctor --release-held` sends it, `--discard-held` does not"
        yield Check("sending", "warning", f"on hold after a restore, {held().count()} waiting", mend)
        return
    late = stuck().count()
    if late:
        last = stuck().exclude(last_error="").order_by("-pk").values_list("last_error", flat=True).first()
        mend = "see that `serve` or `work` runs" + (
            f"; last error: {last.splitlines()[0][:200]}" if last else ""
        )
        yield Check("outbox", "bad", f"{late} given up or half an hour late", mend)
    else:
        yield _good("outbox", "nothing is stuck")


def _ticker() -> Iterator[Check]:
    failing = list(Ticking.objects.exclude(last_error="").order_by("name"))
    if failing:
        found = "; ".join(f"{one.name}: {one.last_error.splitlines()[0][:160]}" for one in failing)
        yield Check("ticker", "bad", found, "see the log of `serve`")
        return
    last = Ticking.objects.order_by("-last_ran_at").exclude(last_ran_at=None).first()
    if last is None or last.last_ran_at is None:
        yield Check("ticker", "warning", "has never run", "start `huiyin serve`")
    elif clock.now() - last.last_ran_at > timedelta(minutes=10):
        yield Check("ticker", "bad", f"last ran {_local(last.last_ran_at)}", "start `huiyin serve`")
    else:
        yield _good("ticker", f"last ran {_local(last.last_ran_at)}")


def _journal() -> Iterator[Check]:
    lacking = [*guards.missing(connection), *report_guards.missing(connection)]
    if lacking:
        mend = "run `huiyin verify`, then find out who removed it"
        yield Check("journal", "bad", f"the database would allow changes: {lacking[0]} is missing", mend)
        return
    last = Seal.objects.order_by("number").last()
    waiting = Entry.objects.filter(pk__gt=last.last_entry if last else 0).order_by("pk").first()
    if waiting and clock.now() - waiting.recorded_at > timedelta(hours=3):
        yield Check(
            "journal", "bad", "entries older than three hours are not sealed", "see that the ticker runs"
        )
    else:
        yield _good(
            "journal", f"last seal {last.number} of {_local(last.at)}" if last else "nothing to seal yet"
        )


Examination = Callable[[], Iterator[Check]]
_MACHINE: tuple[Examination, ...] = (_disk, _zone, _calendar, _keys, _mail)
_TABLES: tuple[Examination, ...] = (_clock, _posts, _outbox, _ticker, _journal)
