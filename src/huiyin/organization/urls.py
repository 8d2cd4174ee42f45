"""Addresses of the settings. Units and posts go by code, people by username, the rest by UUID."""

from __future__ import annotations

from django.urls import path

from huiyin.organization.views import access, holdings, importing, index, own, people, posts, roster, units

app_name = "organization"

urlpatterns = [
    path("settings/", index.index, name="index"),
    path("settings/me/", own.me, name="me"),
    path("settings/units/", units.units, name="units"),
    path("settings/units/new/", units.unit_new, name="unit-new"),
    path("settings/units/at/<str:code>/", units.unit, name="unit"),
    path("settings/units/at/<str:code>/move/", units.unit_move, name="unit-move"),
    path("settings/units/at/<str:code>/active/", units.unit_active, name="unit-active"),
    path("settings/posts/", posts.posts, name="posts"),
    path("settings/posts/new/", posts.post_new, name="post-new"),
    path("settings/posts/at/<str:code>/", posts.post, name="post"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.person_new, name="person-new"),
    path("settings/people/at/<str:username>/", people.person, name="person"),
    path("settings/people/at/<str:username>/active/", people.person_active, name="person-active"),
    path("settings/people/at/<str:username>/password/", people.person_password, name="person-password"),
    path(
        "settings/people/at/<str:username>/second-factor/",
        people.person_second_factor,
        name="person-second-factor",
    ),
    path("settings/people/at/<str:username>/unlock/", people.person_unlock, name="person-unlock"),
    path("settings/people/at/<str:username>/hand-over/", people.hand_over, name="hand-over"),
    path("settings/people/at/<str:username>/posts/", holdings.holding_new, name="holding-new"),
    path("settings/holdings/<uuid:uuid>/end/", holdings.holding_end, name="holding-end"),
    path("settings/holdings/<uuid:uuid>/stand-in/", holdings.stand_in_new, name="stand-in-new"),
    path("settings/stand-ins/<uuid:uuid>/end/", holdings.stand_in_end, name="stand-in-end"),
    path("settings/roster/", roster.roster, name="roster"),
    path("settings/roster/at/<str:code>/fill/", roster.roster_fill, name="roster-fill"),
    path("settings/roster/at/<str:code>/copy/", roster.roster_copy, name="roster-copy"),
    path("settings/shifts/<uuid:uuid>/", roster.shift, name="shift"),
    path("settings/tokens/", access.tokens, name="tokens"),
    path("settings/tokens/new/", access.token_new, name="token-new"),
    path("settings/tokens/<str:prefix>/revoke/", access.token_revoke, name="token-revoke"),
    path("settings/lockouts/", access.lockouts, name="lockouts"),
    path("settings/import/", importing.upload, name="import"),
    path("settings/import/confirm/", importing.confirm, name="import-confirm"),
]
