"""Short links: which addresses they may lead to, one slug for one wording and address, counts of days and nothing else."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from campaigns.links import (
    LONGEST_ADDRESS,
    AddressError,
    addresses_of,
    check_address,
    keep_links,
    links_of,
    links_opened,
    open_link,
)
from campaigns.models import CampaignLink, LinkDay
from campaigns.plans.blocks import ButtonsBlock, CardBlock, CarouselBlock, LinkBlock, Press
from campaigns.plans.plan import Plan, Step
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from tests.campaigns.carried_out import add_campaign, wording

DOE, MOL = "https://www.doe.go.th/check", "https://www.mol.go.th/?a=1&b=2"
GO = {"th": "ดูต่อ"}
LINK = LinkBlock("l", GO, GO, DOE)
CARD = CardBlock("c", GO, GO, presses=(Press(GO, address=MOL), Press(GO, opens="check")))
PLAN = Plan(
    (Step((wording(LINK, CarouselBlock("k", (CARD,)), ButtonsBlock("b", GO, (Press(GO, address=DOE),))),)),)
)
NIGHT = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # half past midnight in Bangkok


@pytest.mark.parametrize(
    "address",
    [
        "http://doe.go.th", "javascript:alert(1)", "//doe.go.th", "https:doe.go.th", "https:/doe.go.th", "https://",
        "https://user@doe.go.th", "https://doe.go.th@evil.example", "https://doe.go.th:8443/", "https://doe.go.th\\@evil.example",
        "https://doe.go.th/\r\nSet-Cookie: a=b", " https://doe.go.th", "https://localhost/", "https://127.0.0.1/",
        "https://127.1/", "https://[::1]/", "https://2130706433/", "https://printer.local/", "https://doe..go.th/",
        "https://doe.go.th/" + "a" * LONGEST_ADDRESS, "", "ftp://doe.go.th", "data:text/html,x", "https://doe",
        "https://a.internal/", "https://x.localhost", "https://999.999.999.999/",
    ],
)  # fmt: skip
def test_only_public_https_addresses_are_taken(address: str) -> None:
    with pytest.raises(AddressError):
        check_address(address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (DOE, DOE),
        (MOL, MOL),
        ("https://DOE.go.th", "https://doe.go.th"),
        ("https://doe.go.th:443/x#y", "https://doe.go.th/x#y"),
        ("https://doe.go.th/งาน?ค=1", "https://doe.go.th/%E0%B8%87%E0%B8%B2%E0%B8%99?%E0%B8%84=1"),
        ("https://doe.go.th/a%20b", "https://doe.go.th/a%20b"),
        ("https://ไทย.ไทย/ก", "https://xn--o3cw4h.xn--o3cw4h/%E0%B8%81"),
    ],
)
def test_an_address_is_written_as_a_header_takes_it(address: str, told: str) -> None:
    assert check_address(address) == told
    assert check_address(told) == told


@given(st.text(max_size=60) | st.builds("https://{}".format, st.text(max_size=40)))
def test_whatever_is_taken_is_one_line_of_ascii_and_taken_again(address: str) -> None:
    try:
        told = check_address(address)
    except AddressError:
        return
    assert told.startswith("https://")
    assert told.isascii()
    assert "\n" not in told
    assert check_address(told) == told


def test_every_address_of_a_plan_is_found_once() -> None:
    assert list(addresses_of(PLAN)) == [("", DOE), ("", MOL)]


async def test_links_are_kept_once_and_keep_their_slugs(database: Database, keys: DataKeys) -> None:
    both = Plan((Step((wording(LINK, variant="a"), wording(LINK, variant="b"))),))
    async with database.unit_of_work() as session:
        campaign = await add_campaign(session, keys, both)
        await keep_links(session, campaign, both)
    async with database.unit_of_work() as session:
        first = [await links_of(session, campaign, which, "https://rt.example/") for which in "ab"]
        await keep_links(session, campaign, both)
        assert [await links_of(session, campaign, which, "https://rt.example") for which in "ab"] == first
    assert first[0][DOE] != first[1][DOE]
    assert first[0][DOE].startswith("https://rt.example/l/")


async def test_a_plan_with_a_bad_address_is_refused_whole(database: Database, keys: DataKeys) -> None:
    plan = Plan((Step((wording(LINK, LinkBlock("m", GO, GO, "http://doe.go.th")),)),))
    with pytest.raises(AddressError):
        async with database.unit_of_work() as session:
            await keep_links(session, await add_campaign(session, keys, plan), plan)
    async with database.unit_of_work() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(CampaignLink)) == 0


async def test_openings_are_counted_by_day_and_shown_from_twenty_on(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        campaign = await add_campaign(session, keys, PLAN)
        await keep_links(session, campaign, PLAN)
        slugs = {one.address: one.slug for one in await links_opened(session, campaign)}
        for _ in range(27):
            assert await open_link(session, slugs[DOE], NIGHT, counts=True) == DOE
        for _ in range(19):
            assert await open_link(session, slugs[MOL], NIGHT, counts=True) == MOL
        assert await open_link(session, slugs[MOL], NIGHT, counts=False) == MOL
    async with database.unit_of_work() as session:
        assert {one.address: one.opened for one in await links_opened(session, campaign)} == {
            DOE: 20,
            MOL: None,
        }
        days = await session.scalars(sa.select(LinkDay.day).distinct())
        assert [str(day) for day in days] == ["2026-11-24"]


async def test_a_link_that_was_changed_to_lead_elsewhere_leads_nowhere(
    database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        campaign = await add_campaign(session, keys, PLAN)
        await keep_links(session, campaign, PLAN)
        await session.execute(sa.update(CampaignLink).values(address="http://evil.example"))
        slug = (await links_opened(session, campaign))[0].slug
        assert await open_link(session, slug, NIGHT, counts=True) is None
        assert await open_link(session, "../../etc", NIGHT, counts=True) is None


def test_what_is_kept_of_an_opening_names_nobody() -> None:
    assert set(LinkDay.__table__.c.keys()) == {"link_id", "day", "opened"}
    assert "contact_id" not in CampaignLink.__table__.c
