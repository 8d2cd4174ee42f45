from django.urls import path

from huiyin.evidence import views

app_name = "evidence"
urlpatterns = [
    path("procedures/<int:edition>/evidence/", views.procedure, name="procedure"),
    path("procedures/<int:edition>/clauses/<str:clause>/state/", views.state, name="state"),
]
