"""Short links of our own: `/l/<slug>` leads to an address of a campaign. How often on a day is counted; by whom is not.

A slug stands for a wording and an address, never for a person, and only what was stored here leads anywhere: stored when
a campaign was approved, https alone, so that nobody can make one of our links lead elsewhere.
"""

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, quote, urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from campaigns.figures import floored
from campaigns.models import CampaignLink, LinkDay
from campaigns.plans.blocks import Block, ButtonsBlock, CardBlock, CarouselBlock, LinkBlock
from campaigns.plans.plan import Plan
from core.clock import bangkok, utc_now
from core.errors import InvalidInputError
from core.ids import new_id

PATH = "/l/"
LONGEST_ADDRESS = 2_000
# Without letters that are mistaken for each other; eight of them are found by nobody who tries.
_LETTERS, _LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 8
_SLUG = re.compile(f"[{_LETTERS}]{{{_LENGTH}}}")
_NOT_IN_ADDRESS = re.compile(r"[\s\\\x00-\x1f\x7f]")
_KEPT = "/:?#[]@!$&'()*+,;=%-._~"


class AddressError(InvalidInputError):
    """Not a public https address."""

    code = "address"


class Opened(NamedTuple):
    """How often a link was opened, floored; None for fewer than 20 times."""

    address: str
    variant: str
    slug: str
    opened: int | None


def check_address(address: str) -> str:
    """Return the address as it may stand in a header; raises AddressError for anything but a public https address."""
    parts = _split(address)
    host = _host(parts)
    if host is None:
        raise AddressError("a link leads to a public https address, without a name or password in it")
    rest = quote(address.split("//", 1)[1][len(parts.netloc) :], safe=_KEPT)
    return f"https://{host}{rest}"


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST_ADDRESS or _NOT_IN_ADDRESS.search(address):
        raise AddressError(f"an address has at most {LONGEST_ADDRESS} characters and no blank")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise AddressError("this is no address") from None
    if parts.scheme != "https" or not address.lower().startswith("https://") or port not in {None, 443}:
        raise AddressError("a link begins with https:// and names no port")
    return parts


def _host(parts: SplitResult) -> str | None:
    """The host in letters that every browser reads; None where it is none, of this machine, or only a number."""
    name = (parts.hostname or "").rstrip(".")
    try:
        host = name.encode("idna").decode()
    except UnicodeError:
        return None
    if "@" in parts.netloc or "." not in host or host.endswith((".localhost", ".local", ".internal")):
        return None
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        # The last part of a name is no number, so that 127.1 is none.
        return host if re.fullmatch(r"[a-z0-9.-]+\.[a-z][a-z0-9-]+", host) else None
    return None


def addresses_of(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every (variant, address) that a plan links to, each once."""
    seen = {
        (wording.variant, address): None
        for step in plan.steps
        for wording in step.wordings
        for block in wording.blocks
        for address in _in_block(block)
    }
    return iter(seen)


def _in_block(block: Block) -> Iterator[str]:
    if isinstance(block, LinkBlock):
        yield block.address
    elif isinstance(block, CarouselBlock):
        for card in block.cards:
            yield from _in_block(card)
    elif isinstance(block, CardBlock | ButtonsBlock):
        yield from (press.address for press in block.presses if press.address)


async def keep_links(session: AsyncSession, campaign_id: UUID, plan: Plan) -> None:
    """Store what a plan links to; what is stored keeps its slug. Called by what approves. Raises AddressError."""
    wanted = list(addresses_of(plan))
    for _, address in wanted:
        check_address(address)
    await session.execute(sa.select(sa.func.pg_advisory_xact_lock(campaign_id.int & (2**63 - 1))))
    known = {(link.variant, link.address) for link in await _links(session, campaign_id)}
    session.add_all(
        CampaignLink(
            id=new_id(), slug=_new_slug(), campaign_id=campaign_id, variant=variant, address=address,
            created_at=utc_now(),
        )
        for variant, address in wanted
        if (variant, address) not in known
    )  # fmt: skip
    await session.flush()


def _new_slug() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))


async def _links(session: AsyncSession, campaign_id: UUID) -> list[CampaignLink]:
    found = await session.scalars(
        sa.select(CampaignLink).where(CampaignLink.campaign_id == campaign_id).order_by(CampaignLink.id)
    )
    return list(found)


async def links_of(session: AsyncSession, campaign_id: UUID, variant: str, base_url: str) -> dict[str, str]:
    """The short link of each address of one wording, as rendering takes them."""
    start = base_url.rstrip("/") + PATH
    return {
        link.address: start + link.slug
        for link in await _links(session, campaign_id)
        if link.variant == variant
    }


async def open_link(session: AsyncSession, slug: str, now: datetime, *, counts: bool) -> str | None:
    """Return where a link leads, and count it; None for one that is not ours."""
    if _SLUG.fullmatch(slug) is None:
        return None
    link = await session.scalar(sa.select(CampaignLink).where(CampaignLink.slug == slug))
    if link is None:
        return None
    try:
        address = check_address(link.address)
    except AddressError:
        return None
    if counts:
        await _count(session, link.id, now)
    return address


async def _count(session: AsyncSession, link_id: UUID, now: datetime) -> None:
    once = insert(LinkDay).values(link_id=link_id, day=bangkok(now).date(), opened=1)
    await session.execute(
        once.on_conflict_do_update(
            index_elements=["link_id", "day"], set_={"opened": LinkDay.opened + once.excluded.opened}
        )
    )


async def links_opened(session: AsyncSession, campaign_id: UUID) -> list[Opened]:
    """How often each link of a campaign was opened, all days together, so that no day tells of one person."""
    opened = {
        link_id: int(count)
        for link_id, count in await session.execute(
            sa.select(LinkDay.link_id, sa.func.sum(LinkDay.opened))
            .join(CampaignLink, CampaignLink.id == LinkDay.link_id)
            .where(CampaignLink.campaign_id == campaign_id)
            .group_by(LinkDay.link_id)
        )
    }
    return [
        Opened(link.address, link.variant, link.slug, floored(opened.get(link.id, 0)))
        for link in await _links(session, campaign_id)
    ]
