"""What to replay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from huiyin.core import clock
from huiyin.core.days import DAYS


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAYS, **kwargs
    )


class ReplayForm(forms.Form):
    draft = forms.ChoiceField(label=lazy("用哪一份草案"))
    since = _day(label=lazy("登记日期从"))
    until = _day(label=lazy("到"))
    unit = forms.ChoiceField(label=lazy("单位"), required=False)

    def __init__(self, *args: Any, drafts: list[Any], units: list[Any], **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"since": today - timedelta(days=365), "until": today})
        super().__init__(*args, **kwargs)
        for name, choices in (("draft", drafts), ("unit", units)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
