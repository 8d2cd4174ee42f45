from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "huiyin.organization"
    label = "organization"

    def ready(self) -> None:
        from huiyin.organization.settings_index import register_defaults

        register_defaults()
