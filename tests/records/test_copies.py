"""The controlled copy: edition, revision, dates, signatures and every clause, in Word and in PDF."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.procedures.conftest import make_pack, small  # noqa: F401
from tests.records.test_forms import words_of_pdf, words_of_word

from huiyin.journal.models import Entry
from huiyin.procedures.life import approve_edition, countersign_edition, submit_edition
from huiyin.procedures.models import Edition


@pytest.fixture
def signed(small, make_pack) -> Edition:  # noqa: F811
    edition = submit_edition(actor=small.actor("quality"), source=make_pack("B/3"))
    countersign_edition(actor=small.actor("deputy"), edition=edition, note="同意")
    return approve_edition(actor=small.actor("manager"), edition=edition)


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_copy_carries_what_controls_it(small, signed, form) -> None:  # noqa: F811
    client = Client()
    client.force_login(small.people["duty_a"])
    response = client.get(f"/procedures/{signed.pk}/copy.{form}")
    assert response.status_code == 200
    assert f"PM1-B-3.{form}" in response["Content-Disposition"]
    content = response.content
    text = words_of_pdf(content) if form == "pdf" else "".join(words_of_word(content)).replace(" ", "")
    for words in ("PM1", "B", "3", "孙伟", "郑国华", "同意", "7.2.3", "按顾客要求的时间", signed.digest[:16]):
        assert words in text, words
    assert "不得照此执行" not in text
    assert "{" not in text
    entry = Entry.objects.get(name="procedure_copied")
    assert entry.data == {"label": "B/3", "format": form, "digest": signed.digest}
    old = Edition.objects.get(label="A/0")
    if form == "pdf":
        assert "不得照此执行" in words_of_pdf(client.get(f"/procedures/{old.pk}/copy.pdf").content)
    assert client.get(f"/procedures/{old.pk}/copy.odt").status_code == 404
