"""Names of units, posts and people of one company for the codes in a case's events."""

from __future__ import annotations

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from huiyin.cases import labels
from huiyin.organization.models import Person, Post, Unit
from huiyin.procedures.selectors import Rules

# Clocks that the engine makes of other tables than [[clock]].
CLOCKS: labels.Labels = {
    "follow_up": _("回访"),
    "promise": _("承诺"),
    "slip_receive": _("签收联络单"),
    "slip_reply": _("回复联络单"),
    "slip_finish": _("办结联络单"),
}
# What people promise.
PROMISES: labels.Labels = {
    "answer": _("答复"),
    "contact": _("联系"),
    "visit": _("上门"),
    "repair": _("修好"),
    "completion": _("处理完"),
    "follow_up": _("回访"),
}


class Names:
    """Looks each kind of name up once, when it is first needed."""

    def __init__(self, company_id: int, rules: Rules) -> None:
        self.company_id = company_id
        self.rules = rules

    @cached_property
    def _units(self) -> dict[str, str]:
        return dict(Unit.objects.filter(company_id=self.company_id).values_list("code", "name"))

    @cached_property
    def _posts(self) -> dict[str, str]:
        return dict(Post.objects.filter(company_id=self.company_id).values_list("code", "name"))

    def clock(self, name: str) -> str:
        found = labels.clock_label(self.rules, name)
        return labels.label(CLOCKS, name) if found == name else found

    def promised(self, what: str | None) -> str:
        """What was promised: a noun of ours, an event, or the words themselves."""
        code = what or ""
        return labels.label(PROMISES if code in PROMISES else labels.STEPS, code)

    def unit(self, code: str | None) -> str:
        return self._units.get(code or "", code or "")

    def post(self, code: str | None) -> str:
        """The company's own name of a post, otherwise the pack's."""
        return self._posts.get(code or "") or labels.post_label(self.rules, code or "")

    def person(self, username: str | None) -> str:
        if not username:
            return ""
        found = Person.objects.filter(company_id=self.company_id, username=username)
        return found.values_list("name", flat=True).first() or username
