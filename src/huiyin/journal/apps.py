from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "huiyin.journal"
    label = "journal"

    def ready(self) -> None:
        from huiyin.core.shell import NavItem, register_nav
        from huiyin.organization.models import Capability

        register_nav(
            NavItem("journal:index", _("日志"), "shield-check", Capability.AUDIT, 85, "g j", ("journal:",))
        )
