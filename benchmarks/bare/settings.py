"""What `startproject` gives, on the database and with the sessions of the server that is measured."""

from huiyin.config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bare"]  # noqa: F405
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # a page checks that it is there; it does next to nothing
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "bare.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
