"""The append-only history. The database itself refuses to change or remove it (see `guards`)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huiyin.organization.models import Unit


class Chain(models.Model):
    """The head of one subject's chain. A row to lock, not evidence: the entries are."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "subject_kind", "subject_id"], name="chain_unique")
        ]

    @property
    def subject(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class EntryType(models.TextChoices):
    EVENT = "event"
    EFFECT = "effect"
    ACTION = "action"


class Entry(models.Model):
    """One event, effect or action.

    `data` holds codes, amounts and times; text about persons stands in `EntryText` and only its salted
    digest is in `text_digests` and so in the chain. `digest` is SHA-256 over `previous` and the canonical
    JSON of the other columns; `signature` is keyed, so that who can write to the database but does not
    have the key cannot make an entry that passes.
    """

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(help_text="1, 2, 3 … within the subject")
    type = models.CharField(max_length=10, choices=EntryType.choices)
    name = models.CharField(max_length=60)
    at = models.DateTimeField(help_text="when it happened")
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=60, help_text="person:12, token:3, system")
    actor_name = models.CharField(max_length=80)
    post = models.CharField(max_length=60, blank=True)
    clause = models.CharField(max_length=60, blank=True)
    edition = models.CharField(max_length=60, blank=True)
    uuid = models.UUIDField(help_text="made by the client: the same event sent twice is one")
    data = models.JSONField(default=dict)
    text_digests = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=32, help_text="HMAC-SHA-256 of the digest, the first 128 bits")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="entry_sequence_unique"),
            models.UniqueConstraint(fields=["company", "uuid"], name="entry_uuid_unique"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "name", "at"], name="entry_by_name"),
            models.Index(fields=["company", "clause", "at"], name="entry_by_clause"),
            models.Index(fields=["company", "at"], name="entry_by_time"),
        ]


class EntryText(models.Model):
    """Text about persons, beside the chain: it can be erased without breaking it."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="texts")
    field = models.CharField(max_length=40)
    text = models.TextField()
    salt = models.CharField(max_length=32)
    erased_at = models.DateTimeField(null=True, help_text="text and salt are emptied then")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["entry", "field"], name="entry_text_unique")]


class Seal(models.Model):
    """A signature over all entries up to `last_entry`, so that cutting off the end is seen."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    last_entry = models.BigIntegerField()
    entries = models.BigIntegerField(help_text="how many entries there are up to last_entry")
    gaps = models.JSONField(
        default=list, help_text="[first, last] of numbers never used since the seal before"
    )
    content = models.CharField(
        max_length=64, help_text="SHA-256 over the digests since the seal before, by id"
    )
    previous = models.CharField(max_length=64, blank=True, help_text="signature of the seal before")
    signature = models.CharField(max_length=64, help_text="HMAC-SHA-256 with the key outside the database")

    class Meta:
        ordering: ClassVar = ["number"]


class Check(models.Model):
    """One verification asked for on a page, with what it found."""

    company = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(max_length=80)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict)
