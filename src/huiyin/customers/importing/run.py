"""Imports row by row through the services; each row is found again by what it says, so that a second run
changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.core.errors import HuiyinError, InvalidInput
from huiyin.core.phrases import listed
from huiyin.customers.importing.apply import RowImporter
from huiyin.customers.importing.columns import COLUMNS
from huiyin.customers.importing.rows import parse_row
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability

# On the embedded database a batch keeps all other writers waiting: a second or two, not the whole import.
BATCH = 100
FIRST_ROW = 2


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not imported. `row` as a spreadsheet counts: the heading is 1."""

    row: int
    reason: str


@dataclass(slots=True)
class ImportResult:
    """`created` and `changed` count rows, not records; every row is in exactly one of the four."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    dry_run: bool = False


Progress = Callable[[int], None]
Numbered = tuple[int, Mapping[str, Any]]


def import_customers(
    actor: Actor,
    rows: Iterable[Mapping[str, Any]],
    mapping: Mapping[str, str],
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """`mapping` is field -> heading (see `columns`). Batches are transactions: what an interruption leaves is
    whole rows, and running again takes up what is missing. A dry run writes nothing and says what would be.

    `progress` is called with the number of rows done after each batch.
    """
    actor.require(Capability.IMPORT)
    _check_mapping(mapping)
    result = ImportResult(dry_run=dry_run)
    numbered = enumerate(rows, FIRST_ROW)
    while batch := list(islice(numbered, BATCH)):
        counted = _import_batch(actor, batch, mapping, dry_run=dry_run)
        _add(result, counted)
        if progress is not None:
            progress(result.rows)
    return result


def _check_mapping(mapping: Mapping[str, str]) -> None:
    unknown = set(mapping) - {column.field for column in COLUMNS}
    missing = [str(column.title) for column in COLUMNS if column.needed and column.field not in mapping]
    if unknown:
        raise InvalidInput(_("没有这些字段：%(fields)s。") % {"fields": listed(sorted(unknown))})
    if missing or not ({"room", "place"} & set(mapping)):
        needed = listed(missing or [_("房号")])
        raise InvalidInput(_("还没有指定这些列：%(columns)s。") % {"columns": needed})


def _import_batch(
    actor: Actor, batch: list[Numbered], mapping: Mapping[str, str], *, dry_run: bool
) -> ImportResult:
    counted = ImportResult(rows=len(batch))
    importer = RowImporter(actor)
    with transaction.atomic() if not dry_run else _nothing():
        for number, row in batch:
            try:
                with _row(dry_run):
                    outcome = importer.take(parse_row(row, mapping))
            except HuiyinError as error:
                counted.refused.append(Refusal(number, str(error)))
                continue
            setattr(counted, outcome, getattr(counted, outcome) + 1)
    return counted


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _row(dry_run: bool) -> Iterator[None]:
    """A row is all or nothing; in a dry run always nothing."""
    with transaction.atomic():
        yield
        if dry_run:
            transaction.set_rollback(True)


def _add(result: ImportResult, counted: ImportResult) -> None:
    result.rows += counted.rows
    result.created += counted.created
    result.changed += counted.changed
    result.unchanged += counted.unchanged
    result.refused += counted.refused
