from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    name = "huiyin.procedures"
    label = "procedures"

    def ready(self) -> None:
        from huiyin.journal.wording import register_subject
        from huiyin.procedures.selectors import name_edition

        register_subject("edition", _("程序文件版本"), name_edition)
