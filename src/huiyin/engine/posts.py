"""Posts: who reports to whom, who stands in for whom, what each may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """One post as compiled. `clause` is the clause that describes it, if any."""

    code: str
    title: str
    reports_to: str | None
    stand_ins: tuple[str, ...]
    may: frozenset[str]
    scope: str
    clause: str | None


@dataclass(frozen=True, slots=True)
class Posts:
    """All posts of a procedure by code."""

    by_code: Mapping[str, Post]

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def superior(self, code: str | None) -> str | None:
        """The post that a post reports to; the highest post is its own superior. None where there is none."""
        post = self.by_code.get(code) if code else None
        if post is None:
            return None
        return post.reports_to or post.code

    def at_or_above(self, code: str, other: str | None) -> bool:
        """Whether `code` is `other` or one of the posts above it."""
        while other is not None:
            if other == code:
                return True
            post = self.by_code.get(other)
            other = post.reports_to if post else None
        return False

    def acts_for(self, code: str, allowed: Iterable[str]) -> bool:
        """Whether a post is one of the allowed ones or stands in for one."""
        for name in allowed:
            if code == name:
                return True
            post = self.by_code.get(name)
            if post is not None and code in post.stand_ins:
                return True
        return False
