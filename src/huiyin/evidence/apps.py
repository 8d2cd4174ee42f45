from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    name = "huiyin.evidence"
    label = "evidence"

    def ready(self) -> None:
        from huiyin.evidence.statements import statement_section
        from huiyin.journal.wording import register_names, register_subject
        from huiyin.procedures.hooks import register_evidence

        register_evidence(statement_section)
        register_subject("clause", _("条款"))
        register_names({"clause_stated": _("说明条款的执行情况")})
