from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    label = "cases"

    def ready(self) -> None:
        from huiyin.cases.cards import case_section
        from huiyin.cases.finding import search
        from huiyin.core.shell import register_search
        from huiyin.customers.hooks import register_card_section

        register_search(search, position=10)
        register_card_section(case_section)
