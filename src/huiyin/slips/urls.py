"""Addresses of the slips."""

from __future__ import annotations

from django.urls import path

from huiyin.slips import views

app_name = "slips"

urlpatterns = [
    path("slips/", views.index, name="list"),
    path("slips/<str:number>/", views.detail, name="detail"),
    path("slips/<str:number>/<str:event>/", views.step, name="step"),
    path("cases/<str:number>/slips/new/", views.issue, name="issue"),
]
