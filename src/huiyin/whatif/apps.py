from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WhatifConfig(AppConfig):
    name = "huiyin.whatif"
    label = "whatif"

    def ready(self) -> None:
        from huiyin.journal.wording import register_subject

        register_subject("replay", _("草案重演"))
