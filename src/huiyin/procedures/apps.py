from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "huiyin.procedures"
    label = "procedures"
