from django.urls import path

from huiyin.records import views

app_name = "records"
urlpatterns = [
    path("cases/<str:number>/form.<str:format>", views.case_form, name="case_form"),
    path("slips/<str:number>/form.<str:format>", views.slip_form, name="slip_form"),
    path("procedures/<int:edition>/copy.<str:format>", views.controlled_copy, name="controlled_copy"),
    path("records/retention/", views.retention, name="retention"),
    path("records/retention/ask/", views.ask, name="retention-ask"),
    path("records/retention/<uuid:uuid>/<str:verb>/", views.decide, name="retention-decide"),
]
