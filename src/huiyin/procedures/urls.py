from django.urls import path

from huiyin.procedures import calendar_page, views

app_name = "procedures"

urlpatterns = [
    path("procedures/", views.index, name="index"),
    path("settings/calendar/", calendar_page.calendar, name="calendar"),
    path("procedures/install/", views.install, name="install"),
    path("procedures/clauses/<str:clause>/", views.clause, name="clause"),
    path("procedures/<int:edition>/", views.edition, name="edition"),
    path(
        "procedures/<int:edition>/sign/countersign/", views.sign, {"verb": "countersign"}, name="countersign"
    ),
    path("procedures/<int:edition>/sign/approve/", views.sign, {"verb": "approve"}, name="approve"),
    path("procedures/<int:edition>/sign/decline/", views.sign, {"verb": "decline"}, name="decline"),
    path("procedures/<int:edition>/scope/", views.scope, name="scope"),
    path("procedures/<int:edition>/changes/<int:other>/", views.compare, name="compare"),
    path("procedures/<int:edition>/clauses/<str:clause>/", views.clause, name="clause"),
]
