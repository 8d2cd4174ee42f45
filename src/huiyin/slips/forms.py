"""The forms of slips. What must be filled in is for the services and the procedure to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases.fields import Moment, Pills
from huiyin.cases.stepforms import words
from huiyin.core.ids import new_uuid


class SlipForm(forms.Form):
    """What every form of a slip has: its own identity."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"uuid": new_uuid(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    def shown(self) -> list[forms.BoundField]:
        return list(self.visible_fields())


class IssueForm(SlipForm):
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    slip_form = Pills(label=lazy("用哪种单"))
    to_unit = forms.ChoiceField(label=lazy("发给"))
    text = words(lazy("要对方做什么"), rows=4)
    reply_by = Moment(label=lazy("最迟什么时候回复"), required=False)
    finish_by = Moment(label=lazy("最迟什么时候办完"), required=False)

    def __init__(
        self, *args: Any, slip_forms: list[tuple[str, str]], units: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        kwargs["auto_id"] = "slip-%s"
        super().__init__(*args, **kwargs)
        for name, values in (("slip_form", slip_forms), ("to_unit", [("", _("请选择")), *units])):
            field = self.fields[name]
            field.required = True
            if isinstance(field, forms.ChoiceField):
                field.choices = values
        self.fields["text"].required = True
        if slip_forms:
            self.initial.setdefault("slip_form", slip_forms[0][0])


class ReceiveForm(SlipForm):
    signed_by = forms.CharField(label=lazy("签收人"), max_length=80, required=False)
    signature = forms.CharField(label=lazy("在屏幕上签"), required=False, widget=forms.HiddenInput)


class AnswerForm(SlipForm):
    text = words(lazy("怎么办"), rows=3)
    finish_by = Moment(label=lazy("最迟什么时候办完"), required=False)


class FinishForm(SlipForm):
    result = words(lazy("办理结果"), rows=3)


class EvaluateForm(SlipForm):
    satisfied = Pills(
        {"yes": lazy("办好了"), "no": lazy("没办好，再办一轮")}, label=lazy("办得怎么样"), required=True
    )
    text = words(lazy("说明"), rows=2)


FORMS: dict[str, type[SlipForm]] = {
    "slip_received": ReceiveForm,
    "slip_answered": AnswerForm,
    "slip_finished": FinishForm,
    "slip_evaluated": EvaluateForm,
}
