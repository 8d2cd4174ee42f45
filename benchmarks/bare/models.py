"""One row and one history row: the least that a registration can write."""

from __future__ import annotations

from django.db import models


class Ticket(models.Model):
    title = models.CharField(max_length=200)
    text = models.TextField()
    state = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)


class History(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE)
    what = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
