from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "huiyin.notify"
    label = "notify"

    def ready(self) -> None:
        from huiyin.notify import effects  # noqa: F401  registers the handlers
