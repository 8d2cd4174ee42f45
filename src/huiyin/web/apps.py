from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huiyin.web"
    label = "web"

    def ready(self) -> None:
        from huiyin.web.navigation import register_defaults

        register_defaults()
