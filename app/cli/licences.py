"""`rootan licences`: the register of licensed recruiters."""

import asyncio
from pathlib import Path

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.runtime import Runtime
from core.clock import bangkok, utc_now
from core.errors import InvalidInputError, NotFoundError
from screening.licences.reading import MOST_BYTES, read_date, read_register
from screening.licences.register import RegisterInForce, register_in_force, replace_register

cli = typer.Typer()
licences = typer.Typer(name="licences", help="The register of licensed recruiters.", no_args_is_help=True)
cli.add_typer(licences)


@licences.command("import")
def import_register(
    file: Path,
    as_of: str = typer.Option("", help="The day the register speaks of, 2569-11-01 or 2026-11-01."),
) -> None:
    """Replace the register with FILE.csv (columns number, company; may have as_of, expires_on; UTF-8 or TIS-620)."""
    register = read_register(_read(file))
    given = read_date(as_of) if as_of else None
    if given and register.as_of and given != register.as_of:
        raise InvalidInputError(
            f"the file says as of {register.as_of}; leave --as-of out or give the same day"
        )
    today = bangkok(utc_now()).date()
    day = given or register.as_of or today
    if not (given or register.as_of):
        print(f"The file names no as-of date: {today} is shown to citizens; name another with --as-of.")

    async def work(_runtime: Runtime, session: AsyncSession) -> RegisterInForce:
        return await replace_register(session, register, as_of=day)

    print(f"imported: {_describe(asyncio.run(in_one_transaction(work)))}")


@licences.command()
def status() -> None:
    """Say which register is in force."""

    async def work(_runtime: Runtime, session: AsyncSession) -> RegisterInForce | None:
        return await register_in_force(session)

    found = asyncio.run(in_one_transaction(work))
    if found is None:
        raise NotFoundError("no register yet; import one with `rootan licences import FILE.csv`")
    print(_describe(found))
    age = (bangkok(utc_now()).date() - found.as_of).days
    if age > _OLD_DAYS:
        print(f"It is {age} days old; licences come and go, import a newer one.")


# Our own choice: after a quarter a reminder.
_OLD_DAYS = 90


def _describe(register: RegisterInForce) -> str:
    return f"{register.rows} licensed recruiters as of {register.as_of}"


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(f"the file can't be read ({error.strerror})") from None
