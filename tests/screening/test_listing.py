"""Offers on the desk: by what is asked for, without what names somebody, and the next one to be rated."""

from typing import Any
from uuid import UUID

import pytest

from core.accounts.models import Account
from core.clock import utc_now
from core.crypto.data_keys import destroy_data_key
from core.db.database import driver_connection
from core.errors import ForbiddenError, NotFoundError
from core.ids import new_id
from nlp.findings import Band
from nlp.judgement import judge
from screening.labels.doubts import note_doubt
from screening.labels.listing import PAGE, Filters, OfferOnDesk, list_offers, next_to_rate, read_offer
from screening.labels.merging import merge_waves
from screening.labels.rating import Ratings, label_screening, ratings_of
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, mask


async def listed(ground: Ground, by: Account, before: UUID | None = None, **asked: Any) -> list[OfferOnDesk]:
    async with ground.database.unit_of_work() as session:
        return await list_offers(session, ground.keys, Filters(**asked), by=by, before=before, mask=mask)


async def ids(ground: Ground, by: Account, **asked: Any) -> list[UUID]:
    return [offer.id for offer in await listed(ground, by, **asked)]


async def rate(ground: Ground, offer: UUID, by: Account, band: Band = "danger") -> None:
    async with ground.database.unit_of_work() as session:
        await label_screening(session, offer, band=band, by=by)


async def wanted(ground: Ground, by: Account) -> UUID | None:
    async with ground.database.unit_of_work() as session:
        return await next_to_rate(session, Filters(), by=by)


async def test_what_is_asked_for_is_found_and_nothing_else(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    [danger] = await ground.send(OFFER, await ground.person())
    [other] = await ground.send(OTHER_OFFER, await ground.person())
    judged = judge(OFFER)
    wave_id = await ground.value("SELECT wave_id FROM screening WHERE id = $1", danger)
    assert await ids(ground, officer) == [other, danger]
    for asked in (
        {"band": judged.band}, {"kind": "scam_centre"}, {"sign": judged.indicators[0].code},
        {"wave_id": wave_id},
    ):  # fmt: skip
        assert await ids(ground, officer, **asked) == [danger], asked
    assert await ids(ground, officer, channel="line") == [other, danger]
    for asked in ({"channel": "check"}, {"band": "' OR true"}, {"province": "ขอนแก่น"}, {"wave_id": new_id()}):
        assert await ids(ground, officer, **asked) == []


async def test_a_page_ends_and_the_next_begins_after_it(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    sent = await ground.send(OFFER, *await ground.people(PAGE + 3))
    first = await listed(ground, officer)
    rest = await listed(ground, officer, before=first[PAGE - 1].id)
    assert [o.id for o in first[:PAGE] + rest] == sorted(sent, reverse=True)


async def test_who_looks_sees_no_id_or_number_unless_they_ask_for_the_whole(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    [offer] = await ground.send(OFFER, await ground.person())
    [shown] = await listed(ground, officer)
    assert "ปอยเปต" in shown.text
    assert "canaryboss" not in shown.text
    assert "0891234567" not in shown.text
    async with ground.database.unit_of_work() as session:
        assert (await read_offer(session, ground.keys, offer, by=officer, mask=mask)).text == shown.text
        assert (
            await read_offer(session, ground.keys, offer, by=officer, whole=True, mask=mask)
        ).text == OFFER


async def test_words_that_are_gone_are_not_shown_and_not_asked_for(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    person = await ground.person()
    [offer] = await ground.send(OFFER, person)
    async with ground.database.unit_of_work() as session:
        key = await ground.value("SELECT data_key_id FROM contact WHERE id = $1", person.contact_id)
        await destroy_data_key(session, key)
    # Of the public page nothing was left to us.
    await ground.send(OFFER, None)
    assert [(o.id, o.text) for o in await listed(ground, officer)] == [(offer, "")]
    assert await wanted(ground, officer) is None
    async with ground.database.unit_of_work() as session:
        assert (await read_offer(session, ground.keys, offer, by=officer, whole=True, mask=mask)).text == ""


async def test_offers_older_than_their_words_are_not_listed(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    [offer] = await ground.send(OFFER, await ground.person())
    assert await ids(ground, officer) == [offer]
    await ground.rows("UPDATE screening SET id = '00000000-0000-7000-8000-000000000001'")
    assert await ids(ground, officer) == []


async def test_a_doubted_offer_comes_first_then_one_that_another_rated_then_the_newest(
    ground: Ground,
) -> None:
    mine, other, third = [await ground.member("hotline_officer") for _ in range(3)]
    people = await ground.people(4)
    [doubted] = await ground.send(OFFER, people[0])
    [rated] = await ground.send(OFFER, people[1])
    [full] = await ground.send(OFFER, people[2])
    [newest] = await ground.send(OFFER, people[3])
    async with ground.database.unit_of_work() as session:
        await note_doubt(await driver_connection(session), people[0].contact_id, utc_now())
    await rate(ground, rated, other)
    for rater in (other, third):
        await rate(ground, full, rater)
    async with ground.database.unit_of_work() as session:
        assert await next_to_rate(session, Filters(), by=mine, skipped=[doubted, rated]) == newest
    order = []
    for _ in range(3):
        offer = await wanted(ground, mine)
        assert offer is not None
        order.append(offer)
        await rate(ground, offer, mine)
    assert order == [doubted, rated, newest]
    assert await wanted(ground, mine) is None
    assert await ids(ground, mine, rated="mine") == sorted(order, reverse=True)
    assert await ids(ground, other, rated="once") == [newest, doubted]
    assert await ids(ground, mine, rated="none") == []
    assert await ids(ground, mine, rated="doubted") == []


async def test_nobody_sees_what_others_gave_before_they_gave_their_own(ground: Ground) -> None:
    one, other = await ground.member("hotline_officer"), await ground.member("supervisor")
    [offer] = await ground.send(OFFER, await ground.person())

    async def seen(by: Account) -> Ratings:
        async with ground.database.unit_of_work() as session:
            return await ratings_of(session, offer, by=by)

    await rate(ground, offer, one, "danger")
    assert await seen(other) == Ratings(None, 1)
    await rate(ground, offer, other, "caution")
    found = await seen(other)
    assert found.mine is not None
    assert (found.mine.band, [(r.by, r.band) for r in found.theirs]) == ("caution", [(one.name, "danger")])


async def test_a_wave_takes_in_what_was_merged_into_it(ground: Ground) -> None:
    officer = await ground.member("hotline_officer")
    [one] = await ground.send(OFFER, await ground.person())
    [other] = await ground.send(OTHER_OFFER, await ground.person())
    waves = {row["id"]: row["wave_id"] for row in await ground.rows("SELECT id, wave_id FROM screening")}
    assert await ids(ground, officer, wave_id=waves[one]) == [one]
    async with ground.database.unit_of_work() as session:
        await merge_waves(session, waves[other], into=waves[one], by=officer)
    assert await ids(ground, officer, wave_id=waves[one]) == [other, one]


async def test_only_who_works_on_offers_reads_them(ground: Ground) -> None:
    [offer] = await ground.send(OFFER, await ground.person())
    for role in ("campaign_manager", "administrator", "auditor"):
        member = await ground.member(role)  # type: ignore[arg-type]
        async with ground.database.unit_of_work() as session:
            with pytest.raises(ForbiddenError):
                await list_offers(session, ground.keys, Filters(), by=member, mask=mask)
            with pytest.raises(ForbiddenError):
                await read_offer(session, ground.keys, offer, by=member, mask=mask)
            with pytest.raises(ForbiddenError):
                await ratings_of(session, offer, by=member)
    officer = await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        with pytest.raises(NotFoundError):
            await read_offer(session, ground.keys, new_id(), by=officer, mask=mask)
