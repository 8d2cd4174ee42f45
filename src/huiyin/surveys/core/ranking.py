"""The order of a draw: SHA-256 of seed and id. The same on any machine, and nobody can steer it."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray


def digest_of(seed: int | str, identity: str) -> bytes:
    """SHA-256 of the UTF-8 text `seed:id`."""
    return sha256(f"{seed}:{identity}".encode()).digest()


def ranks(seed: int | str, ids: Sequence[str]) -> NDArray[np.int64]:
    """Place of each id in ascending order of its digest, from 0."""
    prefix = f"{seed}:"
    texts = [(prefix + one).encode() for one in ids]
    joined = b"".join([sha256(text).digest() for text in texts])
    words = np.frombuffer(joined, dtype=">u8").reshape(-1, 4)
    order = np.lexsort((words[:, 3], words[:, 2], words[:, 1], words[:, 0]))
    places = np.empty(len(ids), dtype=np.int64)
    places[order] = np.arange(len(ids))
    return places


def fraction(seed: int | str, what: str) -> float:
    """A number in [0, 1) that depends on the seed alone: where a systematic draw begins."""
    return int.from_bytes(digest_of(seed, what)[:6], "big") / (1 << 48)
