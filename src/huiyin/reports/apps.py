from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "huiyin.reports"
    label = "reports"

    def ready(self) -> None:
        from huiyin.cases.hooks import project_events
        from huiyin.reports.projection import project

        project_events(project)
