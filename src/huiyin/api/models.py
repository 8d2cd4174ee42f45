"""Answers kept for requests that may be repeated."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class IdempotentAnswer(models.Model):
    """What was answered to a request with an Idempotency-Key, kept 7 days. Holds no personal text."""

    token_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64, help_text="SHA-256 over method, path and body")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_id", "key"], name="idempotency_key_once")
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"])]
