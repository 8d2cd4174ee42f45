from django.urls import path

from huiyin.notify import views

app_name = "notify"

urlpatterns = [
    path("notifications/", views.notification_list, name="list"),
    path("notifications/count/", views.count, name="count"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/new/", views.open_new, name="open-new"),
    path("notifications/<uuid:uuid>/", views.open_one, name="open"),
    path("notifications/<uuid:uuid>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("me/notifications/", views.preference, name="preference"),
    path("settings/robots/", views.robot_list, name="robots"),
    path("settings/robots/new/", views.robot_edit, name="robot_new"),
    path("settings/robots/<uuid:uuid>/", views.robot_edit, name="robot_edit"),
    path("settings/robots/<uuid:uuid>/try/", views.robot_try, name="robot_try"),
]
