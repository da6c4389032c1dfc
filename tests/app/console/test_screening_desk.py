"""The screening desk over HTTP: masked words, blind raters, two people for a handle, waves merged and taken apart."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from app.console.handles import VERDICTS
from app.console.screening_desk import BANDS, CHANNELS, RATED
from app.console.texts import load_texts, say
from core.accounts.models import Account
from core.audit.chain import AuditEvent
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.ids import new_id
from screening.handles import KINDS
from screening.kinds import NAMES
from screening.reputation import GROUNDS, enter_handle
from tests.app.conftest import Browser
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

DESK = "/console/screening"


@pytest.fixture
def ground(database: Database, keys: DataKeys) -> Ground:
    return Ground(database, keys)


@pytest.fixture
async def offer(ground: Ground) -> UUID:
    return (await ground.send(OFFER, await ground.person()))[0]


async def _audited(database: Database, kind: str) -> list[tuple[str, str]]:
    async with database.unit_of_work() as session:
        rows = await session.scalars(
            sa.select(AuditEvent).where(AuditEvent.object_kind == kind).order_by(AuditEvent.at)
        )
        return [(row.action, row.outcome) for row in rows]


async def test_words_are_masked_until_somebody_asks_and_that_is_noted(
    anong: Browser, offer: UUID, database: Database
) -> None:
    for path in (DESK, f"{DESK}/offers/{offer}"):
        page = (await anong.get(path)).text
        assert "ปอยเปต" in page
        assert "canaryboss" not in page
        assert "0891234567" not in page
    whole = await anong.post(f"{DESK}/offers/{offer}/reveal")
    assert "@canaryboss" in whole.text
    assert await _audited(database, "screening") == [
        ("screening.list", "ok"), ("screening.read", "ok"), ("screening.reveal", "ok"),
    ]  # fmt: skip


async def test_who_does_not_work_on_offers_is_refused(
    malee: Browser, somchai: Browser, offer: UUID, database: Database
) -> None:
    for browser in (malee, somchai):
        for path in ("", "/next", "/agreement", "/radar", "/handles", f"/offers/{offer}"):
            assert (await browser.get(DESK + path)).status_code == 403
        assert (await browser.post(f"{DESK}/offers/{offer}/reveal")).status_code == 403
    assert {outcome for _, outcome in await _audited(database, "screening")} == {"refused"}


async def test_a_second_rater_is_blind_to_the_first_until_they_rated(
    anong: Browser, boon: Browser, offer: UUID
) -> None:
    to_offer = await anong.get(f"{DESK}/next?band=danger")
    assert to_offer.headers["location"] == f"{DESK}/offers/{offer}?band=danger"
    page = (await anong.get(to_offer.headers["location"])).text
    rated = await anong.post(f"{DESK}/offers/{offer}/labels?band=danger", band="caution", kind="chat_admin")
    assert rated.headers["location"] == f"{DESK}/next?band=danger"
    assert f'action="{DESK}/offers/{offer}/labels?band=danger"' in page
    blind = (await boon.get(f"{DESK}/offers/{offer}")).text
    assert say("screening.blind", n=1) in blind
    assert "Anong" not in blind
    await boon.post(f"{DESK}/offers/{offer}/labels", band="danger", kind="scam_centre")
    seen = (await boon.get(f"{DESK}/offers/{offer}")).text
    assert re.search(r"Anong</b>.+?" + say("screening.band.caution"), seen, re.DOTALL)
    assert say("screening.done") in (await boon.get(f"{DESK}/next")).text
    figures = (await boon.get(f"{DESK}/agreement")).text
    assert "<dd>1</dd>" in figures
    assert say("agreement.strength.unknown", fewest=10) in figures


async def test_what_is_skipped_waits_until_the_rest_is_done(anong: Browser, ground: Ground) -> None:
    [one, other] = await ground.send(OFFER, *await ground.people(2))
    page = (await anong.get(f"{DESK}/offers/{other}")).text
    skip = re.search(r'href="(/console/screening/next\?skip=[^"]+)"', page)
    assert skip is not None
    assert (await anong.get(skip[1])).headers["location"].startswith(f"{DESK}/offers/{one}")
    done = await anong.get(f"{DESK}/next?skip={one},{other}")
    assert say("screening.done_skipped", n=2) in done.text


async def test_the_list_is_sifted_by_its_address_and_nonsense_is_refused(anong: Browser, offer: UUID) -> None:
    for query in ("band=danger", "kind=scam_centre", "channel=line", "rated=none"):
        assert str(offer) in (await anong.get(f"{DESK}?{query}")).text
    for query in ("band=caution", "kind=gambling", "channel=check", "rated=mine", "province=ขอนแก่น"):
        page = (await anong.get(f"{DESK}?{query}")).text
        assert str(offer) not in page
        assert say("screening.empty_filtered") in page
    for query in ("band=certain", "wave_id=1", "before=x", "rated=never", f"kind={'x' * 50}"):
        assert (await anong.get(f"{DESK}?{query}")).status_code == 400
    for fields in ({"band": "certain"}, {"band": "danger", "kind": "weather"}, {}):
        assert (await anong.post(f"{DESK}/offers/{offer}/labels", **fields)).status_code == 400
    assert (await anong.post(f"{DESK}/offers/{new_id()}/labels", band="danger")).status_code == 404
    assert (await anong.get(f"{DESK}/offers/{new_id()}")).status_code == 404


async def _handle(database: Database) -> UUID:
    async with database.unit_of_work() as session:
        found = await session.scalar(sa.text("SELECT id FROM reported_handle"))
    assert isinstance(found, UUID)
    return found


async def test_one_proposes_a_handle_and_another_confirms_it(
    anong: Browser, boon: Browser, ground: Ground, database: Database
) -> None:
    asker = await ground.person()
    entered = await anong.post(f"{DESK}/handles", kind="line_id", written="@CanaryBoss")
    assert entered.status_code == 303
    handle = await _handle(database)
    page = (await anong.get(f"{DESK}/handles")).text
    assert "@canaryboss" in page
    assert "/confirm" not in page
    assert (await anong.post(f"{DESK}/handles/{handle}/confirm")).status_code == 403
    assert (await ground.ask(OFFER, asker)).standing.handles == ()
    assert (await boon.post(f"{DESK}/handles/{handle}/confirm")).status_code == 303
    assert len((await ground.ask(OFFER, asker)).standing.handles) == 1
    assert "Boon" in (await boon.get(f"{DESK}/handles?verdict=confirmed")).text
    assert (await boon.post(f"{DESK}/handles/{handle}/clear")).status_code == 303
    assert (await ground.ask(OFFER, asker)).standing.handles == ()
    done = [row for row in await _audited(database, "handle") if row[0] != "handle.list"]
    assert done == [
        ("handle.enter", "ok"), ("handle.confirm", "refused"), ("handle.confirm", "ok"), ("handle.clear", "ok"),
    ]  # fmt: skip


async def test_a_supervisor_does_not_confirm_their_own_proposal(
    boon: Browser, database: Database, keys: DataKeys
) -> None:
    async with database.unit_of_work() as session:
        by = await session.get_one(Account, boon.account_id)
        handle = await enter_handle(session, keys, kind="phone", value="+66891234567", by=by)
    page = (await boon.get(f"{DESK}/handles")).text
    assert say("handle.waits_for_other") in page
    refused = await boon.post(f"{DESK}/handles/{handle}/confirm")
    assert refused.status_code == 403
    assert say("problem.own_proposal.what") in refused.text


async def test_what_is_no_handle_is_refused_and_stays_in_its_field(
    anong: Browser, database: Database
) -> None:
    refused = await anong.post(f"{DESK}/handles", kind="phone", written="โทรหาเขา")
    assert refused.status_code == 400
    assert 'value="โทรหาเขา"' in refused.text
    for path, fields in (
        (f"/handles/{new_id()}/propose", {"grounds": "own_check"}), (f"/handles/{new_id()}/propose", {"grounds": "x"}),
    ):  # fmt: skip
        assert (await anong.post(DESK + path, **fields)).status_code in (400, 404)


async def test_waves_stand_on_the_radar_are_merged_and_taken_apart(
    anong: Browser, boon: Browser, ground: Ground
) -> None:
    empty = (await anong.get(f"{DESK}/radar")).text
    assert say("radar.empty") in empty
    await ground.send(OFFER, *await ground.people(4))
    await ground.send(OTHER_OFFER, *await ground.people(3))
    await ground.refresh()
    small, large = [row["id"] for row in await ground.rows("SELECT id FROM wave ORDER BY senders")]
    page = (await anong.get(f"{DESK}/radar")).text
    assert re.search(rf"waves/{large}.+?<td class=\"sum\">4</td>", page, re.DOTALL)
    merged = await anong.post(f"{DESK}/waves/{small}/merge", into=large)
    assert merged.headers["location"] == f"{DESK}/waves/{large}"
    page = (await anong.get(f"{DESK}/radar")).text
    assert '<td class="sum">7</td>' in page
    assert f"waves/{small}" not in page
    assert (await anong.post(f"{DESK}/waves/{small}/parts/{large}/take-out")).status_code == 404
    assert (await anong.post(f"{DESK}/waves/{large}/merge", into=small)).status_code == 409
    await anong.post(f"{DESK}/waves/{large}/parts/{small}/take-out")
    assert '<td class="sum">4</td>' in (await anong.get(f"{DESK}/radar")).text


async def test_a_wave_is_named_and_its_example_drafted_approved_and_withdrawn(
    anong: Browser, boon: Browser, ground: Ground
) -> None:
    await ground.send(OFFER, *await ground.people(3))
    wave = await ground.value("SELECT id FROM wave")
    address = f"{DESK}/waves/{wave}"
    assert (await anong.post(f"{address}/name", name="แอดมิน ปอยเปต")).status_code == 303
    assert "แอดมิน ปอยเปต" in (await anong.get(address)).text
    refused = await anong.post(f"{address}/name", name="ทักไลน์ @canaryboss")
    assert (refused.status_code, say("problem.bad_wave_name.what") in refused.text) == (400, True)
    draft = (await anong.post(f"{address}/draft")).text
    assert "[ไอดีไลน์]" in draft
    assert "canaryboss" not in draft
    assert (await anong.post(f"{address}/examples", text="รับแอดมิน")).status_code == 403
    assert 'name="text"' in (await boon.post(f"{address}/draft")).text
    named = await boon.post(f"{address}/examples", text="ทักไลน์ @canaryboss")
    assert (named.status_code, "ทักไลน์ @canaryboss</textarea>" in named.text) == (400, True)
    assert (await boon.post(f"{address}/examples", text="รับแอดมินตอบแชท ปอยเปต")).status_code == 303
    assert "รับแอดมินตอบแชท ปอยเปต" in (await anong.get(address)).text
    example = await ground.value("SELECT id FROM wave_example")
    assert (await boon.post(f"{DESK}/waves/{new_id()}/examples/{example}/withdraw")).status_code == 404
    assert (await boon.post(f"{address}/examples/{example}/withdraw")).status_code == 303
    assert "รับแอดมินตอบแชท ปอยเปต" not in (await anong.get(address)).text
    assert (await anong.get(f"{DESK}/waves/{new_id()}")).status_code == 404


async def test_the_radar_shows_weeks_new_handles_and_provinces_in_the_language_of_the_page(
    anong: Browser, ground: Ground
) -> None:
    text = OFFER + " จังหวัดขอนแก่น"
    offer, *_ = await ground.send(text, *await ground.people(6), at=utc_now() - timedelta(hours=1))
    await ground.refresh()
    page = (await anong.get(f"{DESK}/radar")).text
    assert "ขอนแก่น</a>" in page
    assert say("handle.kind.line_id") in page
    anong.client.cookies.set("rootan-language", "en")
    assert "Khon Kaen</a>" in (await anong.get(f"{DESK}/radar")).text
    assert "· Khon Kaen" in (await anong.get(f"{DESK}/offers/{offer}")).text
    listed = (await anong.get(f"{DESK}?province=ขอนแก่น")).text
    assert '<option value="ขอนแก่น" selected>Khon Kaen</option>' in listed
    assert "<span>Khon Kaen</span>" in listed


def test_every_code_of_the_desk_has_its_words() -> None:
    texts = set(load_texts())
    for section, codes in {
        "lure": NAMES, "screening.band": BANDS, "screening.channel": CHANNELS, "screening.rated": RATED,
        "handle.kind": KINDS, "handle.grounds": GROUNDS, "handle.verdict": VERDICTS, "handle.empty": VERDICTS,
        "agreement.strength": ("good", "fair", "poor", "unknown"),
    }.items():  # fmt: skip
        assert {f"{section}.{code}" for code in codes} <= texts, section
