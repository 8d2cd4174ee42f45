"""Measures one database: `measure.py --cases N --seconds S`; the last line of the output is JSON.

HUIYIN_DATABASE_URL and HUIYIN_DATA_DIR say where, as for every command. `bench.py` calls this.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from processes import HERE, Clients, Server, free_port, server
from seeding import fill, prepare

CLIENTS = (1, 8)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--only", default="", help="operations whose name contains this")
    options = parser.parse_args()
    prepare()
    seeded = fill(options.cases)
    from django.db import connection
    from operations import operations

    sqlite = connection.vendor == "sqlite"
    say(f"{connection.vendor}: making what is asked for …")
    wanted = [one for one in operations(sqlite=sqlite) if options.only in one.name]
    connection.close()
    log = Path(os.environ["HUIYIN_DATA_DIR"]) / "bench.log"
    found = _serve(wanted, options.seconds, log, 1 if sqlite else 2)
    found |= {"vendor": connection.vendor, "cases": options.cases, "seeded": asdict(seeded)}
    print(json.dumps(found))
    return 0


def _serve(wanted: list[Any], seconds: float, log: Path, processes: int) -> dict[str, Any]:
    port, other = free_port(), free_port()
    huiyin = [sys.executable, "-m", "huiyin.cli.main", "serve", "--port", str(port)]
    if processes > 1:
        huiyin += ["--processes", str(processes)]
    bare = [sys.executable, str(HERE / "bare" / "serve.py"), str(other), str(processes)]
    clients = Clients()
    with (
        server(huiyin, port, path="/account/login/", log=log) as ours,
        server(bare, other, path="/page", log=log) as theirs,
    ):
        rows = [_measured(one, ours, theirs, clients, seconds) for one in wanted]
        memory = ours.memory()
    clients.close()
    return {"operations": rows, "memory": memory, "start": ours.started_in, "processes": processes}


def _measured(one: Any, ours: Server, theirs: Server, clients: Clients, seconds: float) -> dict[str, Any]:
    """Ours and the bare one in turn, so that both have the machine as it is at that time."""
    found: dict[str, Any] = {
        "name": one.name, "least": one.least, "wanted_ratio": one.ratio,
        "queries": one.queries, "bytes": one.bytes,
    }  # fmt: skip
    for many in CLIENTS:
        mine = _asked(clients, ours, one.requests, one.expect, many, seconds)
        bare = _asked(clients, theirs, one.bare, one.expect, many, seconds)
        found[f"clients_{many}"] = {
            "huiyin": mine,
            "bare": bare,
            "ratio": mine["rate"] / bare["rate"],
            "cpu_ratio": bare["cpu"] / mine["cpu"] if mine["cpu"] else 0,
        }
        say(
            f"  {one.name:<14} {many} clients: {mine['rate']:7.1f}/s  median {mine['median']:6.1f} ms"
            f"  p95 {mine['p95']:6.1f} ms  cpu {mine['cpu']:5.1f} ms   bare {bare['rate']:7.1f}/s"
            f" cpu {bare['cpu']:5.1f} ms   ratio {mine['rate'] / bare['rate']:.2f}"
            + (f"  WRONG {mine['wrong']} {mine['example']}" if mine["wrong"] or bare["wrong"] else "")
        )
    return found


def _asked(
    clients: Clients, one: Server, requests: list[Any], expect: int, many: int, seconds: float
) -> dict[str, Any]:
    """Requests a second, times, and processor time of the server a request, in milliseconds."""
    job = {"port": one.port, "clients": many, "requests": requests, "expect": expect}
    clients.ask({**job, "seconds": min(1.0, seconds / 4)})
    before = one.cpu()
    found = clients.ask({**job, "seconds": seconds})
    time.sleep(0.05)
    return {**found, "cpu": (one.cpu() - before) * 1000 / found["requests"]}


if __name__ == "__main__":
    sys.exit(main())
