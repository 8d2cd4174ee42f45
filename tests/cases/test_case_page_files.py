"""Files of a case: in by drop or camera, out only to who sees the case, down only with a reason."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from tests.cases.conftest import World

from huiyin.cases.attachments import add_files, void_attachment
from huiyin.cases.models import Attachment, Case
from huiyin.core.errors import Forbidden, InvalidInput, NotFound
from huiyin.core.ids import new_uuid
from huiyin.journal.models import Entry


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(world: World) -> Case:
    return world.register().case


def picture(colour: tuple[int, int, int] = (90, 120, 150)) -> bytes:
    stream = BytesIO()
    Image.new("RGB", (900, 600), colour).save(stream, "JPEG")
    return stream.getvalue()


def browser(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.small.people[username])
    return client


def send(client: Client, case: Case, *files: SimpleUploadedFile, uuid: str = "") -> HttpResponse:
    data = {"files": list(files), "uuid": uuid or str(new_uuid())}
    return client.post(f"/cases/{case.number}/files/", data)


def jpeg(name: str = "天花板.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/jpeg")


def test_dropped_photos_are_on_the_page_with_their_small_version(world: World, case: Case) -> None:
    client = browser(world, "duty_a")
    assert send(client, case, jpeg(), jpeg("水渍.jpg")).status_code == 302
    page = client.get(f"/cases/{case.number}/")
    assert [file.name for file in page.context["page"].files] == ["天花板.jpg", "水渍.jpg"]
    file = page.context["page"].files[0]
    small = client.get(file.thumbnail_url)
    assert small["Content-Type"] == "image/webp"
    whole = client.get(file.url)
    assert b"".join(whole.streaming_content) == picture()
    assert whole["X-Content-Type-Options"] == "nosniff"


def test_the_same_drop_sent_twice_is_there_once(world: World, case: Case) -> None:
    client = browser(world, "duty_a")
    uuid = str(new_uuid())
    send(client, case, jpeg(), uuid=uuid)
    send(client, case, jpeg(), uuid=uuid)
    assert Attachment.objects.filter(case=case).count() == 1
    assert Entry.objects.filter(name="attachment_added").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("setup.exe", b"MZ\x90\x00" + b"\x00" * 400, "setup.exe"),
        ("坏的.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 50, "坏的.jpg"),
    ],
)
def test_what_it_is_is_found_from_the_content(
    world: World, case: Case, name: str, content: bytes, words: str
) -> None:
    response = send(browser(world, "duty_a"), case, SimpleUploadedFile(name, content, "image/jpeg"))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Attachment.objects.exists()


def test_a_page_that_calls_itself_a_photo_is_only_ever_downloaded_as_text(world: World, case: Case) -> None:
    client = browser(world, "duty_a")
    send(
        client, case, SimpleUploadedFile("照片.jpg", b"<html><script>alert(1)</script></html>", "image/jpeg")
    )
    response = client.get(f"/files/{Attachment.objects.get().uuid}/")
    assert response["Content-Type"].startswith("text/plain")
    assert response["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response["Content-Security-Policy"]


def test_one_bad_file_keeps_all_of_them_out(world: World, case: Case) -> None:
    send(browser(world, "duty_a"), case, jpeg(), SimpleUploadedFile("x.exe", b"MZ\x90\x00" * 40))
    assert not Attachment.objects.exists()


def test_a_drop_without_files_says_so(world: World, case: Case) -> None:
    assert send(browser(world, "duty_a"), case).status_code == 422


def test_a_file_is_nobodys_who_does_not_see_the_case(world: World, case: Case) -> None:
    rows = add_files(actor=world.actor("duty_a"), case=case, files=[("天花板.jpg", picture())])
    client = browser(world, "head_b")
    for path in ("", "thumbnail/"):
        assert client.get(f"/files/{rows[0].uuid}/{path}").status_code == 404
        assert Client().get(f"/files/{rows[0].uuid}/{path}").status_code == 302
    assert client.post(f"/files/{rows[0].uuid}/void/", {"reason": "x"}).status_code == 404
    with pytest.raises(NotFound):
        add_files(actor=world.actor("head_b"), case=case, files=[("a.jpg", picture())])


def test_taken_down_with_a_reason_it_is_gone_from_the_page_and_kept_in_the_journal(
    world: World, case: Case
) -> None:
    client = browser(world, "head_a")
    send(client, case, jpeg())
    attachment = Attachment.objects.get()
    assert client.post(f"/files/{attachment.uuid}/void/", {"reason": " "}).status_code == 422
    assert client.post(f"/files/{attachment.uuid}/void/", {"reason": "拍到了邻居的脸"}).status_code == 302
    assert client.get(f"/files/{attachment.uuid}/").status_code == 404
    page = client.get(f"/cases/{case.number}/")
    assert page.context["page"].files == []
    assert "拍到了邻居的脸" in page.content.decode()
    entry = Entry.objects.get(name="attachment_voided")
    assert entry.data["files"][0]["digest"] == attachment.stored.digest
    assert Attachment.objects.get().voided_at is not None


def test_taking_down_needs_who_handles_the_case(world: World, case: Case) -> None:
    attachment = add_files(actor=world.actor("duty_a"), case=case, files=[("a.jpg", picture())])[0]
    with pytest.raises(Forbidden):
        void_attachment(actor=world.actor("quality"), attachment=attachment, reason="不该在这里")
    with pytest.raises(InvalidInput):
        void_attachment(actor=world.actor("head_a"), attachment=attachment, reason="  ")
