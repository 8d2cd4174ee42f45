"""Fields that the forms of steps and of registering share."""

from __future__ import annotations

from typing import Any

from django import forms

from huiyin.cases import labels

MOMENT = "%Y-%m-%dT%H:%M"


class Moment(forms.DateTimeField):
    """A time to the minute, as the browser's own control gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S"], **kwargs)


class Pills(forms.ChoiceField):
    """A few values, each one a touch away."""

    def __init__(self, values: labels.Labels | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(widget=forms.RadioSelect, choices=list((values or {}).items()), **kwargs)
