from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "huiyin.reports"
    label = "reports"

    def ready(self) -> None:
        from huiyin.cases.hooks import project_events, project_histories
        from huiyin.reports import tasks  # noqa: F401 registers its handlers
        from huiyin.reports.histories import project_whole
        from huiyin.reports.projection import project

        project_events(project)
        project_histories(project, project_whole)
