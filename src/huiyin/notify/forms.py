"""Forms of the notification pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.notify.models import Robot, RobotKind
from huiyin.organization.actors import Actor
from huiyin.organization.models import Unit
from huiyin.organization.selectors import visible_units


class PreferenceForm(forms.Form):
    mail = forms.BooleanField(label=_("也发邮件给我"), required=False)
    quiet_from = forms.TimeField(
        label=_("从几点起不发邮件"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("到几点再发"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )


class RobotForm(forms.Form):
    unit = forms.ModelChoiceField(
        label=_("哪个单位的工单"), queryset=Unit.objects.none(), empty_label=_("请选择")
    )
    kind = forms.ChoiceField(label=_("种类"), choices=RobotKind.choices)
    name = forms.CharField(label=_("名称"), max_length=80, required=False)
    url = forms.CharField(
        label=_("机器人地址"),
        max_length=500,
        required=False,
        help_text=_("在群里添加机器人后复制。保存后不再显示；留空表示不改。"),
    )
    secret = forms.CharField(
        label=_("加签密钥"), max_length=200, required=False, help_text=_("没有启用加签就留空。")
    )
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, actor: Actor, robot: Robot | None = None, **kwargs: Any) -> None:
        if robot is not None:
            kwargs["initial"] = {
                "unit": robot.unit_id,
                "kind": robot.kind,
                "name": robot.name,
                "active": robot.active,
            }
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = visible_units(actor, "admin")
        self.fields["url"].required = robot is None
