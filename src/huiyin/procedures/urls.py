from django.urls import path

from huiyin.procedures import calendar_page, draft_views, views

app_name = "procedures"

urlpatterns = [
    path("procedures/", views.index, name="index"),
    path("settings/calendar/", calendar_page.calendar, name="calendar"),
    path("procedures/install/", views.install, name="install"),
    path("procedures/drafts/", draft_views.index, name="drafts"),
    path("procedures/drafts/<int:number>/", draft_views.draft, name="draft"),
    path("procedures/drafts/<int:number>/preview/", draft_views.preview, name="preview"),
    path("procedures/drafts/<int:number>/submit/", draft_views.submit, name="submit"),
    path("procedures/drafts/<int:number>/drop/", draft_views.drop, name="drop"),
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
