"""The process that reads a PDF: a file of 1 MB may unpack to all the memory there is, so this one is bounded.

The PDF comes on standard input, its lines leave as a JSON list. Knows nothing of Django or the database.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys

MEMORY_MB = 1000
SECONDS = 60


def pdf_lines(data: bytes) -> list[str]:
    """Raises ValueError where it cannot be read, or not within these bounds."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "huiyin.procedures.reading.pdftext"],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError("takes too long") from error
    if done.returncode != 0:
        raise ValueError("cannot be read")
    found: list[str] = json.loads(done.stdout)
    return found


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not on Windows
        return
    size = MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> int:
    from pdfminer.high_level import extract_text

    _limit()
    json.dump(extract_text(io.BytesIO(sys.stdin.buffer.read())).splitlines(), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
