from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "huiyin.imports"
    label = "imports"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from huiyin.core.shell import NavItem, register_nav

        register_nav(
            NavItem("imports:index", _("导入"), "download", "import", 85, "g i", prefix=("imports:",))
        )
