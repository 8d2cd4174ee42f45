"""Forms of the import pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.customers.importing import COLUMNS
from huiyin.imports.choices import MEANINGS
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Unit
from huiyin.organization.selectors import visible_units
from huiyin.procedures.selectors import Rules


class UploadForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("导入什么"), choices=[("cases", _("工单")), ("customers", _("业主和房屋"))]
    )
    unit = forms.ModelChoiceField(label=_("归哪个单位"), queryset=Unit.objects.none())
    file = forms.FileField(
        label=_("文件"), help_text=_("Excel（.xlsx）或 CSV（UTF-8、GB18030）。第一行是列名。")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = visible_units(actor, Capability.IMPORT)
        if actor.held:
            field.initial = actor.held[0].unit_id


class MappingForm(forms.Form):
    """A choice for each column; for cases also what all rows have in common."""

    def __init__(
        self,
        *args: Any,
        columns: tuple[str, ...],
        picks: Mapping[str, str],
        rules: Rules | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = [name for name in columns if name]
        if rules is not None:
            self._common(rules)
        meanings = (
            [(code, title) for code, (title, _aliases) in MEANINGS.items()]
            if rules is not None
            else [(column.field, column.title) for column in COLUMNS]
        )
        for index, name in enumerate(self.columns):
            self.fields[f"column_{index}"] = forms.ChoiceField(
                label=name,
                required=False,
                choices=[("", _("不导入")), *meanings],
                initial=picks.get(name, ""),
            )

    def _common(self, rules: Rules) -> None:
        self.fields["kind"] = forms.ChoiceField(
            label=_("都登记为"), choices=[(one.code, one.title) for one in rules.pack.kind]
        )
        self.fields["channel"] = forms.ChoiceField(
            label=_("没有写渠道的算作"), choices=[(one.code, one.title) for one in rules.pack.channel]
        )

    def picks(self) -> dict[str, str]:
        """column -> meaning; a meaning picked twice is an error of the form."""
        found = {
            name: self.cleaned_data.get(f"column_{index}", "") for index, name in enumerate(self.columns)
        }
        return {name: meaning for name, meaning in found.items() if meaning}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        seen: dict[str, str] = {}
        for index, name in enumerate(self.columns):
            meaning = cleaned.get(f"column_{index}")
            if meaning and meaning in seen:
                self.add_error(f"column_{index}", _("与另一列选了同一项"))
            elif meaning:
                seen[meaning] = name
        return cleaned
