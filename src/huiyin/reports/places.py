"""The sites of a company, and which of its units belongs to which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from huiyin.organization.models import Unit, UnitKind

_HOMES = (UnitKind.COMPANY, UnitKind.BRANCH, UnitKind.GROUP)


def home_of(upward: Sequence[tuple[int, str]]) -> int:
    """The site among a unit and those above it, as (id, kind); the nearest company where there is none."""
    for kinds in ((UnitKind.SITE,), _HOMES):
        for pk, kind in upward:
            if kind in kinds:
                return pk
    return upward[0][0]


class SiteMap:
    """All units of a company, read once."""

    def __init__(self, company_id: int) -> None:
        rows = Unit.objects.filter(company_id=company_id).with_tree_fields()
        self.units: dict[int, Unit] = {unit.pk: unit for unit in rows}
        self._order = {pk: place for place, pk in enumerate(self.units)}

    def site_of(self, unit_id: int) -> int:
        """The site a unit belongs to; the nearest company where it belongs to none."""
        upward = []
        at: int | None = unit_id
        while at is not None:
            upward.append((at, self.units[at].kind))
            at = self.units[at].parent_id
        return home_of(upward)

    def summed(self, counts: Mapping[int, int]) -> dict[int, int]:
        """Counts by unit as counts by site."""
        found: dict[int, int] = {}
        for unit_id, count in counts.items():
            site = self.site_of(unit_id)
            found[site] = found.get(site, 0) + count
        return found

    def ordered(self, sites: Iterable[int]) -> list[int]:
        return sorted(sites, key=lambda pk: self._order[pk])
