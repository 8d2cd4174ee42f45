from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "huiyin.journal"
    label = "journal"

    def ready(self) -> None:
        from huiyin.core.shell import NavItem, register_nav
        from huiyin.journal.actions import register_all
        from huiyin.journal.services import record_action
        from huiyin.organization.models import Capability
        from huiyin.organization.recording import use_recorder

        # the organisation stands above the journal and may not import it: the writer is handed up
        use_recorder(record_action)
        register_all()
        register_nav(
            NavItem("journal:index", _("日志"), "shield-check", Capability.AUDIT, 85, "g j", ("journal:",))
        )
