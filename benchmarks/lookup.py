"""Look-up while typing at 200,000 customers: `python benchmarks/lookup.py [--customers N] [--rounds N]`.

Runs on the database that HUIYIN_DATABASE_URL names (SQLite in the data folder without it), which must be one
made for measuring: it is filled once and used again. Prints median and 95th percentile for each way to type,
for somebody of one site and for somebody who sees all sites. Ends with status 1 where a 95th percentile is
50 ms or more, or where ten times the customers take more than five times as long.
"""

from __future__ import annotations

import argparse
import os
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from lookup_measure import run

    return run(options.customers, options.rounds)


if __name__ == "__main__":
    sys.exit(main())
