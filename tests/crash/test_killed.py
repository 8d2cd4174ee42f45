"""The server is killed again and again while people register and answer: nothing that was promised is lost.

`make crash` kills it 50 times on each database; the suite itself five times.
"""

from __future__ import annotations

import os
import random
import time

from tests.crash.aftermath import catch_up, nothing_is_lost
from tests.crash.conftest import Robot
from tests.crash.server import Server, under_load

KILLS = int(os.environ.get("CRASH_KILLS", "5"))


def test_what_was_promised_survives_being_killed(server: Server, token: str, robot: Robot) -> None:
    chance = random.Random(KILLS)
    server.start()
    with under_load(server, token) as clients:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.5, 2.5))
            server.kill()
            server.start()
        time.sleep(1)
    catch_up(server.environ)
    assert nothing_is_lost(server.environ, clients, robot.said) > 2 * KILLS
    assert sum(client.repeated for client in clients) >= KILLS / 2  # requests were cut off by it
