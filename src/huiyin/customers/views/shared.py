"""The one page of a form."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.organization.views.shared import status_of


def form_page(request: HttpRequest, form: forms.Form, heading: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": back}
    return render(request, "customers/form.html", context, status=status_of(form))
