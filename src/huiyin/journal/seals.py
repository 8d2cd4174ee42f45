"""Seals across all subjects, and what of them is deposited outside."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import segno
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from huiyin.core.errors import InvalidInput
from huiyin.journal.digests import sign_seal
from huiyin.journal.models import Entry, Seal

CHUNK = 5000

_LINE = re.compile(
    r"^huiyin-seal number=(?P<number>\d+) at=(?P<at>\S+) last=(?P<last>\d+) entries=(?P<entries>\d+)"
    r" gaps=(?P<gaps>[\d,-]*) content=(?P<content>[0-9a-f]{64}) previous=(?P<previous>[0-9a-f]{64}|)"
    r" signature=(?P<signature>[0-9a-f]{64})$"
)


@dataclass(slots=True)
class Running:
    """What a seal says about its entries, computed while they pass in the order of their numbers."""

    position: int
    entries: int
    gaps: list[list[int]]
    hash: hashlib._Hash

    @classmethod
    def after(cls, last_entry: int, entries: int) -> Running:
        return cls(last_entry, entries, [], hashlib.sha256())

    def take(self, number: int, digest: str) -> None:
        if number > self.position + 1:
            self.gaps.append([self.position + 1, number - 1])
        self.hash.update(f"{number} {digest}\n".encode())
        self.position = number
        self.entries += 1


def seal(now: datetime) -> Seal | None:
    """Seal everything since the last seal; None where there is nothing new."""
    last = Seal.objects.order_by("number").last()
    end = _last_settled_entry()
    if end <= (last.last_entry if last else 0):
        return None
    running = Running.after(last.last_entry if last else 0, last.entries if last else 0)
    for number, digest in digests_between(running.position, end):
        running.take(number, digest)
    made = Seal(
        number=last.number + 1 if last else 1,
        at=now,
        last_entry=end,
        entries=running.entries,
        gaps=running.gaps,
        content=running.hash.hexdigest(),
        previous=last.signature if last else "",
    )
    made.signature = sign_seal(made)
    made.save(force_insert=True)
    return made


def _last_settled_entry() -> int:
    """The highest entry below which no number can appear any more.

    PostgreSQL gives numbers out before the commit, so a lower number may become visible after a higher
    one: the lock waits until all who are writing have finished, for a moment only.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                cursor.execute("LOCK TABLE journal_entry IN SHARE MODE")
        return Entry.objects.aggregate(last=Max("pk"))["last"] or 0


def digests_between(after: int, end: int) -> Iterator[tuple[int, str]]:
    """Number and digest of each entry above `after` up to `end`, in short reads that hold nobody up."""
    position = after
    while position < end:
        rows = list(
            Entry.objects.filter(pk__gt=position, pk__lte=end)
            .order_by("pk")
            .values_list("pk", "digest")[:CHUNK]
        )
        if not rows:
            return
        yield from rows
        position = rows[-1][0]


def deposit_line(one: Seal) -> str:
    """A seal as one line of text, enough to verify by: to print, to mail, to keep elsewhere."""
    gaps = ",".join(f"{first}-{last}" for first, last in one.gaps)
    at = one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return (
        f"huiyin-seal number={one.number} at={at} last={one.last_entry} entries={one.entries}"
        f" gaps={gaps} content={one.content} previous={one.previous} signature={one.signature}"
    )


def deposit_text(seals: Iterable[Seal]) -> str:
    return "".join(deposit_line(one) + "\n" for one in seals)


def read_deposit(path: Path) -> list[Seal]:
    """The seals in a deposited file, by number. Other lines (a letter's text) are passed over."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path}: cannot be read: {error}", code="unreadable") from error
    found: dict[int, Seal] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip().startswith("huiyin-seal"):
            continue
        match = _LINE.match(line.strip())
        if match is None:
            raise InvalidInput(f"{path}: line {number} is a damaged seal", code="damaged_seal")
        one = _from_line(match)
        found[one.number] = one
    if not found:
        raise InvalidInput(f"{path}: there is no seal in it", code="no_seal")
    return [found[number] for number in sorted(found)]


def _from_line(match: re.Match[str]) -> Seal:
    return Seal(
        number=int(match["number"]),
        at=datetime.fromisoformat(match["at"]),
        last_entry=int(match["last"]),
        entries=int(match["entries"]),
        gaps=[[int(end) for end in gap.split("-")] for gap in match["gaps"].split(",") if gap],
        content=match["content"],
        previous=match["previous"],
        signature=match["signature"],
    )


def qr_svg(one: Seal) -> str:
    """The seal's line as a QR code, inline SVG."""
    stream = io.BytesIO()
    segno.make(deposit_line(one), error="m").save(
        stream, kind="svg", scale=3, xmldecl=False, svgns=True, nl=False, title=f"{one.number}"
    )
    return stream.getvalue().decode()


def mail_deposit(one: Seal, to: list[str]) -> None:
    """Send a seal out of reach of who runs the database."""
    EmailMessage(
        subject=_("回音 封存 {number}").format(number=one.number),
        body=_("请保存此邮件。核验时把下面一行存成文本文件，运行 huiyin verify --seals 文件")
        + "\n\n"
        + deposit_line(one)
        + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=to,
    ).send()
