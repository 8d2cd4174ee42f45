"""Passwords that the system makes: typed once from paper, then changed."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password

# no 0 O, 1 l I: they are read aloud and copied by hand
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 3, 5


def initial_password() -> str:
    """Three groups of five, 74 bits: `k7mqz-3vxpa-9hdwe`."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))


def hash_initial(password: str) -> str:
    """A quick hash, enough for 74 random bits: an import makes hundreds of accounts in one request.

    The first sign-in replaces it by one of full strength.
    """
    if settings.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher"):
        hasher = PBKDF2PasswordHasher()
        return hasher.encode(password, hasher.salt(), iterations=20_000)
    return make_password(password)
