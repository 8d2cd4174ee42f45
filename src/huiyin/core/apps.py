from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "huiyin.core"
    label = "core"
