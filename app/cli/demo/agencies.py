"""Agencies with officers, so that a trial shows how a case goes on outside the hotline."""

import tomllib
from collections.abc import Sequence
from importlib import resources

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.demo import DemoAccount
from core.accounts.roster import find_account
from core.errors import SettingsError
from referrals.agencies.directory import add_agency, read_agencies
from referrals.agencies.officers import name_officer
from referrals.agencies.pairings import pair
from referrals.agencies.particulars import Particulars


class _Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    code: str
    kind: str
    name_th: str
    name_en: str
    template: str
    basis: str
    answers_within: int
    opens_minute: int = 510
    closes_minute: int = 990
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    officers: tuple[str, ...] = ()
    paired: tuple[str, ...] = msgspec.field(default=(), name="with")

    @property
    def particulars(self) -> Particulars:
        return Particulars(
            kind=self.kind, name_th=self.name_th, name_en=self.name_en, template=self.template, basis=self.basis,
            answers_within=self.answers_within, opens_minute=self.opens_minute, closes_minute=self.closes_minute,
            weekdays=self.weekdays,
        )  # fmt: skip


class _Plans(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    agency: tuple[_Plan, ...]


async def ensure_demo_agencies(session: AsyncSession, accounts: Sequence[DemoAccount]) -> None:
    """Make the agencies where there are none at all; raises SettingsError without a demo supervisor."""
    if await read_agencies(session, with_closed=True):
        return
    supervisor = next((one.email for one in accounts if one.role == "supervisor"), "")
    chief = await find_account(session, supervisor)
    if chief is None:
        raise SettingsError("the demo has no supervisor")
    text = resources.files(__package__).joinpath("agencies.toml").read_text("utf-8")
    plans = msgspec.convert(tomllib.loads(text), _Plans).agency
    made = {plan.code: await add_agency(session, plan.code, plan.particulars, by=chief.id) for plan in plans}
    for plan in plans:
        await pair(session, None, made[plan.code], by=chief.id)
        for other in plan.paired:
            await pair(session, made[plan.code], made[other], by=chief.id)
        for email in plan.officers:
            officer = await find_account(session, email)
            if officer is not None:
                await name_officer(session, made[plan.code], officer.id, by=chief.id)
