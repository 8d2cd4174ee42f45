"""The words for codes in reports, from the procedure in force where it names them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huiyin.cases import labels
from huiyin.core.errors import NotFound
from huiyin.organization.actors import Actor
from huiyin.procedures.selectors import Rules, current_rules


class Names:
    """`of(dimension, code)`: the title of a kind, channel, category, level or validity."""

    def __init__(self, actor: Actor) -> None:
        self.rules: Rules | None
        try:
            self.rules = current_rules(actor)
        except NotFound:  # figures can be read before a procedure is installed
            self.rules = None

    def of(self, dimension: str, code: str) -> str:
        if dimension == "validity":
            return labels.label(labels.VALIDITIES, code)
        if not code:
            return _("未填")
        if self.rules is None:
            return code
        finder = {
            "kind": labels.kind_label,
            "channel": labels.channel_label,
            "category": labels.category_label,
            "level": labels.level_label,
        }[dimension]
        return finder(self.rules, code)
