from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "huiyin.customers"
    label = "customers"

    def ready(self) -> None:
        from huiyin.core.shell import NavItem, register_nav, register_search
        from huiyin.customers.scope import LOOK
        from huiyin.customers.search import search

        needed = tuple(str(capability) for capability in LOOK)
        register_nav(
            NavItem("customers:index", _("业主"), "users", needed, 80, "g c", ("customers:",), _("客户"))
        )
        register_search(search, position=20)
