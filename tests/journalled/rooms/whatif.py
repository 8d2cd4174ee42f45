"""The services of replays."""

from __future__ import annotations

from datetime import date

from huiyin.procedures.packfiles import load_pack
from huiyin.whatif.services import ask_replay

PERFORM = {
    "ask_replay": lambda small: ask_replay(
        actor=small.actor("quality"),
        pack=load_pack("PM1"),
        title="A/1",
        since=date(2026, 1, 1),
        until=date(2026, 1, 31),
    ),
}
