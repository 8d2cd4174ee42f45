"""Word, PDF and charts are made in a process of their own, so that the server stays small and is never stuck.

A job goes to `huiyin.records.worker` as one line of JSON and comes back as one. What hangs is ended after
`TIMEOUT`, what eats too much memory ends by itself.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from huiyin.config.environment import environment
from huiyin.core.errors import HuiyinError

TIMEOUT = 60
MEMORY_MB = 1500
AT_ONCE = 2
_slots = threading.BoundedSemaphore(AT_ONCE)
# what a child needs of the environment; secrets and the database's address stay here
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
    "FONTCONFIG_PATH",
    "PYTHONPATH",
)


class RenderingFailed(HuiyinError):
    """The document was not made; the message says what to do about it."""

    status = 503
    code = "rendering_failed"


def make_word(
    *, template: bytes, context: Mapping[str, Any], charts: Mapping[str, Any] | None = None
) -> bytes:
    """A Word file from a docxtpl template. A chart is put where the template names it."""
    return _run(
        {
            "job": "word",
            "template": base64.b64encode(template).decode(),
            "context": dict(context),
            "charts": dict(charts or {}),
        }
    )


def make_pdf(*, html: str, charts: Mapping[str, Any] | None = None) -> bytes:
    """A PDF from HTML. `<img src="chart:name">` shows a chart; nothing else is fetched."""
    return _run({"job": "pdf", "html": html, "charts": dict(charts or {})})


def make_chart(*, spec: Mapping[str, Any]) -> bytes:
    """A chart as SVG."""
    return _run({"job": "chart", "spec": dict(spec)})


def _run(job: Mapping[str, Any], *, timeout: float = TIMEOUT) -> bytes:
    if not _slots.acquire(timeout=timeout):
        raise RenderingFailed(_("正在生成的文件太多，请稍后再试一次。"), code="busy")
    try:
        return _answer(_call(json.dumps({**job, "memory_mb": MEMORY_MB}), timeout))
    finally:
        _slots.release()


def _call(line: str, timeout: float) -> str:
    env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    cache = environment().file("cache", "matplotlib").absolute()
    cache.mkdir(parents=True, exist_ok=True)
    env |= {"MPLCONFIGDIR": str(cache), "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "huiyin.records.worker"],
            input=line,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            env=env,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingFailed(_("文件生成得太久，已经停下。请缩小期间再试。"), code="timeout") from error
    if done.returncode != 0:
        raise RenderingFailed(
            _("文件没有生成：{detail}").format(detail=_last_line(done.stderr)), code="worker_failed"
        )
    return done.stdout


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][:300] if lines else _("生成进程没有说明原因")


def _answer(text: str) -> bytes:
    found = json.loads(text.strip().splitlines()[-1])
    if "error" in found:
        raise RenderingFailed(_sentence(found["error"], found.get("detail", "")), code=found["error"])
    return base64.b64decode(found["result"])


def _sentence(code: str, detail: str) -> str:
    sentences = {
        "no_fonts": _("没有中文字体，不能生成。请管理员安装：apt-get install fonts-noto-cjk"),
        "no_library": _(
            "缺少组件，不能生成：{detail}。请管理员安装：apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        ),
        "memory": _("内容太多，超出了内存限制。请缩小期间再试。"),
        "template": _("Word 模板有错误：{detail}"),
        "unsafe_template": _("Word 模板不安全（{detail}），不能使用。"),
    }
    return sentences.get(code, _("文件没有生成：{detail}")).format(detail=detail)
