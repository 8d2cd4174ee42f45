"""Static files: versioned by content, compressed, cached for good, and complete with their licences."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.test import RequestFactory

from huiyin.web.static_files import StaticFilesMiddleware, VersionedStorage, digest_of

VENDOR = Path(__file__).resolve().parents[2] / "src/huiyin/web/static/vendor"


def test_the_address_changes_with_the_content(tmp_path: Path, settings: Any) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    file = tmp_path / "x.css"
    file.write_text("a { color: red }")
    first = VersionedStorage().url("x.css")
    file.write_text("a { color: green }")
    second = VersionedStorage().url("x.css")
    finders.get_finder.cache_clear()
    assert first.startswith("/static/x.css?v=")
    assert first != second


def test_the_template_tag_gives_the_version() -> None:
    assert f"?v={digest_of(str(VENDOR / 'icons.svg'))}" in static("vendor/icons.svg")


def test_served_compressed_and_for_good(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_CACHE = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    served = StaticFilesMiddleware(lambda request: None)
    request = RequestFactory().get("/static/vendor/tabler.min.css", headers={"Accept-Encoding": "gzip"})
    answer = served(request)
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    body = b"".join(answer.streaming_content)
    assert gzip.decompress(body) == (VENDOR / "tabler.min.css").read_bytes()
    assert len(body) < 60_000


def test_vendored_files_carry_no_source_maps_and_have_licences() -> None:
    for file in VENDOR.iterdir():
        assert "sourceMappingURL" not in file.read_text(encoding="utf-8"), file.name
    for name in ("tabler", "tabler-icons", "htmx", "echarts"):
        assert (VENDOR / f"LICENSE-{name}.txt").exists()
