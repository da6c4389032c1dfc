"""`rootan audit verify`: the hash chains against their signed heads."""

import asyncio
import sys

import sqlalchemy as sa
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.runtime import Runtime
from core.audit.chain import STREAMS, AuditEvent
from core.audit.heads import heads_path, verify_audit

cli = typer.Typer()
audit = typer.Typer(name="audit", help="The audit of what staff did.", no_args_is_help=True)
cli.add_typer(audit)


@audit.callback()
def _group() -> None:
    """Keeps `verify` a word of its own while it is the only one."""


@audit.command()
def verify() -> None:
    """Walk every chain; exit status 1 and one line for each break."""

    async def work(runtime: Runtime, session: AsyncSession) -> tuple[list[str], int, bool]:
        path = heads_path(runtime.settings.data_dir)
        problems = [line async for line in verify_audit(session, runtime.keys.keyset, path)]
        rows = await session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
        return problems, rows or 0, path.exists()

    problems, rows, signed = asyncio.run(in_one_transaction(work))
    for line in problems:
        print(line, file=sys.stderr)
    if problems:
        raise typer.Exit(1)
    print(f"{rows} rows in {STREAMS} streams hold" + (", up to their signed heads" if signed else ""))
    if rows and not signed:
        print("No signed heads on this host yet, so a cut tail would not show; workers write them.")
