"""The services of procedures."""

from __future__ import annotations

from huiyin.procedures.services import install_pack

PERFORM = {
    "install_pack": lambda small: install_pack(
        actor=small.actor("quality"), company=small.root, source="PM1"
    ),
}
