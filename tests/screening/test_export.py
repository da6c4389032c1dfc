"""What flows to training: masked, rated alike by two, and only what its sender let us keep."""

from typing import get_args

import msgspec

from core.accounts.models import Account
from core.clock import utc_now
from core.consent import record_consent
from core.db.database import driver_connection
from nlp.findings import Band
from nlp.judgement import judge
from nlp.training import real
from screening.desk import desk_key
from screening.labels.export import KINDS_OF_BANDS, RatedOffer, rated_offers
from screening.labels.rating import label_screening
from screening.offers import Screened, store_screenings
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground, Sender


async def agrees(ground: Ground, sender: Sender, *, granted: bool = True) -> None:
    async with ground.database.unit_of_work() as session:
        await record_consent(
            session, sender.contact_id, "keep_text", granted=granted, wording="1", source="chat"
        )


async def rate(ground: Ground, offer: object, *ratings: tuple[Account, Band]) -> None:
    async with ground.database.unit_of_work() as session:
        for by, band in ratings:
            await label_screening(session, offer, band=band, kind="chat_admin", by=by)  # type: ignore[arg-type]


async def exported(ground: Ground) -> list[RatedOffer]:
    async with ground.database.unit_of_work() as session:
        return await rated_offers(session, ground.keys)


async def test_only_what_its_sender_lets_us_keep_is_exported_and_not_once_they_withdrew(
    ground: Ground,
) -> None:
    one, other = await ground.member("hotline_officer"), await ground.member("hotline_officer")
    kept, silent = await ground.people(2)
    await agrees(ground, kept)
    for sender, text in ((kept, OFFER), (silent, OTHER_OFFER)):
        [offer] = await ground.send(text, sender)
        await rate(ground, offer, (one, "danger"), (other, "danger"))
    [found] = await exported(ground)
    assert (found.kind, found.subtype) == ("scam_offer", "chat_admin")
    assert "ปอยเปต" in found.text
    assert "canaryboss" not in found.text
    assert "0891234567" not in found.text
    await agrees(ground, kept, granted=False)
    assert await exported(ground) == []


async def test_what_raters_differ_about_or_one_alone_rated_teaches_nothing(ground: Ground) -> None:
    one, other = await ground.member("hotline_officer"), await ground.member("hotline_officer")
    sender = await ground.person()
    await agrees(ground, sender)
    [offer] = await ground.send(OFFER, sender)
    await rate(ground, offer, (one, "danger"))
    assert await exported(ground) == []
    await rate(ground, offer, (other, "caution"))
    assert await exported(ground) == []
    await rate(ground, offer, (other, "danger"))
    assert len(await exported(ground)) == 1


async def test_what_was_left_to_us_on_the_public_page_is_exported_too_and_each_text_once(
    ground: Ground,
) -> None:
    one, other = await ground.member("hotline_officer"), await ground.member("hotline_officer")
    async with ground.database.unit_of_work() as session:
        key = (await desk_key(session, ground.keys))[1]
        offers = [Screened(judge(OTHER_OFFER), OTHER_OFFER, "check", key=key)] * 2
        connection = await driver_connection(session)
        stored = await store_screenings(connection, ground.keys.keyset, offers, utc_now())
    for offer in stored:
        await rate(ground, offer, (one, "unclear"), (other, "unclear"))
    [found] = await exported(ground)
    assert found.kind == "genuine_offer"


def test_a_line_of_the_file_is_one_that_training_reads() -> None:
    line = msgspec.json.decode(msgspec.json.encode(RatedOffer("ข้อความ", "scam_offer", "courier")))
    assert line == {"text": "ข้อความ", "kind": "scam_offer", "subtype": "courier"}
    assert set(KINDS_OF_BANDS.values()) <= set(real._LABELS)
    assert set(KINDS_OF_BANDS) == set(get_args(Band))
