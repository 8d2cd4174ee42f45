"""The form of each step: the fields its event has. What must be filled in is the procedure's to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from huiyin.cases import labels, ownfacts
from huiyin.cases.fields import Moment, Pills
from huiyin.cases.names import PROMISES
from huiyin.cases.scene import Choices, Scene
from huiyin.core.ids import new_uuid
from huiyin.engine.schema.frame import Fact
from huiyin.engine.vocabulary import NEEDED_FIELDS

# These are of the form, not of the event.
FRAME = ("uuid", "expected_version", "at", "photos", "signature", "to")


class ManyFiles(forms.FileField):
    """Files of the drop area; the view hands them on as they came."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


def words(label: Any, *, rows: int = 3, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-grow": ""})
    return forms.CharField(label=label, widget=widget, required=False, max_length=20_000, help_text=hint)


def means(initial: str = "phone") -> Pills:
    values = {
        code: labels.MEANS[code]
        for code in ("phone", "visit", "face_to_face", "wechat", "sms", "email", "letter")
    }
    return Pills(values, label=lazy("方式"), initial=initial)


class StepForm(forms.Form):
    """What every step has: its own identity, the version that was looked at, and when it happened."""

    hint: ClassVar[Any] = ""
    takes_files: ClassVar[bool] = False

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    at = Moment(label=lazy("发生时间"), required=False, help_text=lazy("不填就是现在"))

    def __init__(self, *args: Any, scene: Scene, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "uuid": new_uuid(),
            "expected_version": scene.case.version,
            **(kwargs.get("initial") or {}),
        }
        kwargs["auto_id"] = f"{scene.step.event}-%s"
        super().__init__(*args, **kwargs)
        self.scene = scene
        self.prepare()
        self.own = self._own_facts()
        for name in (*scene.step.fields, *NEEDED_FIELDS.get(scene.step.event, ())):
            if name in self.fields:
                self.fields[name].required = True

    def prepare(self) -> None:
        """Fill in the choices; for subclasses."""

    def _own_facts(self) -> dict[str, Fact]:
        """Adds a field for each fact of the pack's own on this step that no form has as its own control."""
        event, case = self.scene.step.event, self.scene.case
        elsewhere = {name for form in FORMS.values() for name in form.base_fields}
        facts = ownfacts.asked(self.scene.rules, event, case.kind)
        own = {fact.name: fact for fact in facts if fact.name not in elsewhere}
        known = ownfacts.values_of(case, self.scene.rules) if own and event == "amended" else {}
        for name, fact in own.items():
            self.fields[name] = ownfacts.field_of(fact)
            if name in known:
                value = known[name]
                self.initial.setdefault(name, parse_datetime(value) if fact.type == "time" else value)
        return own

    def choices(self, name: str, values: Choices, *, empty: str = "") -> None:
        field = self.fields[name]
        if not values:
            del self.fields[name]
        elif isinstance(field, forms.ChoiceField):
            field.choices = [("", empty), *values] if empty else values

    def facts(self) -> dict[str, Any]:
        """What the event says: times as text, everything empty left out."""
        found: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name in self.own and (said := ownfacts.told(self.own[name], value)) is not None:
                found[name] = said
            elif name in FRAME or name in self.own or value in (None, "", False):
                continue
            else:
                found[name] = value.isoformat() if hasattr(value, "isoformat") else value
        return found

    def shown(self) -> list[forms.BoundField]:
        return [one for one in self.visible_fields() if one.name != "at"]


class PlainForm(StepForm):
    """A step that says nothing but that it happened, and words if there are any."""

    text = words(lazy("说明"), rows=2)


class NoteForm(StepForm):
    text = words(lazy("写下来"), rows=3)

    def prepare(self) -> None:
        self.fields["text"].required = True


class DecisionForm(NoteForm):
    """A note of a head: whether corrective or preventive action is taken, with the reason."""

    action_decision = Pills(
        {"corrective": lazy("纠正措施"), "preventive": lazy("预防措施"), "none": lazy("不需要")},
        label=lazy("要不要采取措施"),
    )
    reason = words(lazy("理由"), rows=2)

    def prepare(self) -> None:
        if not any(one.name == "action_decision" for one in self.scene.rules.pack.fact):
            del self.fields["action_decision"], self.fields["reason"]


class ReasonForm(StepForm):
    reason = words(lazy("原因"), rows=2)

    def prepare(self) -> None:
        self.fields["reason"].required = self.scene.step.event != "closed"


class JudgeForm(StepForm):
    validity = Pills(
        {code: labels.VALIDITIES[code] for code in ("valid", "partly_valid", "invalid")}, label=lazy("判定")
    )
    reason = words(lazy("理由"), hint=lazy("写清是哪里的原因。顾客看不到“无效”这个词。"))
    responsible_party = Pills(labels.PARTIES, label=lazy("责任方"))
    level = Pills(label=lazy("级别"))
    severity = Pills(
        {code: labels.SEVERITIES[code] for code in ("ordinary", "severe")}, label=lazy("严重程度")
    )
    urgency = Pills({code: labels.URGENCIES[code] for code in ("ordinary", "urgent")}, label=lazy("紧急程度"))

    def prepare(self) -> None:
        self.choices("level", self.scene.levels())
        case = self.scene.case
        self.initial.setdefault("severity", case.severity or "ordinary")
        self.initial.setdefault("urgency", case.urgency or "ordinary")


class AnswerForm(StepForm):
    text = words(lazy("怎么答复的"), rows=4)
    means = means()

    def prepare(self) -> None:
        self.fields["text"].required = True


class ContactForm(StepForm):
    means = means()
    text = words(lazy("说了什么"), rows=2)


class PromiseForm(StepForm):
    what = Pills(PROMISES, label=lazy("承诺什么"), initial="answer")
    by = Moment(label=lazy("最迟什么时候"))
    text = words(lazy("原话"), rows=2)


class AssignForm(StepForm):
    to = forms.ChoiceField(label=lazy("派给"), widget=forms.Select)
    text = words(lazy("交代几句"), rows=2)

    def prepare(self) -> None:
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("请选择")), *self.scene.people()]

    def facts(self) -> dict[str, Any]:
        post, unit, person = str(self.cleaned_data["to"]).split("|")
        given = {"to_post": post, "to_unit": unit, "person": person}
        return {**super().facts(), **{name: value for name, value in given.items() if value}}


class CompleteForm(StepForm):
    takes_files = True
    result = words(lazy("处理结果"), rows=3, hint=lazy("做了什么，现在怎样"))
    photos = ManyFiles(label=lazy("现场照片"), required=False)


class ConfirmForm(StepForm):
    takes_files = True
    satisfied = Pills({"yes": lazy("满意"), "no": lazy("不满意")}, label=lazy("顾客的意见"))
    signed_by = forms.CharField(label=lazy("签字人"), required=False, max_length=80)
    text = words(lazy("顾客说"), rows=2)
    signature = forms.CharField(label=lazy("请顾客签字"), required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["satisfied"].required = True
        self.initial.setdefault("signed_by", str(self.scene.case.customer or self.scene.case.reporter))

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "satisfied": self.cleaned_data["satisfied"] == "yes"}


class FollowUpForm(StepForm):
    outcome = Pills(labels.OUTCOMES, label=lazy("顾客怎么说"))
    means = means()
    text = words(lazy("原话"), rows=2)


class EscalateForm(StepForm):
    to_post = forms.ChoiceField(label=lazy("报给"), required=False)
    level = Pills(label=lazy("升为哪一级"))
    reason = words(lazy("原因"), rows=2)

    def prepare(self) -> None:
        self.choices("level", self.scene.levels())
        self.choices("to_post", self.scene.superiors(), empty=_("按程序报上一级"))


class CompensateForm(StepForm):
    amount = forms.DecimalField(label=lazy("金额（元）"), min_value=0, max_digits=12, decimal_places=2)
    text = words(lazy("说明"), rows=2)

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "amount": str(self.cleaned_data["amount"])}


class ApproveForm(StepForm):
    what = forms.ChoiceField(label=lazy("批准什么"))
    attempts = forms.IntegerField(label=lazy("联系过几次"), required=False, min_value=0, max_value=99)
    recourse_offered = forms.BooleanField(label=lazy("已告诉顾客还可以向哪里反映"), required=False)
    reason = words(lazy("理由"), rows=2)

    def prepare(self) -> None:
        values = self.scene.awaited()
        if values:
            self.choices("what", values)
        self.initial.setdefault("attempts", self.scene.attempts() or None)


class DeclineForm(StepForm):
    what = forms.ChoiceField(label=lazy("不批准什么"))
    reason = words(lazy("理由"), rows=2)

    def prepare(self) -> None:
        self.choices("what", self.scene.awaited())


class AssessForm(StepForm):
    assessment = forms.ChoiceField(label=lazy("哪一项考核"))
    decision = Pills(labels.DECISIONS, label=lazy("决定"), initial="confirmed")
    amount = forms.DecimalField(
        label=lazy("金额（元）"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    measure = Pills(label=lazy("方式"))
    person = forms.ChoiceField(label=lazy("被考核人"), required=False)
    reason = words(lazy("理由"), rows=2)

    def prepare(self) -> None:
        self.choices("assessment", self.scene.assessments())
        self.choices("measure", self.scene.measures())
        staff = {value.split("|")[2]: name for _unit, rows in self.scene.people() for value, name in rows[1:]}
        self.choices("person", list(staff.items()), empty=_("不指明"))

    def facts(self) -> dict[str, Any]:
        found = super().facts()
        return {**found, "amount": str(found["amount"])} if "amount" in found else found


class ForwardForm(StepForm):
    party = Pills({code: name for code, name in labels.PARTIES.items() if code != "own"}, label=lazy("转给"))
    text = words(lazy("转交内容"), rows=2)

    def prepare(self) -> None:
        self.initial.setdefault("party", self.scene.case.responsible_party)


class PauseForm(StepForm):
    reason = Pills(label=lazy("为什么暂停"))

    def prepare(self) -> None:
        self.choices("reason", self.scene.pause_reasons())


class LinkForm(StepForm):
    to = forms.CharField(
        label=lazy("哪一张工单"), max_length=60, help_text=lazy("输入编号、房号或原话里的字")
    )
    relation = Pills(labels.RELATIONS, label=lazy("什么关系"), initial="related")

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "to": self.cleaned_data["to"].strip()}


class UnlinkForm(StepForm):
    to = forms.ChoiceField(label=lazy("取消与哪一张的关联"))

    def prepare(self) -> None:
        self.choices("to", self.scene.links())

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "to": self.cleaned_data["to"]}


class AmendForm(StepForm):
    """Only what was changed is sent."""

    category = forms.ChoiceField(label=lazy("类别"), required=False)
    urgency = Pills({code: labels.URGENCIES[code] for code in ("ordinary", "urgent")}, label=lazy("紧急程度"))
    severity = Pills(
        {code: labels.SEVERITIES[code] for code in ("ordinary", "severe")}, label=lazy("严重程度")
    )
    responsible_party = Pills(labels.PARTIES, label=lazy("责任方"))
    answer_by = Moment(label=lazy("顾客要求答复的时间"), required=False)
    reporter = forms.CharField(label=lazy("报事人"), required=False, max_length=80)
    reporter_phone = forms.CharField(label=lazy("报事人电话"), required=False, max_length=40)
    demand = words(lazy("诉求"), rows=2)
    reason = words(lazy("为什么更正"), rows=2)

    COLUMNS: ClassVar = (
        "category",
        "urgency",
        "severity",
        "responsible_party",
        "answer_by",
        "reporter",
        "demand",
    )

    def prepare(self) -> None:
        self.choices("category", self.scene.categories(), empty=_("未选"))
        self.fields["reason"].required = True
        for name in self.COLUMNS:
            self.initial.setdefault(name, getattr(self.scene.case, name))
        # a masked number is not put into a field: a new one replaces it
        self.fields["reporter_phone"].widget.attrs["placeholder"] = _("要更换才填")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (set(self.changed_data) - {"uuid", "expected_version", "at", "reason"}) and not self.errors:
            self.add_error(None, _("没有改动任何一项。"))
        return data

    def facts(self) -> dict[str, Any]:
        changed = set(self.changed_data) | {"reason"}
        return {name: value for name, value in super().facts().items() if name in changed}


class AppealForm(StepForm):
    by = forms.CharField(label=lazy("谁提出"), max_length=80, required=False)
    reason = words(lazy("理由"), rows=2)


class SignForm(StepForm):
    takes_files = True
    by = forms.CharField(label=lazy("签字人"), max_length=80, required=False)
    signature = forms.CharField(label=lazy("签字"), required=False, widget=forms.HiddenInput)


FORMS: Mapping[str, type[StepForm]] = {
    "judged": JudgeForm,
    "answered": AnswerForm,
    "contacted": ContactForm,
    "acknowledged": ContactForm,
    "promised": PromiseForm,
    "assigned": AssignForm,
    "completed": CompleteForm,
    "confirmed": ConfirmForm,
    "followed_up": FollowUpForm,
    "escalated": EscalateForm,
    "compensated": CompensateForm,
    "approved": ApproveForm,
    "declined": DeclineForm,
    "assessed": AssessForm,
    "forwarded": ForwardForm,
    "paused": PauseForm,
    "linked": LinkForm,
    "unlinked": UnlinkForm,
    "amended": AmendForm,
    "appealed": AppealForm,
    "signed": SignForm,
    "noted": DecisionForm,
    "returned": ReasonForm,
    "reopened": ReasonForm,
    "withdrawn": ReasonForm,
    "voided": ReasonForm,
    "closed": ReasonForm,
}
# After these one may go on to another step in the same press.
THEN: Mapping[str, tuple[str, ...]] = {
    "answered": ("closed",),
    "followed_up": ("closed",),
}


def form_for(event: str) -> type[StepForm]:
    return FORMS.get(event, PlainForm)
