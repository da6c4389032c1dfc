"""The command line `rootan`: one module a family of commands, loaded when it is asked for."""

import contextlib
import gc
import importlib
import sys
import warnings
from collections.abc import Iterable, Iterator

import typer

from app.cli.shared_metrics import share_metrics
from core.errors import AppError
from core.settings import load_settings

# Command → the module whose `cli` holds it. A command must not wait for the imports of the others.
FAMILIES = {
    "demo": "app.cli.demo.supervisor",
    "serve": "app.cli.serve",
    "worker": "app.cli.work",
    "migrate": "app.cli.migrate",
    "screen": "app.cli.screen",
    "ocr": "app.cli.ocr",
    "staff": "app.cli.staff",
    "doctor": "app.cli.doctor.command",
    "audit": "app.cli.audit",
    "channels": "app.cli.channels",
    "jobs": "app.cli.jobs",
    "keys": "app.cli.keys",
    "licences": "app.cli.licences",
    "labels": "app.cli.labels",
    "backup": "app.cli.backup.command",
    "restore": "app.cli.backup.command",
}
# Processes whose figures `/metrics` shows together.
RUN_SIDE_BY_SIDE = {"serve", "worker"}


def build(names: Iterable[str]) -> typer.Typer:
    """Return the application with the named families."""
    application = typer.Typer(
        name="rootan",
        help="รู้ทัน RooTan: judges job offers, routes reports to people, runs awareness campaigns.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    with _collecting_nothing():
        for module in dict.fromkeys(FAMILIES[name] for name in names):
            application.add_typer(importlib.import_module(module).cli)
    # With a single command and no callback the command's name would vanish from the command line.
    application.callback()(_root)
    return application


@contextlib.contextmanager
def _collecting_nothing() -> Iterator[None]:
    """What modules make lives as long as the process; walking it over and over took a fifth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _root() -> None:
    """รู้ทัน RooTan: judges job offers, routes reports to people, runs awareness campaigns."""


def main() -> None:
    """Run the command line; what the service refuses on purpose ends in one line and exit status 1."""
    # The embedded database's wheel looks for a login session's folder; without one it uses another, which is fine.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if wanted in RUN_SIDE_BY_SIDE:
            share_metrics(load_settings())
        build([wanted] if wanted in FAMILIES else FAMILIES)()
    except AppError as error:
        print(f"rootan: {error}", file=sys.stderr)
        raise SystemExit(1) from None
