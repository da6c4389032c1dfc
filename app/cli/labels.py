"""`rootan labels`: what staff rated, for training."""

import asyncio
import os
from pathlib import Path

import msgspec
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.runtime import Runtime
from core.audit.chain import record_audit
from core.errors import InvalidInputError
from screening.labels.export import RatedOffer, rated_offers

cli = typer.Typer()
labels = typer.Typer(name="labels", help="What staff rated at the screening desk.", no_args_is_help=True)
cli.add_typer(labels)


@labels.callback()
def _family() -> None:
    """What staff rated at the screening desk."""


@labels.command()
def export(file: Path) -> None:
    """Write rated offers that may be kept to FILE (rated_offers.jsonl), one JSON object a line, readable by its owner alone."""

    async def work(runtime: Runtime, session: AsyncSession) -> list[RatedOffer]:
        found = await rated_offers(session, runtime.keys)
        await record_audit(session, actor_id=None, action="labels.export", object_kind="labels")
        return found

    offers = asyncio.run(in_one_transaction(work))
    _write(file, b"".join(msgspec.json.encode(offer) + b"\n" for offer in offers))
    print(
        f"{len(offers)} rated offers. Delete older exports: what was withdrawn since is missing from this one."
    )


def _write(file: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
            opened.write(content)
    except OSError as error:
        raise InvalidInputError(f"the file can't be written ({error.strerror})") from None
