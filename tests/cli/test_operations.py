"""What the operator does, from the first day to the loss of the machine."""

from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

# Puts into the database what an operator's company has there: a file, an entry, a mail that waits
FILL = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "huiyin.config.settings"
import django; django.setup()
from django.db import transaction
from huiyin.core.files import store_file
from huiyin.core.outbox import enqueue
from huiyin.journal.services import record_action
from huiyin.organization.actors import system_actor
from huiyin.organization.models import Unit
company = Unit.objects.get(parent=None)
actor = system_actor(company.pk)
for i in range(int(sys.argv[1])):
    with transaction.atomic():
        text = f"第{i}条"
        record_action(actor=actor, subject_kind="case", subject_id=i % 7, name="noted", texts={"text": text})
        store_file(text.encode(), name="a.txt")
        enqueue(key=f"mail:{i}", topic="somewhere", payload={})
"""


@pytest.fixture
def fill(environ: dict[str, str]) -> Callable[[int], subprocess.Popen[bytes]]:
    def start(count: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", FILL, str(count)], env=environ)

    return start


def test_help_is_quick_and_names_every_command(huiyin: Run) -> None:
    began = time.monotonic()
    done = huiyin("--help")
    assert time.monotonic() - began < 1.5  # 0.1 s on a quiet machine
    for command in ("init", "serve", "work", "tick", "verify", "backup", "restore", "doctor"):
        assert f"  {command} " in done.stdout


def test_errors_are_one_line_and_a_status(huiyin: Run, tmp_path: Path) -> None:
    for arguments, words in [
        (["verify"], "the database lacks"),
        (["init"], "give it as an option"),
        (["restore", str(tmp_path / "none.tar.gz")], "there is no such file"),
    ]:
        done = huiyin(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("huiyin: ")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_weak_password_leaves_nothing_behind(huiyin: Run) -> None:
    weak = huiyin("init", "--company", "和风物业", "--admin", "boss", "--password", "12345", "--no-pack")
    assert weak.returncode == 2
    strong = huiyin(
        "init", "--company", "和风物业", "--admin", "boss", "--password", "Tong3-hua-shi", "--no-pack"
    )
    assert strong.returncode == 0
    again = huiyin(
        "init", "--company", "又一家", "--admin", "boss2", "--password", "Tong3-hua-shi", "--no-pack"
    )
    assert again.returncode == 2
    assert "a company already" in again.stderr


@pytest.mark.clause("PM1-8")
def test_what_was_backed_up_while_it_was_written_comes_back_whole(
    initialised: Run, fill: Callable[[int], subprocess.Popen[bytes]], environ: dict[str, str], tmp_path: Path
) -> None:
    huiyin, data = initialised, Path(environ["HUIYIN_DATA_DIR"])
    assert fill(20).wait(60) == 0
    assert huiyin("tick").returncode == 0
    writer = fill(400)
    archive = tmp_path / "backup.tar.gz"
    saved = huiyin("backup", str(archive), "--with-keys", "--json")
    assert saved.returncode == 0, saved.stderr
    assert json.loads(saved.stdout)["files"] >= 20
    assert archive.stat().st_mode & 0o077 == 0
    assert writer.wait(60) == 0

    shutil.rmtree(data)
    restored = huiyin("restore", str(archive), *(["--force"] if environ["HUIYIN_DATABASE_URL"] else []))
    assert restored.returncode == 0, restored.stderr + restored.stdout
    assert "The journal is whole." in restored.stdout
    report = json.loads(huiyin("verify", "--json").stdout)
    assert report["ok"]
    assert report["signatures_checked"]
    assert report["seals"] == 1
    assert report["entries"] > 20
    assert len(list(data.rglob("files/content/*/*/*"))) >= 20

    refused = huiyin("restore", str(archive))
    assert refused.returncode == 2
    assert "--force" in refused.stderr


def test_after_a_restore_nothing_is_sent_until_the_operator_says_so(
    initialised: Run, fill: Callable[[int], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    assert fill(3).wait(60) == 0
    archive = str(tmp_path / "backup.tar.gz")
    assert initialised("backup", archive).returncode == 0
    assert "(3 waiting)" in initialised("restore", archive, "--force", "--no-verify").stdout
    found = {one["name"]: one["found"] for one in json.loads(initialised("doctor", "--json").stdout)}
    assert found["sending"] == "on hold after a restore, 3 waiting"
    assert "3 discarded" in initialised("doctor", "--discard-held").stdout
    assert "Nothing is on hold." in initialised("doctor", "--release-held").stdout


def _damaged(content: bytes) -> Iterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    yield content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    yield b"not an archive"
    foreign = io.BytesIO()
    with tarfile.open(fileobj=foreign, mode="w:gz") as tar:
        tar.add(__file__, "../escape.py")
    yield foreign.getvalue()


def test_a_damaged_backup_changes_nothing(initialised: Run, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    assert initialised("backup", str(archive)).returncode == 0
    for content in _damaged(archive.read_bytes()):
        archive.write_bytes(content)
        done = initialised("restore", str(archive), "--force")
        assert done.returncode == 2, done.stdout
        assert done.stderr.startswith("huiyin: ")
    report = json.loads(initialised("verify", "--json").stdout)
    assert (report["ok"], report["entries"]) == (True, 4)


def test_serve_answers_soon_ticks_and_stops_when_told(
    initialised: Run, environ: dict[str, str], free_port: int, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "huiyin.cli.main", "serve", "--port", str(free_port)]
    began = time.monotonic()
    server = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert f"http://localhost:{free_port}/" in server.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/account/login/", timeout=20) as answer:
            assert answer.status == 200
        assert time.monotonic() - began < 15  # under 4 s on a quiet machine; measured in docs/operations.md
        taken = initialised("serve", "--port", str(free_port))
        assert taken.returncode == 2
        assert "--port" in taken.stderr
        for _ in range(50):
            if json.loads(initialised("verify", "--json").stdout)["seals"]:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the ticker made no seal")
        server.send_signal(signal.SIGTERM)
        assert server.wait(60) == 0
        assert "stopped" in server.stdout.read()
    finally:
        server.kill()


def test_tampering_is_status_one_with_the_number(
    initialised: Run, environ: dict[str, str], tmp_path: Path
) -> None:
    tamper = FILL.split("company =")[0] + (
        "from django.db import connection\n"
        "from huiyin.journal import guards\n"
        "guards.remove(connection)\n"
        "connection.cursor().execute(\"UPDATE journal_entry SET name = 'x' WHERE id = 2\")\n"
        "guards.install(connection)\n"
    )
    subprocess.run([sys.executable, "-c", tamper, "0"], env=environ, check=True)
    done = initialised("verify")
    assert done.returncode == 1
    assert "entry 2, " in done.stdout
    assert "was altered" in done.stdout
