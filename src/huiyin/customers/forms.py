"""Forms of the room's pages. They say what is missing; what is allowed the services say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core import clock
from huiyin.customers.models import CustomerKind, Nature, PlaceKind, Role
from huiyin.customers.phones import normalise
from huiyin.organization.models import Unit


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def phones_of(text: str) -> list[str]:
    """Several numbers in one field, one a line or separated by commas."""
    found = [part.strip() for line in text.splitlines() for part in line.replace("，", ",").split(",")]
    return [part for part in found if part]


class PhonesField(forms.CharField):
    widget = forms.Textarea

    def validate(self, value: Any) -> None:
        super().validate(value)
        for number in phones_of(value or ""):
            try:
                normalise(number)
            except ValueError as error:
                raise forms.ValidationError(_("“%(number)s”不像电话号码。") % {"number": number}) from error


class CustomerForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("姓名或名称"), max_length=120)
    nature = forms.ChoiceField(label=gettext_lazy("个人或单位"), choices=Nature.choices)
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=CustomerKind.choices)
    note = forms.CharField(label=gettext_lazy("备注"), max_length=500, required=False, widget=forms.Textarea)


class NewCustomerForm(CustomerForm):
    unit = forms.ModelChoiceField(label=gettext_lazy("管理处"), queryset=Unit.objects.none())
    phones = PhonesField(
        label=gettext_lazy("电话"), required=False, help_text=gettext_lazy("一行一个，第一个先打。")
    )

    field_order = ("name", "nature", "kind", "unit", "phones", "note")

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        if len(units) == 1:
            field.initial = units[0].pk


class PlaceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=80, help_text=gettext_lazy("如 3栋、2单元、501、3号电梯。")
    )
    code = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("房屋如 3-2-501；不填则由名称得出。"),
    )
    note = forms.CharField(label=gettext_lazy("备注"), max_length=500, required=False, widget=forms.Textarea)


class NewPlaceForm(PlaceForm):
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=PlaceKind.choices)
    unit = forms.ModelChoiceField(label=gettext_lazy("管理处"), queryset=Unit.objects.none(), required=False)

    field_order = ("kind", "name", "code", "unit", "note")

    def __init__(self, *args: Any, units: list[Unit], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, unit = self.fields["kind"], self.fields["unit"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(unit, forms.ModelChoiceField)
        kind.choices = [choice for choice in PlaceKind.choices if choice[0] in kinds]
        unit.queryset = Unit.objects.filter(pk__in=[one.pk for one in units])
        if not units:
            del self.fields["unit"]
        elif len(units) == 1:
            unit.initial = units[0].pk


class ResidentForm(forms.Form):
    """Somebody moves in: known by name and number, or new."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=120)
    phones = PhonesField(
        label=gettext_lazy("电话"), required=False, help_text=gettext_lazy("一行一个，第一个先打。")
    )
    role = forms.ChoiceField(label=gettext_lazy("身份"), choices=Role.choices)
    since = forms.DateField(label=gettext_lazy("入住日期"), widget=DayInput, initial=clock.today)
    vacant = forms.BooleanField(label=gettext_lazy("只是业主，房屋空置"), required=False)


class MoveOutForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("迁出日期"), widget=DayInput, initial=clock.today)
    owners_stay = forms.BooleanField(label=gettext_lazy("业主不变，房屋空置"), required=False, initial=True)


class HouseholdForm(forms.Form):
    since = forms.DateField(
        label=gettext_lazy("入住日期"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("不知道可以不填。"),
    )
    vacant = forms.BooleanField(label=gettext_lazy("空置"), required=False)


class PhoneForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("电话号码"), max_length=40)
    label = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("如 家里、单位、晚上打。"),
    )
    primary = forms.BooleanField(label=gettext_lazy("先打这个"), required=False)


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=200, help_text=gettext_lazy("如 本人书面要求删除。")
    )
