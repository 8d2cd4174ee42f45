"""The administrator's forms: shape only. What is allowed is the services' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.core import clock
from huiyin.organization.actors import Actor
from huiyin.organization.administration import WEEKDAYS, grantable_posts, rostered_people, units_of
from huiyin.organization.models import Capability, Person, Post, Unit, UnitKind


def _date(label: Any, *, required: bool = True, **extra: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **extra)


def _time(label: Any, initial: str) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, initial=initial, widget=widget)


def _unit_choices(units: list[Unit]) -> list[tuple[str, str]]:
    return [(unit.code, "\u2003" * unit.tree_depth + unit.name) for unit in units]


class UnitChoice(forms.ChoiceField):
    """One of the actor's units, indented as in the tree. Cleans to the unit."""

    def offer(self, units: list[Unit], *, empty: str | None = None) -> None:
        self._units = {unit.code: unit for unit in units}
        first = [] if empty is None else [("", empty)]
        self.choices = [*first, *_unit_choices(units)]

    def clean(self, value: Any) -> Unit | None:
        code = super().clean(value)
        return self._units.get(str(code))


class UnitForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类型"), choices=UnitKind.choices)
    position = forms.IntegerField(
        label=_("顺序"), initial=0, min_value=0, max_value=9999, help_text=_("同级之间数小的在前")
    )


class NewUnitForm(UnitForm):
    code = forms.CharField(label=_("编码"), max_length=40, help_text=_("以后不能改，导入和接口用它"))
    parent = UnitChoice(label=_("上级"))
    field_order = ["parent", "name", "kind", "code", "position"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, UnitChoice)
        field.offer(units_of(actor))


class MoveUnitForm(forms.Form):
    parent = UnitChoice(label=_("移到"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, UnitChoice)
        field.offer(units_of(actor))


class PostForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    may = forms.MultipleChoiceField(
        label=_("权限"), choices=Capability.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    whole_company = forms.BooleanField(label=_("管到全公司，不只是任职的部门"), required=False)
    second_factor = forms.BooleanField(
        label=_("任职的人必须用两步验证登录"),
        required=False,
        help_text=_("还没有设置的人，登录后先设置才能做别的事"),
    )
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)


class NewPostForm(PostForm):
    code = forms.CharField(label=_("编码"), max_length=60, help_text=_("小写字母、数字和下划线，以后不能改"))
    reports_to = forms.ChoiceField(label=_("上级岗位"), required=False)
    field_order = ["name", "code", "reports_to", "may", "whole_company"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["active"], self.fields["second_factor"]
        field = self.fields["reports_to"]
        assert isinstance(field, forms.ChoiceField)
        posts = Post.objects.filter(company_id=actor.company_id, active=True)
        field.choices = [("", _("无")), *((post.code, post.name) for post in posts)]


class PersonForm(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=80)
    unit = UnitChoice(label=_("所属部门"))
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitChoice)
        field.offer(units_of(actor))


class NewPersonForm(PersonForm):
    username = forms.CharField(
        label=_("用户名"), max_length=150, help_text=_("登录时用，可以是汉字、字母、数字")
    )
    post = forms.ModelChoiceField(
        label=_("岗位"), queryset=Post.objects.none(), required=False, empty_label=_("以后再定")
    )
    since = _date(_("任职起始日"), required=False)
    field_order = ["name", "username", "unit", "post", "since", "phone", "email"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Post.objects.filter(pk__in=[post.pk for post in grantable_posts(actor)])
        field.to_field_name = "code"
        self.fields["since"].initial = clock.today


class HoldingForm(forms.Form):
    post = forms.ModelChoiceField(
        label=_("岗位"), queryset=Post.objects.none(), to_field_name="code", empty_label=_("请选择")
    )
    unit = UnitChoice(label=_("部门"))
    since = _date(_("起始日"))
    until = _date(_("截止日"), required=False, help_text=_("不填就是一直"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post, unit = self.fields["post"], self.fields["unit"]
        assert isinstance(post, forms.ModelChoiceField)
        assert isinstance(unit, UnitChoice)
        post.queryset = Post.objects.filter(pk__in=[one.pk for one in grantable_posts(actor)])
        unit.offer(units_of(actor))
        self.fields["since"].initial = clock.today


class EndHoldingForm(forms.Form):
    last_day = _date(_("最后一天"))


class StandInForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("代理人"), queryset=Person.objects.none(), to_field_name="username"
    )
    since = _date(_("从"))
    until = _date(_("到"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("由谁接手"), queryset=Person.objects.none(), to_field_name="username", empty_label=_("请选择")
    )
    reason = forms.CharField(label=_("原因"), max_length=200)
    deactivate = forms.BooleanField(label=_("同时停用他的账号"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people


class RosterForm(forms.Form):
    post = forms.ModelChoiceField(
        label=_("岗位"), queryset=Post.objects.none(), to_field_name="code", empty_label=None
    )
    people = forms.ModelMultipleChoiceField(
        label=_("值班的人"),
        queryset=Person.objects.none(),
        to_field_name="username",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("选几个人就按天轮流"),
    )
    first = _date(_("从"))
    last = _date(_("到"))
    starts = _time(_("上班"), "08:00")
    ends = _time(_("下班"), "20:00")
    weekdays = forms.TypedMultipleChoiceField(
        label=_("星期"),
        choices=WEEKDAYS,
        coerce=int,
        initial=list(range(7)),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, unit: Unit, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post, people = self.fields["post"], self.fields["people"]
        assert isinstance(post, forms.ModelChoiceField)
        assert isinstance(people, forms.ModelMultipleChoiceField)
        post.queryset = Post.objects.filter(pk__in=[one.pk for one in posts])
        people.queryset = rostered_people(unit)
        self.fields["ends"].help_text = _("早于或等于上班时间就是第二天")


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("哪个系统用它，例如 小程序报修"))
    post = forms.ModelChoiceField(
        label=_("以哪个岗位"), queryset=Post.objects.none(), to_field_name="code", empty_label=_("请选择")
    )
    unit = UnitChoice(label=_("管到"))
    may = forms.MultipleChoiceField(
        label=_("权限"),
        choices=[one for one in Capability.choices if one[0] != Capability.ADMIN],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不能超出所选岗位的权限"),
    )
    expires_on = _date(_("到期日"), help_text=_("最长三年"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        post, unit = self.fields["post"], self.fields["unit"]
        assert isinstance(post, forms.ModelChoiceField)
        assert isinstance(unit, UnitChoice)
        post.queryset = Post.objects.filter(pk__in=[one.pk for one in grantable_posts(actor)])
        unit.offer(units_of(actor))


class ImportForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_("Excel（.xlsx）或 CSV"))


class OwnForm(forms.Form):
    phone = forms.CharField(
        label=_("电话"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    language = forms.ChoiceField(
        label=_("语言"), required=False, choices=[("", _("跟随浏览器")), *settings.LANGUAGES]
    )
