from __future__ import annotations

from django.urls import path

from huiyin.journal import views

app_name = "journal"
urlpatterns = [
    path("journal/", views.index, name="index"),
    path("journal/entry/<int:number>/", views.entry, name="entry"),
    path("journal/check/", views.check, name="check"),
    path("journal/check/<int:number>/", views.result, name="result"),
    path("journal/seals/", views.seals, name="seals"),
    path("journal/seals/deposit.txt", views.deposit, name="deposit"),
    path("journal/seals/<int:number>/", views.seal, name="seal"),
]
