from __future__ import annotations

from django.urls import path

from huiyin.web import health, views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("me/", views.profile, name="profile"),
    path("me/post/", views.switch_post, name="switch-post"),
    path("me/language/", views.language, name="language"),
    path("scan/", views.scan, name="scan"),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", health.metrics, name="metrics"),
]
