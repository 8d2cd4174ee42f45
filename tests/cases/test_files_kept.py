"""A file that belongs to a case is never cleaned away."""

from __future__ import annotations

from datetime import timedelta

from tests.cases.conftest import World

from huiyin.cases.models import Attachment
from huiyin.core import clock, files
from huiyin.core.models import StoredFile


def test_a_cases_file_outlives_the_cleaning(world: World, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    case = world.register().case
    kept = files.store_file("收据".encode(), name="收据.txt")
    loose = files.store_file("没人要的".encode(), name="x.txt")
    Attachment.objects.create(
        company=case.company, case=case, stored=kept, name="收据.txt", added_at=clock.now(), added_by="李晓梅"
    )
    assert files.remove_orphans(clock.now() + files.ORPHAN_AFTER + timedelta(minutes=1)) == 1
    assert list(StoredFile.objects.all()) == [kept]
    assert not StoredFile.objects.filter(pk=loose.pk).exists()
