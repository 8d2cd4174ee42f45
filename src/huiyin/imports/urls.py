from django.urls import path

from huiyin.imports import views

app_name = "imports"

urlpatterns = [
    path("imports/", views.index, name="index"),
    path("imports/<uuid:uuid>/", views.detail, name="detail"),
    path("imports/<uuid:uuid>/columns/", views.mapping, name="mapping"),
    path("imports/<uuid:uuid>/begin/", views.begin, name="begin"),
]
