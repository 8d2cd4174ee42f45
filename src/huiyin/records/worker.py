"""The process that makes documents. Reads one job from standard input, writes one line of JSON, ends.

Knows nothing of Django or the database.
"""

from __future__ import annotations

import base64
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from huiyin.core.wordfiles import UnsafeWordFile, check_word_file
from huiyin.records.sandbox import FillingIn, close_the_doors

FONT = "Noto Sans CJK SC"
CPU_SECONDS = 60
MOST_RESULT = 60 * 1024 * 1024


class JobError(Exception):
    """Something a person can mend; `code` says what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def limit_memory(megabytes: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))


def require_fonts() -> None:
    """Without a Chinese font every page would be boxes: better none."""
    finder = shutil.which("fc-list")
    if finder is None:
        return
    found = subprocess.run([finder, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)  # noqa: S603
    if not found.stdout.strip():
        raise JobError("no_fonts")


def run(job: Mapping[str, Any]) -> bytes:
    require_fonts()
    if job["job"] == "chart":
        from huiyin.records.drawing import draw

        return draw(job["spec"], "svg")
    if job["job"] == "word":
        return word(job)
    return pdf(job)


def word(job: Mapping[str, Any]) -> bytes:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage
    from jinja2 import TemplateError

    body = base64.b64decode(job["template"])
    try:
        check_word_file(body)
    except UnsafeWordFile as error:
        raise JobError("unsafe_template", error.code) from error
    template = DocxTemplate(io.BytesIO(body))
    context = dict(job["context"])
    context["charts"] = {}
    if job["charts"]:
        from huiyin.records.drawing import draw

        for name, spec in job["charts"].items():
            picture = io.BytesIO(draw(spec, "png"))
            context["charts"][name] = InlineImage(template, picture, width=Mm(165))
    close_the_doors()
    try:
        # a template comes from a pack: it may fill in, not run
        template.render(context, jinja_env=FillingIn())
    except (TemplateError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise JobError("template", str(error)[:300]) from error
    stream = io.BytesIO()
    template.save(stream)
    return stream.getvalue()


def pdf(job: Mapping[str, Any]) -> bytes:
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError as error:  # a library of the system is missing
        raise JobError("no_library", str(error).splitlines()[0]) from error
    charts = job["charts"]

    class Charts(URLFetcher):  # type: ignore[misc]  # the library is untyped
        """Gives the job's charts and fetches nothing else, neither files nor addresses."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix("chart:")
            if name == url or name not in charts:
                raise ValueError(f"not fetched: {url[:80]}")
            from huiyin.records.drawing import draw

            body = draw(charts[name], "svg")
            return URLFetcherResponse(url, body, {"Content-Type": "image/svg+xml"})

    return bytes(HTML(string=job["html"], url_fetcher=Charts(fail_on_errors=True)).write_pdf())


def main() -> int:
    job = json.loads(sys.stdin.read())
    limit_memory(int(job.get("memory_mb", 1500)))
    try:
        result = run(job)
        if len(result) > MOST_RESULT:
            raise JobError("memory")
        answer = {"result": base64.b64encode(result).decode()}
    except JobError as error:
        answer = {"error": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"error": "memory"}
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
