"""What the pages of procedures show: editions with their place in time, the document, its people and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from huiyin.core import clock
from huiyin.core.errors import NotFound
from huiyin.core.phrases import listed
from huiyin.engine import Calendar, Pack
from huiyin.engine.schema.frame import Clause
from huiyin.organization.actors import Actor
from huiyin.organization.models import Capability, Holding, Unit
from huiyin.organization.selectors import current_holdings, subtree_ids
from huiyin.procedures.life import wanted_signatures
from huiyin.procedures.models import Act, Edition, EditionState, Procedure
from huiyin.procedures.selectors import COMING, RUNNING, rules_of
from huiyin.procedures.sentences import Sentence, by_clause
from huiyin.procedures.words import UNITS, Words

NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class EditionLine:
    """`place`: in_force | coming | superseded | waiting | declined.

    `until` is the last day before the next edition; nobody has approved what is waiting.
    """

    edition: Edition
    place: str
    until: date | None


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    procedure: Procedure
    editions: tuple[EditionLine, ...]

    @property
    def title(self) -> str:
        """The title of the latest edition."""
        return self.editions[0].edition.title

    @property
    def in_force(self) -> EditionLine | None:
        return next((one for one in self.editions if one.place == "in_force"), None)


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause as it is read: its words and, beneath, its rules."""

    id: str
    title: str
    demands: str
    note: str
    running: bool
    own_addition: bool
    depth: int
    rules: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class PostLine:
    title: str
    clause: str
    where: str
    above: str
    people: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """How one year is counted."""

    year: int
    official: bool
    working_days: int
    off: tuple[date, ...]
    make_up: tuple[date, ...]


def require_member(actor: Actor) -> None:
    """A controlled document is there for everybody who works by it."""
    if not actor.held:
        raise NotFound(_("没有这份程序文件。"))


def procedure_lines(actor: Actor) -> list[ProcedureLine]:
    """The company's procedures, each with its editions, the latest first."""
    require_member(actor)
    found: dict[int, list[Edition]] = {}
    editions = Edition.objects.filter(company_id=actor.company_id).select_related("procedure")
    for edition in editions.defer("forms").order_by("effective_from", "id"):
        found.setdefault(edition.procedure_id, []).append(edition)
    return [ProcedureLine(rows[0].procedure, _lines(rows)) for rows in found.values()]


def _lines(rows: list[Edition]) -> tuple[EditionLine, ...]:
    today = clock.today()
    running = [edition for edition in rows if edition.state in RUNNING]
    past = [edition for edition in running if edition.effective_from <= today] or running[:1]
    lines = [
        EditionLine(one, "declined" if one.state == EditionState.DECLINED else "waiting", None)
        for one in sorted(rows, key=lambda one: one.pk)
        if one.state not in RUNNING
    ]
    placed = []
    for index, edition in enumerate(running):
        following = running[index + 1] if index + 1 < len(running) else None
        until = following.effective_from - timedelta(days=1) if following else None
        place = "in_force" if edition.pk == past[-1].pk else "superseded" if edition in past else "coming"
        placed.append(EditionLine(edition, place, until))
    return tuple(reversed([*placed, *lines]))


def get_edition(actor: Actor, number: int) -> Edition:
    require_member(actor)
    rows = Edition.objects.filter(company_id=actor.company_id, pk=number)
    found = rows.select_related("procedure").defer("forms").first()
    if found is None:
        raise NotFound(_("没有这份程序文件。"))
    return found


def line_of(edition: Edition) -> EditionLine:
    rows = edition.procedure.editions.defer("pack", "forms").select_related("procedure")
    lines = _lines(list(rows.order_by("effective_from", "id")))
    return next(one for one in lines if one.edition.pk == edition.pk)


def edition_with(actor: Actor, clause: str) -> Edition:
    """The edition in force that has the clause, otherwise the latest that ever had it."""
    lines = [line for procedure in procedure_lines(actor) for line in procedure.editions]
    lines.sort(key=lambda line: line.place != "in_force")
    for line in lines:
        if line.edition.state not in RUNNING:
            continue
        if any(one.id == clause for one in rules_of(line.edition).pack.clause):
            return line.edition
    raise NotFound(_("没有这一条款。"))


def clause_texts(pack: Pack) -> list[ClauseText]:
    rules, words = by_clause(pack), Words(pack)
    return [_clause_text(words, clause, rules[clause.id]) for clause in pack.clause]


def clause_text(pack: Pack, number: str) -> ClauseText:
    found = next((clause for clause in pack.clause if clause.id == number), None)
    if found is None:
        raise NotFound(_("没有这一条款。"))
    return _clause_text(Words(pack), found, by_clause(pack)[number])


def _clause_text(words: Words, clause: Clause, rules: list[Sentence]) -> ClauseText:
    return ClauseText(
        id=clause.id,
        title=words.title(clause),
        demands=words.demands(clause),
        note=clause.note,
        running=clause.running,
        own_addition=clause.own_addition,
        depth=clause.id.count("."),
        rules=tuple(rules),
    )


def post_lines(actor: Actor, pack: Pack) -> list[PostLine]:
    """The procedure's posts and who holds them today, as far as the actor's units and those above reach."""
    words = Words(pack)
    near = _near(actor)
    holdings = current_holdings(clock.today()).filter(
        company_id=actor.company_id, unit_id__in=near, person__is_active=True
    )
    held: dict[str, list[Holding]] = {}
    for holding in holdings.select_related("post", "unit", "person").order_by("unit__position", "pk"):
        held.setdefault(holding.post.code, []).append(holding)
    lines = []
    for post in pack.post:
        people = [_who(one) for one in held.get(post.code, ())]
        lines.append(
            PostLine(
                title=words.title(post),
                clause=post.clause or "",
                where=str(UNITS[post.unit_kind]),
                above=words.post(post.reports_to) if post.reports_to else "",
                people=tuple(people[:NAMES_SHOWN]),
                more=max(0, len(people) - NAMES_SHOWN),
            )
        )
    return lines


def _who(holding: Holding) -> str:
    values = {"name": holding.person.name, "unit": holding.unit.name}
    return _("%(name)s（%(unit)s）") % values


def _near(actor: Actor) -> set[int]:
    """Units the actor's posts reach, and the line above them."""
    reach = set().union(*(held.scope for held in actor.held)) if actor.held else set()
    own = Unit.objects.filter(pk__in=[held.unit_id for held in actor.held])
    above = {pk for unit in own for pk in unit.ancestors().values_list("pk", flat=True)}
    return reach | above


def year_lines(calendar: Calendar, *, around: int) -> list[YearLine]:
    """The year before, this one and the two after it."""
    return [_year(calendar, year) for year in range(around - 1, around + 3)]


def _year(calendar: Calendar, year: int) -> YearLine:
    table = calendar.table
    first, last = date(year - 1, 12, 31), date(year, 12, 31)
    return YearLine(
        year=year,
        official=year in table.official,
        working_days=calendar.working_days_between(first, last),
        off=tuple(sorted(day for day in table.off if day.year == year)),
        make_up=tuple(sorted(day for day in table.work if day.year == year)),
    )


def previous_edition(edition: Edition) -> Edition | None:
    """The edition that this one took over from; for one that is not signed yet, the one it would follow."""
    rows = edition.procedure.editions.order_by("effective_from", "pk").defer("forms")
    if edition.state not in RUNNING:
        return rows.filter(state__in=COMING).last()
    earlier = Q(effective_from__lt=edition.effective_from) | Q(
        effective_from=edition.effective_from, pk__lt=edition.pk
    )
    return rows.filter(earlier, state__in=RUNNING).last()


@dataclass(frozen=True, slots=True)
class SigningLine:
    """A signature that the document asks for, in words."""

    act: str
    post: str
    name: str
    at: datetime | None
    note: str


def signing_lines(edition: Edition, pack: Pack) -> list[SigningLine]:
    """Who submitted it, who has to sign and who has signed, in order; why it was sent back."""
    words = Words(pack)
    if edition.state in RUNNING and not edition.signatures.exists():
        # put in force by the operator: that nobody signed in here is said, not left open
        return [SigningLine(_("安装"), "", _("没有在系统里签署"), edition.installed_at, "")]
    lines = [
        SigningLine(one.get_act_display(), "", one.name, one.at, one.note)
        for one in edition.signatures.filter(act=Act.SUBMITTED)
    ]
    for one in wanted_signatures(edition):
        given = one.signature
        who = (given.name, given.at, given.note) if given else ("", None, "")
        lines.append(SigningLine(str(Act(one.act).label), words.post(one.post), *who))
    for sent in edition.signatures.filter(act=Act.DECLINED):
        lines.append(
            SigningLine(sent.get_act_display(), words.post(sent.post), sent.name, sent.at, sent.note)
        )
    return lines


def scope_words(procedure: Procedure, pack: Pack) -> str:
    """Where the procedure is used, in a phrase."""
    names = list(Unit.objects.filter(pk__in=procedure.units).values_list("name", flat=True))
    where = listed(names) if names else _("全公司")
    words = Words(pack)
    kinds = listed(words.kind(code) for code in procedure.kinds) if procedure.kinds else _("各类事项")
    return _("%(where)s，%(kinds)s") % {"where": where, "kinds": kinds}


def evidence_units(actor: Actor) -> list[Unit]:
    """The units whose evidence the actor may see, from the top down."""
    ids = actor.unit_ids(Capability.AUDIT) | actor.unit_ids(Capability.REPORT)
    return list(Unit.objects.filter(pk__in=ids, active=True).with_tree_fields())


def chosen_units(actor: Actor, code: str) -> tuple[Unit | None, frozenset[int] | None]:
    """The unit of that code with everything below it; None and None without a code. Raises NotFound."""
    if not code:
        return None, None
    unit = next((one for one in evidence_units(actor) if one.code == code), None)
    if unit is None:
        raise NotFound(_("没有这个单位。"))
    return unit, subtree_ids(unit)
