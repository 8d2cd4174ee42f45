"""What the page of a case shows, gathered in one place: names instead of codes, ready for the template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from huiyin.cases import labels, ownfacts
from huiyin.cases.clockviews import ClockView, clock_views
from huiyin.cases.contact import ShownPhone, phones_of
from huiyin.cases.models import Attachment, Case, CaseLink
from huiyin.cases.names import Names
from huiyin.cases.narrating import Line
from huiyin.cases.reach import may
from huiyin.cases.sections import CaseSection, sections_for
from huiyin.cases.selectors import visible_cases
from huiyin.cases.stepviews import Steps, steps_of
from huiyin.cases.timeline import Moment, story
from huiyin.core.files import has_thumbnail
from huiyin.core.ids import new_uuid
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability
from huiyin.procedures.selectors import Rules, rules_of

RELATED = 8


@dataclass(frozen=True, slots=True)
class ShownFile:
    uuid: UUID
    name: str
    note: str
    by: str
    at: datetime
    url: str
    thumbnail_url: str
    image: bool
    icon: str
    void_url: str


@dataclass(frozen=True, slots=True)
class RelatedCase:
    number: str
    relation: str
    text: str
    state: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Paper:
    url: str
    label: str
    icon: str
    blank: bool = False


@dataclass(slots=True)
class CasePage:
    """All of it; `case` is there for what needs no name."""

    case: Case
    url: str
    kind: str
    level: str
    level_tone: str
    state: str
    state_label: str
    validity: str
    place: str
    place_url: str
    equipment: str
    customer: str
    customer_url: str
    channel: str
    via: str
    handler: str
    may_attach: bool
    attach_url: str
    steps: Steps
    phones: list[ShownPhone] = field(default_factory=list)
    facts: list[Line] = field(default_factory=list)
    files: list[ShownFile] = field(default_factory=list)
    clocks: list[ClockView] = field(default_factory=list)
    past_clocks: list[ClockView] = field(default_factory=list)
    story: list[Moment] = field(default_factory=list)
    story_more_url: str = ""
    related: list[RelatedCase] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    sections: list[CaseSection] = field(default_factory=list)
    fresh_uuid: UUID = field(default_factory=new_uuid)


def case_page(actor: Actor, case: Case) -> CasePage:
    """The page as this actor sees it. The caller has the case through `get_case`."""
    rules = rules_of(case.edition)
    names = Names(case.company_id, rules)
    running, past = clock_views(case, rules, names)
    moments, older = story(actor, case, names)
    steps = steps_of(actor, case, names)
    paused = bool(case.open and case.standing.get("paused_at"))
    return CasePage(
        case=case,
        url=reverse("cases:detail", args=[case.number]),
        kind=labels.kind_label(rules, case.kind),
        level=_level(case, rules),
        level_tone=_level_tone(case, rules),
        state="paused" if paused else case.state,
        state_label=_("已暂停") if paused else labels.state_label(case.state),
        validity=_validity(case, rules),
        place=str(case.place.full_name) if case.place else "",
        place_url=_safe("customers:place", case.place.uuid) if case.place else "",
        equipment=case.equipment.name if case.equipment and case.equipment_id != case.place_id else "",
        customer=str(case.customer) if case.customer else case.reporter,
        customer_url=_safe("customers:customer", case.customer.uuid) if case.customer else "",
        channel=labels.channel_label(rules, case.channel),
        via=labels.label(labels.VIAS, case.via) if case.via not in ("", "direct") else "",
        handler=_handler(case, names),
        may_attach=may(actor, Capability.VIEW, case),
        attach_url=reverse("cases:attach", args=[case.number]),
        steps=steps,
        phones=phones_of(case),
        facts=_facts(case, rules),
        files=_files(actor, case),
        clocks=running,
        past_clocks=past,
        story=moments,
        story_more_url=f"{reverse('cases:story', args=[case.number])}?before={older}" if older else "",
        related=_related(actor, case),
        papers=_papers(case, rules),
        sections=sections_for(actor, case),
    )


def _safe(name: str, *args: object) -> str:
    """The address of another room's page, nothing where that room is absent."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _level(case: Case, rules: Rules) -> str:
    if case.level:
        return labels.level_label(rules, case.level)
    return labels.label(labels.URGENCIES, "urgent") if case.urgency == "urgent" else ""


def _level_tone(case: Case, rules: Rules) -> str:
    """The gravest level of the pack is grave; what is urgent or severe is high."""
    first = rules.pack.level[0].code if rules.pack.level else None
    if case.level and case.level == first:
        return "grave"
    return "high" if case.urgency == "urgent" or case.severity == "severe" else ""


def _validity(case: Case, rules: Rules) -> str:
    return labels.label(labels.VALIDITIES, case.validity) if rules.procedure.kinds[case.kind].judged else ""


def _handler(case: Case, names: Names) -> str:
    if case.handler is not None:
        return case.handler.name
    if case.assigned_unit is not None:
        return case.assigned_unit.name
    return names.post(case.assigned_post or case.owner_post)


def _facts(case: Case, rules: Rules) -> list[Line]:
    shown = (
        Line(_("报事人"), case.reporter if case.customer and case.reporter != str(case.customer) else ""),
        Line(_("类别"), labels.category_label(rules, case.category)),
        Line(
            _("严重程度"), labels.label(labels.SEVERITIES, case.severity) if case.severity == "severe" else ""
        ),
        Line(_("责任方"), labels.label(labels.PARTIES, case.responsible_party)),
        Line(_("要求答复"), when=case.answer_by),
        Line(_("外部编号"), case.external_number),
        Line(_("首问责任人"), case.first_receiver.name if case.first_receiver else ""),
        Line(_("催办"), _("%(count)d 次") % {"count": case.chased} if case.chased else ""),
    )
    own = (Line(title, words) for title, words in ownfacts.lines_of(case, rules))
    return [*(line for line in shown if line.value or line.when), *own]


def _files(actor: Actor, case: Case) -> list[ShownFile]:
    may_void = may(actor, Capability.HANDLE, case)
    rows = case.attachments.filter(voided_at__isnull=True).select_related("stored")
    return [_file(row, may_void=may_void) for row in rows]


def _file(row: Attachment, *, may_void: bool) -> ShownFile:
    kind = row.stored.media_type
    icon = {"application/pdf": "file-type-pdf", "video/mp4": "photo"}.get(kind, "file")
    return ShownFile(
        uuid=row.uuid,
        name=row.name,
        note=row.note,
        by=row.added_by,
        at=row.added_at,
        url=reverse("cases:file", args=[row.uuid]),
        thumbnail_url=reverse("cases:thumbnail", args=[row.uuid]),
        image=has_thumbnail(row.stored),
        icon="microphone" if kind.startswith("audio/") else icon,
        void_url=reverse("cases:void-file", args=[row.uuid]) if may_void else "",
    )


def _related(actor: Actor, case: Case) -> list[RelatedCase]:
    """What is linked either way, then what else this household told; only what the actor may see."""
    seen = visible_cases(actor).select_related(None)
    found: dict[int, RelatedCase] = {}
    links = list(CaseLink.objects.filter(Q(case=case) | Q(to=case)).order_by("pk"))
    ends = {one.pk: one.to_id if one.case_id == case.pk else one.case_id for one in links}
    others = seen.in_bulk(ends.values()) if ends else {}
    for link in sorted(links, key=lambda one: one.case_id != case.pk):
        if (other := others.get(ends[link.pk])) is not None:
            found.setdefault(other.pk, _row(other, labels.label(labels.RELATIONS, link.relation)))
    if case.household_id:
        same = seen.filter(Q(household_id=case.household_id)).exclude(pk__in=[case.pk, *found])
        for one in same.order_by("-registered_at")[:RELATED]:
            found[one.pk] = _row(one, _("同一户"))
    return list(found.values())


def _row(case: Case, relation: str) -> RelatedCase:
    url = reverse("cases:detail", args=[case.number])
    return RelatedCase(case.number, relation, case.text[:160], case.state, case.registered_at, url)


def _papers(case: Case, rules: Rules) -> list[Paper]:
    """The company's own record form, where the procedure has one and the room that makes it is there."""
    return papers("records:case_form", case.number, _("记录表")) if rules.pack.record else []


def papers(url_name: str, number: str, title: str) -> list[Paper]:
    """A form in Word to fill in further and as PDF to print."""
    wanted = (("docx", f"{title} Word", "file-type-docx"), ("pdf", f"{title} PDF", "file-type-pdf"))
    found = []
    for kind, label, icon in wanted:
        try:
            url = reverse(url_name, kwargs={"number": number, "format": kind})
        except NoReverseMatch:
            continue
        found.append(Paper(url, label, icon, blank=kind == "pdf"))
    return found
