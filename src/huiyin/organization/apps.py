from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "huiyin.organization"
    label = "organization"
