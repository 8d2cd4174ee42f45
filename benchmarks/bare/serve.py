"""Serves the bare views as `huiyin serve` does: waitress, eight threads. `serve.py PORT PROCESSES`."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import waitress


def main(port: int, processes: int) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ["DJANGO_SETTINGS_MODULE"] = "bare.settings"
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    application = get_wsgi_application()
    _tables()
    connection.close()
    listening = socket.create_server(("127.0.0.1", port), backlog=128)
    children = [pid for pid in (os.fork() for _ in range(processes - 1)) if pid]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        waitress.create_server(application, sockets=[listening], threads=8).run()
    finally:
        for child in children if len(children) == processes - 1 else []:
            os.kill(child, signal.SIGTERM)


def _tables() -> None:
    from django.db import connection

    from bare.models import History, Ticket

    known = set(connection.introspection.table_names())
    for model in (Ticket, History):
        if model._meta.db_table not in known:
            with connection.schema_editor() as editor:
                editor.create_model(model)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
