from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "huiyin.procedures"
    label = "procedures"

    def ready(self) -> None:
        from huiyin.journal.wording import register_subject
        from huiyin.organization.models import Capability
        from huiyin.organization.settings_index import SettingsPlace, register_settings
        from huiyin.procedures.selectors import name_edition

        register_subject("edition", _("程序文件版本"), name_edition)
        register_subject("calendar", _("工作日历"))
        register_settings(
            SettingsPlace(
                "procedures:calendar",
                _("工作日历"),
                _("每年的放假和调休上班"),
                "calendar",
                (Capability.ADMIN, Capability.PROCEDURES),
                45,
            )
        )
