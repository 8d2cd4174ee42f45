"""Whether the posts that a pack needs have people today."""

from __future__ import annotations

from huiyin.core import clock
from huiyin.engine import Pack
from huiyin.engine.schema import Problem
from huiyin.organization.models import Unit
from huiyin.organization.selectors import current_holdings


def unheld_posts(company: Unit, pack: Pack) -> list[Problem]:
    """Posts that nobody holds and whose stand-ins nobody holds either."""
    holdings = current_holdings(clock.today()).filter(company=company, person__is_active=True)
    held = set(holdings.values_list("post__code", flat=True))
    return [
        Problem("unheld_post", "post", post.code, {"post": post.title}, severity="warning")
        for post in pack.post
        if post.code not in held and not held & set(post.stand_ins)
    ]
