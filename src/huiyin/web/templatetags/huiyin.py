"""Template tags and filters that every page has without loading them."""

from __future__ import annotations

from django import template

register = template.Library()
