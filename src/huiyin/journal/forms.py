"""What an auditor asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.journal.wording import subject_kinds


class JournalFilter(forms.Form):
    kind = forms.ChoiceField(label=_("对象"), required=False)
    subject = forms.CharField(label=_("对象编号"), required=False, max_length=64)
    clause = forms.CharField(label=_("条款"), required=False, max_length=60)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        kinds = [(code, one.label) for code, one in subject_kinds().items()]
        self.fields["kind"].choices = [("", _("全部")), *kinds]  # type: ignore[attr-defined]
