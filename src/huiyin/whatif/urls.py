from django.urls import path

from huiyin.whatif import views

app_name = "whatif"
urlpatterns = [
    path("procedures/replays/", views.index, name="index"),
    path("procedures/replays/<uuid:uuid>/", views.detail, name="detail"),
]
