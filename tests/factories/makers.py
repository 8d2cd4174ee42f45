"""A small manufacturer: a company with departments, customers that are firms, and no premises at all."""

from __future__ import annotations

from tests.factories.organization import SmallCompany, add_people

from huiyin.customers.models import Customer, CustomerKind, Nature
from huiyin.customers.services.people import create_customer
from huiyin.organization.actors import system_actor
from huiyin.organization.models import Unit, UnitKind
from huiyin.organization.services import found_company
from huiyin.procedures.services import install_pack

DEPARTMENTS = {"SALES": "销售部", "QA": "质量部", "SHOP1": "一车间"}

# username -> (name, post, department)
PEOPLE = {
    "sales": ("钱丽", "sales", "SALES"),
    "marketing": ("钱丽", "marketing", "SALES"),
    "quality": ("孙明", "quality", "QA"),
    "quality_head": ("李强", "quality_head", "QA"),
    "unit_head": ("周涛", "unit_head", "SHOP1"),
    "representative": ("吴敏", "management_representative", "G"),
}


def make_maker(pack: str) -> SmallCompany:
    """Run by one of the makers' packs; of the people, those whose posts the pack has."""
    root = found_company(name="华安重机", code="G")
    small = SmallCompany(root, {"G": root})
    for position, (code, name) in enumerate(DEPARTMENTS.items()):
        small.units[code] = Unit.objects.create(
            company=root, parent=root, code=code, name=name, kind=UnitKind.DEPARTMENT, position=position
        )
    install_pack(company=root, source=pack)
    add_people(small, PEOPLE)
    return small


def make_firm(small: SmallCompany, name: str = "北方矿业公司", phone: str = "0472-5123456") -> Customer:
    """A customer that is a firm."""
    return create_customer(
        actor=system_actor(small.root.pk),
        unit=small.root,
        name=name,
        kind=CustomerKind.DEALER,
        nature=Nature.ORGANISATION,
        phones=[phone],
    )
