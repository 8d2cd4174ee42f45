"""Signing in and the second factor. Closed addresses answer 404 to everybody."""

from __future__ import annotations

from tests.permissions.model import Row, everybody

_CLOSED = everybody(404, anonymous=404)
# setting up a second factor first asks for the password once more
_CONFIRM_FIRST = everybody(302)


def _closed(name: str, **kwargs: str) -> Row:
    return Row(
        name,
        get=_CLOSED,
        post=_CLOSED,
        kwargs=lambda world: dict(kwargs),
        shared="closed to everybody",
    )


ROWS = [
    Row("account_login", get=everybody(302, anonymous=200), post=everybody(302, anonymous=200)),
    Row("account_logout", get=everybody(200), post=everybody(302)),
    Row("account_reauthenticate", get=everybody(200), post=everybody(200)),
    Row("account_change_password", get=everybody(200), post=everybody(200)),
    Row("mfa_index", get=everybody(200)),
    Row("mfa_authenticate", get=everybody(302), post=everybody(302)),
    Row("mfa_reauthenticate", get=everybody(302), post=everybody(302)),
    Row("mfa_activate_totp", get=_CONFIRM_FIRST, post=_CONFIRM_FIRST),
    # nobody here has set one up yet
    Row("mfa_deactivate_totp", get=everybody(404), post=everybody(404)),
    Row("mfa_view_recovery_codes", get=everybody(404)),
    Row("mfa_generate_recovery_codes", get=_CONFIRM_FIRST, post=_CONFIRM_FIRST),
    Row("mfa_download_recovery_codes", get=everybody(404)),
    _closed("account_inactive"),
    _closed("account_signup"),
    _closed("account_email"),
    _closed("account_email_verification_sent"),
    _closed("account_set_password"),
    _closed("account_reset_password"),
    _closed("account_confirm_login_code"),
    _closed("account_confirm_email", key="abc"),
    _closed("account_reset_password_from_key_done"),
    _closed("account_reset_password_from_key", uidb36="1", key="abc"),
    _closed("account_reset_password_done"),
]
