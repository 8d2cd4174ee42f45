"""The services of importing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.cases import install_beside_posts
from tests.factories.organization import SmallCompany

from huiyin.imports import running, services
from huiyin.imports.mapping import CaseMapping, load_mapping
from huiyin.imports.models import ImportRun
from huiyin.imports.reading import Table, open_table

TITLES = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n"
CONTENT = (TITLES + "1,王女士,漏水,2019-04-01 9:00,楼上漏水,已派人,2019-04-01 15:00\n").encode()


def _received(small: SmallCompany) -> ImportRun:
    install_beside_posts(small.root)
    upload = SimpleUploadedFile("留言.csv", CONTENT)
    return running.receive(actor=small.actor("admin"), kind="cases", upload=upload, unit=small.site_a)


def _mapping() -> CaseMapping:
    return load_mapping("messages")


def _matched(small: SmallCompany) -> ImportRun:
    values = _mapping().model_dump(mode="json")
    return running.choose_mapping(actor=small.actor("admin"), run=_received(small), mapping=values)


def _table(small: SmallCompany) -> Table:
    install_beside_posts(small.root)
    path = Path(tempfile.mkdtemp()) / "x.csv"
    path.write_bytes(CONTENT)
    return open_table(path)


def _started(small: SmallCompany, table: Table) -> ImportRun:
    return services.start_run(
        actor=small.actor("admin"), table=table, mapping=_mapping(), unit=small.site_a, name="留言.csv"
    )


def _taken_in(small: SmallCompany) -> ImportRun:
    table = _table(small)
    return services.run_cases(actor=small.actor("admin"), run=_started(small, table), table=table)


PERFORM = {
    "receive": _received,
    "choose_mapping": _matched,
    "use_ready": lambda small: running.use_ready(
        actor=small.actor("admin"), run=_received(small), name="messages"
    ),
    "begin": lambda small: running.begin(actor=small.actor("admin"), run=_matched(small)),
    "start_run": lambda small: _started(small, _table(small)),
    "run_cases": _taken_in,
}
READS = {
    "preview": "shows what an import would do",
    "preview_cases": "shows what an import would do",
}
