from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    label = "cases"

    def ready(self) -> None:
        from huiyin.cases import assessmentlist, people
        from huiyin.cases.cards import case_section
        from huiyin.cases.evidence import clause_evidence, name_case
        from huiyin.cases.finding import search
        from huiyin.cases.sections import register_section
        from huiyin.core.shell import register_search
        from huiyin.customers.hooks import on_customer_erased, on_customer_merged, register_card_section
        from huiyin.journal.wording import register_subject
        from huiyin.organization.services.handover import register_handover
        from huiyin.organization.services.units import register_unit_matters
        from huiyin.procedures.hooks import register_evidence

        register_search(search, position=10)
        register_section(assessmentlist.case_section)
        register_card_section(case_section)
        register_evidence(clause_evidence)
        register_handover(people.HANDOVER)
        register_unit_matters(people.OF_UNIT)
        on_customer_merged(people.customers_merged)
        on_customer_erased(people.customer_erased)
        register_subject("case", _("工单"), name_case)
