"""Forms of the procedures' pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.core import clock
from huiyin.core.days import DAYS
from huiyin.core.phrases import bracketed, title_of
from huiyin.procedures.packfiles import builtin_packs, read_pack
from huiyin.procedures.trying import MOST_SAMPLE


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), validators=DAYS, **kwargs
    )


class PeriodForm(forms.Form):
    """From the first of this month to today where nothing is chosen."""

    since = _day(label=lazy("从"), required=False)
    until = _day(label=lazy("到"), required=False)

    def period(self) -> tuple[Any, Any]:
        given = self.cleaned_data if self.is_valid() else {}
        until = given.get("until") or clock.today()
        since = given.get("since") or until.replace(day=1)
        return (since, until) if since <= until else (until, since)


class SignForm(forms.Form):
    """What somebody adds to his signature. The day is only asked of who approves."""

    effective_from = _day(
        label=lazy("从哪天起生效"), required=False, help_text=lazy("不填就按提交时写的日期。")
    )
    note = forms.CharField(
        label=lazy("意见"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=lazy("退回时请写明理由。"),
    )


class ScopeForm(forms.Form):
    """Where a procedure is used, and for which kinds."""

    units = forms.MultipleChoiceField(
        label=lazy("用于哪些单位"), required=False, help_text=lazy("连同它们下面的；一个都不选就是全公司。")
    )
    kinds = forms.MultipleChoiceField(
        label=lazy("用于哪些种类"), required=False, help_text=lazy("一个都不选就是它规定的全部种类。")
    )

    def __init__(self, *args: Any, units: list[Any], kinds: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("units", units), ("kinds", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
            field.widget = forms.CheckboxSelectMultiple(choices=choices)


class NewDraftForm(forms.Form):
    """What a draft begins with."""

    document = forms.FileField(
        label=lazy("从文件提出（Word、PDF 或文本）"),
        required=False,
        help_text=lazy("读出条款、时限、金额、表格和岗位，每条规则都引原文，等您确认。"),
        widget=forms.FileInput(attrs={"accept": ".docx,.pdf,.txt"}),
    )
    source = forms.ChoiceField(label=lazy("或者从已有的改起"), required=False)

    def __init__(self, *args: Any, editions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        ready = [(code, _name(code)) for code in builtin_packs()]
        field.choices = [("", _("不从已有的改起")), *editions, *ready]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("document")) == bool(data.get("source")) and not self.errors:
            raise forms.ValidationError(_("请选一个文件，或者选一份已有的，只选一种。"))
        return data


class DraftForm(forms.Form):
    """The editor."""

    text = forms.CharField(
        label=lazy("规则（procedure.toml）"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 28, "spellcheck": "false", "class": "form-control draft-text"}),
    )
    sample = forms.CharField(
        label=lazy("样例工单"),
        required=False,
        max_length=MOST_SAMPLE,
        help_text=lazy("一行一步：日期 时间 事件 项=值。最后一行写 end，表示看到什么时候。"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "form-control draft-text"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class InstallForm(forms.Form):
    file = forms.FileField(
        label=lazy("规则包（zip）"),
        required=False,
        help_text=lazy("把规则包的文件夹压缩成 zip：里面有 procedure.toml，表格模板放在 forms 里。"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
    builtin = forms.ChoiceField(label=lazy("或者用自带的"), required=False)
    effective_from = _day(
        label=lazy("从哪天起生效"),
        required=False,
        help_text=lazy("不填就按规则包里写的日期。生效以后登记的工单按新版本办，以前的不变。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["builtin"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("不用自带的")), *((code, _name(code)) for code in builtin_packs())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("file")) == bool(data.get("builtin")) and not self.errors:
            raise forms.ValidationError(_("请上传一个规则包，或者选一个自带的，只选一种。"))
        return data


def _name(code: str) -> str:
    document = read_pack(code).procedure
    return bracketed(f"{title_of(document)} {document.edition}", code)
