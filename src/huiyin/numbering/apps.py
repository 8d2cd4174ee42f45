from django.apps import AppConfig


class NumberingConfig(AppConfig):
    name = "huiyin.numbering"
    label = "numbering"
