from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "huiyin.imports"
    label = "imports"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from huiyin.core.shell import NavItem, register_nav
        from huiyin.customers.hooks import on_customer_erased
        from huiyin.imports.running import forget_waiting
        from huiyin.records.hooks import on_words_erased

        on_customer_erased(lambda actor, customer: forget_waiting(actor.company_id))
        on_words_erased(forget_waiting)

        register_nav(
            NavItem("imports:index", _("导入"), "download", "import", 85, "g i", prefix=("imports:",))
        )
