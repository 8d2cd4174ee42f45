"""The command `huiyin`.

A command is a module with `SUMMARY`, `add_arguments(parser)` and `run(args) -> int`. Only the module of
the command that was asked for is imported, so that `huiyin --help` stays quick and `simulate` works
without a database.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.metadata import version

from huiyin.core.errors import HuiyinError

# name -> (module, one line for --help). The line stands here so that --help imports nothing.
COMMANDS: dict[str, tuple[str, str]] = {
    "simulate": ("huiyin.cli.simulate", "run events through a procedure and print what it makes of them"),
    "demo": ("huiyin.cli.demo", "make the demonstration company once, and serve it"),
    "init": ("huiyin.cli.init", "make the database, the first company and its administrator"),
    "serve": ("huiyin.cli.serve", "run the server: pages, clocks and sending in one command"),
    "work": ("huiyin.cli.work", "do the work that waits, on a machine of its own"),
    "tick": ("huiyin.cli.tick", "do once what is due by time"),
    "verify": ("huiyin.cli.verify", "check that nothing in the journal was altered"),
    "backup": ("huiyin.cli.backup", "save database and files into one file, while the server runs"),
    "restore": ("huiyin.cli.restore", "put a backup back; sending waits until you release it"),
    "doctor": ("huiyin.cli.doctor", "check the installation and say how to mend what is wrong"),
    "report": ("huiyin.cli.report", "the figures of a month, quarter or year as JSON, XLSX, Word or PDF"),
    "import": ("huiyin.cli.import_files", "take in a file of cases or customers"),
    "survey": ("huiyin.cli.survey", "draw the sample of a survey and score its answers, by its plan"),
    "calendar": ("huiyin.cli.calendars", "show the working days of a year, or take in its arrangement"),
    "pack": ("huiyin.cli.pack", "check, show or install a procedure pack"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command. Status: 0 done, 1 the answer is no, 2 wrong input or use."""
    arguments = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="huiyin",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="回音: answer every customer by the company's own written procedure.",
        epilog="commands:\n" + "\n".join(f"  {name:<10} {line}" for name, (_, line) in COMMANDS.items()),
    )
    parser.add_argument("--version", action="version", version=f"huiyin {version('huiyin')}")
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    module = import_module(COMMANDS[chosen.command][0])
    own = argparse.ArgumentParser(prog=f"huiyin {chosen.command}", description=COMMANDS[chosen.command][1])
    module.add_arguments(own)
    try:
        return int(module.run(own.parse_args(chosen.rest)))
    except HuiyinError as error:
        print(f"huiyin: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("huiyin: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
