"""`rootan staff`: inviting staff, a lost second factor, and codes of the demo accounts."""

import asyncio
from collections.abc import Awaitable, Callable

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.process import in_one_transaction
from app.runtime import Runtime
from core.accounts.invitations import invite, reset_second_factor
from core.accounts.roster import find_account, known_role, normal_email
from core.accounts.second_factor import STEP_SECONDS, code_at, current_step, open_secret
from core.errors import ForbiddenError, NotFoundError

cli = typer.Typer()
staff = typer.Typer(name="staff", help="Accounts of staff.", no_args_is_help=True)
cli.add_typer(staff)


@staff.command()
def add(
    email: str,
    role: str = typer.Option(..., help="hotline_officer, supervisor, campaign_manager, campaign_approver, "
                             "partner_officer, auditor or administrator"),
    name: str = typer.Option("", help="Name shown to colleagues; the part before @ when left out."),
) -> None:  # fmt: skip
    """Invite a member of staff: prints a one-time link on which they choose password and second factor."""
    wanted = known_role(role)
    shown = name or email.partition("@")[0]

    async def work(runtime: Runtime, session: AsyncSession) -> str:
        return _link(runtime, await invite(session, runtime.keys, email=email, name=shown, role=wanted))

    _print(work)
    print("It works once, for 72 hours. Hand it over on a way that only they read.")


@staff.command("reset-2fa")
def reset_2fa(email: str) -> None:
    """Replace a lost second factor: prints a one-time link that asks for the password."""

    async def work(runtime: Runtime, session: AsyncSession) -> str:
        return _link(runtime, await reset_second_factor(session, runtime.keys, email))

    _print(work)
    print("They are signed out everywhere. The link works once, for 72 hours.")


@staff.command()
def code(email: str) -> None:
    """Print the current sign-in code of a demo account; no other account has one here."""

    async def work(runtime: Runtime, session: AsyncSession) -> str:
        account = await find_account(session, normal_email(email))
        if account is None:
            raise NotFoundError("no account has this address; start the demo with `make run` first")
        if not account.is_demo or runtime.settings.env == "production":
            raise ForbiddenError("codes are printed for demo accounts only")
        step = current_step()
        secret = await open_secret(session, runtime.keys, account)
        if account.totp_step is not None and account.totp_step >= step:
            step = account.totp_step + 1
        return f"{code_at(secret, step)}   (works once; a new one every {STEP_SECONDS} s)"

    _print(work)


def _print(work: Callable[[Runtime, AsyncSession], Awaitable[str]]) -> None:
    print(asyncio.run(in_one_transaction(work)))


def _link(runtime: Runtime, token: str) -> str:
    return f"{runtime.settings.base_url.rstrip('/')}/console/welcome/{token}"
