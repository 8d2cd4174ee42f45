"""The shell of the pages, and what machines ask of the server."""

from __future__ import annotations

from tests.permissions.model import Row, everybody

ROWS = [
    Row("web:home", get=everybody((200, 302))),
    Row("web:search", get=everybody(200)),
    Row("web:profile", get=everybody(200)),
    Row("web:switch-post", post=everybody(422)),
    Row("web:language", post=everybody(302)),
    Row("web:scan", get=everybody(200), post=everybody(200)),
    Row("web:alive", get=everybody(200, anonymous=200)),
    Row("web:ready", get=everybody(200, anonymous=200)),
    Row("web:metrics", get=everybody(200, anonymous=200)),
]
