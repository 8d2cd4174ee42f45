"""Work that is to happen after commit, at least once, with an effect that happens once; and stored files."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OutboxRow(models.Model):
    """One piece of work. `key` is unique: asking twice for the same work makes one row."""

    key = models.CharField(max_length=200, unique=True)
    topic = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    company_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
            )
        ]


class StoredFile(models.Model):
    """A file by its content. Served only through the permission of what it belongs to."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the content")
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100, help_text="found from the content, never from the name")
    created_at = models.DateTimeField()


class Ticking(models.Model):
    """One row for each recurring function: who is at it, and when it last ran."""

    name = models.CharField(max_length=60, unique=True)
    leased_until = models.DateTimeField(null=True)
    last_ran_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)


class Mark(models.Model):
    """Something the whole installation must remember, such as that its sending is on hold after a restore."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)
