"""How many others sent the like: different established people, each once. Guards 15."""

import asyncio
from datetime import timedelta

from core.clock import utc_now
from screening.waves import MOST_COUNTED, SIMILAR_DAYS
from tests.screening.conftest import OFFER, OTHER_OFFER, Ground

EDITED = OFFER.replace("@canaryboss", "@newboss").replace("45,000", "39,000") + " รีบเลยนะคะ"


async def test_everybody_who_sent_the_like_counts_once(ground: Ground) -> None:
    one, two, three = await ground.people(3)
    await ground.send(OFFER, one)
    await ground.send(EDITED, two)
    await ground.send(OFFER.upper(), two)
    assert await ground.similar(OFFER, three) == 2
    assert await ground.similar(EDITED, three) == 2
    assert await ground.similar(EDITED, one) == 1
    assert await ground.similar(OTHER_OFFER, three) == 0


async def test_one_sender_with_two_thousand_copies_neither_swells_nor_hides(ground: Ground) -> None:
    loud, quiet, asker = await ground.people(3)
    await ground.send(OFFER, quiet)
    for _ in range(4):
        await ground.send(OFFER, *[loud] * 500)
    assert await ground.similar(OFFER, asker) == 2
    assert await ground.value("SELECT count(*) FROM wave_sender") == 2
    assert await ground.value("SELECT count(*) FROM screening") == 2001


async def test_nobody_new_to_the_service_counts_before_a_day_has_passed(ground: Ground) -> None:
    asker = await ground.person()
    await ground.send(OFFER, *await ground.people(20, known=timedelta(hours=23)))
    assert await ground.similar(OFFER, asker) == 0
    await ground.send(OFFER, *await ground.people(2, known=timedelta(hours=25)))
    assert await ground.similar(OFFER, asker) == 2


async def test_the_public_page_is_told_but_never_counted(ground: Ground) -> None:
    sender = await ground.person()
    await ground.send(OFFER, None, None, None)
    assert await ground.similar(OFFER, sender) == 0
    assert await ground.value("SELECT count(*) FROM wave") == 0
    await ground.send(OFFER, sender)
    assert await ground.similar(OFFER) == 1


async def test_what_is_older_than_a_week_does_not_count_until_it_is_sent_again(ground: Ground) -> None:
    sender, asker = await ground.people(2)
    await ground.send(OFFER, sender, at=utc_now() - timedelta(days=SIMILAR_DAYS, minutes=1))
    assert await ground.similar(OFFER, asker) == 0
    await ground.send(OFFER, sender)
    assert await ground.similar(OFFER, asker) == 1


async def test_like_texts_of_one_batch_found_one_wave(ground: Ground) -> None:
    one, two, asker = await ground.people(3)
    places = [(OFFER, one), (EDITED, two)]
    await asyncio.gather(*(ground.send(text, sender) for text, sender in places[:1]))
    await ground.send(EDITED, two)
    assert await ground.value("SELECT count(*) FROM wave") == 1
    assert await ground.value("SELECT count(*) FROM wave_print") == 2
    assert await ground.similar(OFFER, asker) == 2


async def test_turns_that_bring_the_same_new_text_at_once_share_its_wave(ground: Ground) -> None:
    people = await ground.people(8)
    await asyncio.gather(*(ground.send(OFFER, person) for person in people[:7]))
    assert await ground.value("SELECT count(DISTINCT wave_id) FROM screening") == 1
    assert await ground.value("SELECT count(*) FROM wave") == 1
    assert await ground.similar(OFFER, people[7]) == 7


async def test_of_a_wave_that_goes_around_only_the_newest_senders_are_counted(ground: Ground) -> None:
    one, asker = await ground.people(2)
    await ground.send(OFFER, one)
    await ground.rows(
        "INSERT INTO wave_sender SELECT id, gen_random_uuid(), now() - interval '3 days', now(), now()"
        " FROM wave, generate_series(1, $1::int)",
        MOST_COUNTED + 500,
    )
    assert await ground.similar(OFFER, asker) == MOST_COUNTED


async def test_no_text_of_a_batch_is_given_the_count_of_another(ground: Ground) -> None:
    one, two = await ground.people(2)
    await ground.send(OFFER, one)
    await ground.send(OTHER_OFFER, one, two)
    assert (await ground.similar(OFFER, two), await ground.similar(OTHER_OFFER, two)) == (1, 1)
    assert await ground.similar("สวัสดีค่ะ วันนี้อากาศดีมาก ไปเที่ยวทะเลกับครอบครัวกันดีไหมคะ", two) == 0


async def test_the_database_alone_says_nothing_of_a_text(ground: Ground) -> None:
    await ground.send(OFFER, await ground.person())
    words = [w.encode() for w in ("แอดมิน", "ปอยเปต", "canaryboss", "0891234567", "66891234567")]
    for table in (
        "screening",
        "screening_text",
        "wave",
        "wave_print",
        "wave_band",
        "wave_sender",
        "handle_report",
    ):
        for row in await ground.rows(f"SELECT t::text AS t, to_jsonb(t)::text AS j FROM {table} t"):
            raw = (row["t"] + row["j"]).encode()
            assert not [w for w in words if w in raw or w.hex().encode() in raw], table
