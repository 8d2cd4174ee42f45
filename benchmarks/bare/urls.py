"""Bare views of the same data: what the ratios are taken to.

`write` one row and one history row in a transaction; `page` an almost empty page for somebody signed in;
`rows` fifty open cases with all columns in the order of their due times; `like` how many texts have a word,
and fifty of them in the order of their due times; `group` a month's cases by site, kind and state, and
thirteen months by month and state.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from bare.models import History, Ticket
from huiyin.cases.models import Case


@csrf_exempt
def write(request: HttpRequest) -> HttpResponse:
    body = json.loads(request.body)
    with transaction.atomic():
        ticket = Ticket.objects.create(title=body["reporter"], text=body["text"], state="new")
        History.objects.create(ticket=ticket, what="created")
    return JsonResponse({"id": ticket.pk}, status=201)


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"title": "page", "user": request.user})


def rows(request: HttpRequest) -> HttpResponse:
    found = Case.objects.filter(open=True).order_by("next_due").values_list()[:50]
    return render(request, "rows.html", {"title": "rows", "rows": found})


def like(request: HttpRequest) -> HttpResponse:
    found = Case.objects.filter(text__contains=request.GET["q"])
    rows = found.order_by("next_due").values_list("number", "text", "next_due")[:50]
    return render(request, "rows.html", {"title": f"{found.count()}", "rows": rows})


def group(request: HttpRequest) -> HttpResponse:
    begin = datetime.fromisoformat(request.GET["begin"])
    end = begin + timedelta(days=31)
    month = Case.objects.filter(registered_at__gte=begin, registered_at__lt=end).order_by()
    year = Case.objects.filter(registered_at__gte=end - timedelta(days=396), registered_at__lt=end).order_by()
    found = [
        *month.values_list("unit__name", "kind", "state").annotate(count=Count("pk")),
        *year.annotate(month=TruncMonth("registered_at"))
        .values_list("month", "state")
        .annotate(count=Count("pk")),
    ]
    return render(request, "rows.html", {"title": "group", "rows": found})


urlpatterns = [
    path("write", write),
    path("page", page),
    path("rows", rows),
    path("like", like),
    path("group", group),
]
