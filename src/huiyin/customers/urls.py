"""Addresses of the room. Outside everything goes by UUID; a door's QR code by its token."""

from __future__ import annotations

from django.urls import path

from huiyin.customers.views import lists, people, places

app_name = "customers"

urlpatterns = [
    path("customers/", lists.index, name="index"),
    path("customers/lookup/", lists.lookup_view, name="lookup"),
    path("customers/card/", lists.card, name="card"),
    path("customers/new/", people.customer_new, name="customer-new"),
    path("customers/<uuid:uuid>/", people.customer, name="customer"),
    path("customers/<uuid:uuid>/edit/", people.customer_edit, name="customer-edit"),
    path("customers/<uuid:uuid>/close/", people.customer_close, name="customer-close"),
    path("customers/<uuid:uuid>/phones/", people.phone_new, name="phone-new"),
    path("customers/<uuid:uuid>/merge/", people.merge, name="merge"),
    path("customers/<uuid:uuid>/erase/", people.erase, name="erase"),
    path("phones/<uuid:uuid>/reveal/", people.phone_reveal, name="phone-reveal"),
    path("phones/<uuid:uuid>/remove/", people.phone_act, {"verb": "remove"}, name="phone-remove"),
    path("phones/<uuid:uuid>/first/", people.phone_act, {"verb": "first"}, name="phone-first"),
    path("places/new/", places.place_new, name="site-new"),
    path("places/<uuid:uuid>/", places.place, name="place"),
    path("places/<uuid:parent>/new/", places.place_new, name="place-new"),
    path("places/<uuid:uuid>/edit/", places.place_edit, name="place-edit"),
    path("places/<uuid:uuid>/close/", places.place_close, name="place-close"),
    path("places/<uuid:uuid>/token/", places.place_token, name="place-token"),
    path("places/<uuid:uuid>/label/", places.label, name="place-label"),
    path("places/<uuid:uuid>/move-in/", places.move_in, name="move-in"),
    path("households/<uuid:uuid>/", places.household, name="household"),
    path("households/<uuid:uuid>/edit/", places.household_edit, name="household-edit"),
    path("households/<uuid:uuid>/move-out/", places.move_out, name="move-out"),
    path(
        "households/<uuid:uuid>/residents/<uuid:customer>/<slug:role>/end/",
        places.resident_act,
        {"verb": "end"},
        name="resident-end",
    ),
    path(
        "households/<uuid:uuid>/residents/<uuid:customer>/<slug:role>/first/",
        places.resident_act,
        {"verb": "first"},
        name="resident-first",
    ),
    path("q/<str:token>/", places.scan, name="scan"),
]
