"""The procedure's codes in plain words. The one place where a code becomes a sentence."""

from __future__ import annotations
