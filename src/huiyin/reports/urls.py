from django.urls import path, register_converter

from huiyin.reports.views import actions, issued, lists, live, weekly


class PeriodConverter:
    regex = r"[12]\d{3}(?:-(?:Q[1-4]|[01]\d))?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PeriodConverter, "period")

app_name = "reports"
urlpatterns = [
    path("reports/", live.index, name="index"),
    path("reports/cases/", lists.cases, name="cases"),
    path("reports/objective/", actions.objective, name="objective"),
    path("reports/published/", issued.published, name="published"),
    path("reports/weekly/", weekly.index, name="weekly"),
    path("reports/weekly/<str:unit>/<str:day>/", weekly.week, name="week"),
    path("reports/issued/<uuid:uuid>/", issued.page, name="issued"),
    path("reports/issued/<uuid:uuid>/cases/", lists.issued_cases, name="issued-cases"),
    path("reports/issued/<uuid:uuid>/file.<str:form>", issued.file, name="issued-file"),
    path("reports/issued/<uuid:uuid>/<str:verb>/", actions.act, name="act"),
    path("reports/<period:period>/", live.page, name="page"),
    path("reports/<period:period>/file.<str:form>", live.file, name="file"),
    path("reports/<period:period>/issue/", actions.issue, name="issue"),
]
