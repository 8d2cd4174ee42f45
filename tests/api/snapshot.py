"""`python -m tests.api.snapshot` writes the description of the API to `openapi.json`, for review."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).parent / "openapi.json"


def schema() -> dict[str, Any]:
    from huiyin.api.urls import api

    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return found


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    django.setup()
    text = json.dumps(schema(), ensure_ascii=False, indent=2, sort_keys=True)
    SNAPSHOT.write_text(text + "\n", encoding="utf-8")
