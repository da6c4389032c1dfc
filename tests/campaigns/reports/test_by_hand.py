"""One campaign on both platforms, from approval to its outcome; every figure recomputed from the simulator's own log."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Iterable
from uuid import UUID

import pytest

from bots.channels.line.channel import LineChannel
from bots.delivery.unit_figures import read_due_units
from campaigns.figures import floored
from campaigns.links import keep_links
from campaigns.plans.audience import Audience
from campaigns.plans.blocks import LinkBlock
from campaigns.plans.plan import Plan, Step
from campaigns.plans.presses import decode_press
from campaigns.reports.learning import Gain
from campaigns.reports.outcomes import Outcomes, read_outcomes
from campaigns.scheduler.firing import schedule
from core import clock
from core.clock import utc_now
from simulator.inbound import Inbound
from simulator.phone import Item
from simulator.record import DeliveryRow, RecordView
from tests.campaigns.carried_out import AFTER, BEFORE, wording
from tests.campaigns.office import agreed_to, hire
from tests.support.house import House

pytestmark = pytest.mark.usefixtures("daytime")
SITE = "https://www.doe.go.th/"
LURE = "รับแอดมินตอบแชต ปอยเปต เดินทางฟรี ไม่ต้องใช้พาสปอร์ต แอดไลน์ @admin99"
PLAIN_AD = "รับสมัครพนักงานเสิร์ฟ ร้านอาหารครัวคุณต๋อย สีลม วันละ 450 บาท"
LINK = LinkBlock("more", {"th": "อ่านต่อได้ที่นี่"}, {"th": "อ่านต่อ"}, SITE)
PLAN = Plan((Step((wording(BEFORE, AFTER, LINK),)),), audience=Audience(holdout=35))
CURIOUS = 24
HELLO = "ถามก่อนโอน"


async def neighbours(house: House, line: int, telegram: int) -> list[str]:
    """People who follow us and agreed to news; their addresses."""
    people = [
        *await house.phones.create_people("line", "คน", count=line),
        *await house.phones.create_people("telegram", "คน", count=telegram),
    ]
    await at_ease(house.phones.follow(one.id) for one in people)
    await hear(house)
    await house.rows(
        "INSERT INTO consent (contact_id, topic, granted, changed_at) SELECT id, 'campaigns', true, now() FROM contact"
    )
    return [one.id for one in people]


async def at_ease(acts: Iterable[Awaitable[object]]) -> None:
    """A few at a time: a crowded machine is not to keep the platforms waiting."""
    few = asyncio.Semaphore(6)

    async def one(act: Awaitable[object]) -> None:
        async with few:
            await act

    await asyncio.gather(*map(one, acts))


async def hear(house: House) -> None:
    """Answer everything that was said."""
    await house.phones.settle()
    while await house.value("SELECT count(*) FROM inbound_event WHERE handled_at IS NULL"):
        await house.turn()


async def carry_out(house: House) -> tuple[UUID, UUID]:
    """Approved, scheduled, sent; return campaign and run."""
    author = await hire(house.database, house.keys, "Malee", "campaign_manager")
    approver = await hire(house.database, house.keys, "Anan")
    campaign_id = await agreed_to(house.database, author, approver, PLAN)
    async with house.database.unit_of_work() as session:
        await keep_links(session, campaign_id, PLAN)
        await schedule(session, campaign_id)
    run_id = await house.value("SELECT id FROM campaign_run")
    async with asyncio.timeout(60):
        while await house.value("SELECT state FROM campaign_run") != "done":
            await asyncio.sleep(0.1)
    return campaign_id, run_id


async def shown(house: House, person: str) -> list[Item]:
    return [item for item in (await house.phones.timeline(person)).items if item.author == "bot"]


async def press(house: House, person: str, item: Item, label: str) -> str:
    return (await house.phones.press(person, item.id, label=label)).opened or ""


async def live_on(house: House, members: list[str], others: list[str]) -> None:
    """What people do with what they got: answer, look further, have offers checked, stop."""
    await at_ease(answer(house, person, number) for number, person in enumerate(members))
    await hear(house)
    said = [(person, LURE if number < 22 else PLAIN_AD) for number, person in enumerate(members[:33])]
    said += [(person, "หยุด") for person in members[-21:]] + [(person, PLAIN_AD) for person in others[:20]]
    await at_ease(house.phones.say(person, words) for person, words in said)
    await hear(house)


async def answer(house: House, person: str, number: int) -> None:
    """Half of them knew before, seven of eight know afterwards; some open the link."""
    items = await shown(house, person)
    before, after = (
        next(one for one in items if question.question["th"] in text_of(one)) for question in (BEFORE, AFTER)
    )
    await press(house, person, before, "โอน" if number % 2 else "ไม่โอน")
    await press(house, person, after, "โอน" if number % 8 == 0 else "ไม่โอน")
    if number < CURIOUS:
        link = next(one for one in items if LINK.text["th"] in text_of(one))
        opened = await house.client.get(await press(house, person, link, "อ่านต่อ"))
        assert opened.headers["location"] == SITE


def is_of_it(row: DeliveryRow) -> bool:
    """The only multicast there was; on Telegram by its words."""
    return row.method == "multicast" or (row.method == "sendMessage" and HELLO in row.text)


def text_of(item: Item) -> str:
    return str(item.message)


def did(record: RecordView, people: Iterable[str], *texts: str) -> set[str]:
    among = set(people)
    return {event.person for event in record.events if event.text in texts and event.person in among}


def first_answers(record: RecordView) -> dict[str, dict[str, str]]:
    """What each person pressed first, by question."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for event in sorted(record.events, key=lambda one: one.number):
        pressed = decode_press(event.text)
        if pressed is not None:
            found[pressed.question].setdefault(event.person, pressed.choice)
    return found


async def test_every_figure_is_what_the_platforms_saw(house: House) -> None:
    # What is not taken in time comes again, as LINE does where it is told to.
    await house.phones.set_inbound("line", Inbound(redeliveries=20, retry_delay_s=0.2))
    # So many that, held out by chance or not, fewer than 50 never get it: of so few nothing is told.
    everybody = await neighbours(house, 60, 50)
    campaign_id, run_id = await carry_out(house)
    log = await house.phones.record()
    sent = {row.person for row in log.deliveries if row.effective and is_of_it(row)}
    members, others = ([one for one in everybody if (one in sent) == wanted] for wanted in (True, False))
    await live_on(house, members, others)
    assert await read_due_units_at_once(house) == 1
    async with house.database.unit_of_work() as session:
        outcomes = await read_outcomes(session, house.keys.keyset, campaign_id, utc_now(), run_id)
    compare_with_log(outcomes, await house.phones.record(), members, others)
    on_line = {one for one in members if one.startswith("U")}
    assert [(one.impressions, one.clicks) for one in outcomes.units] == [
        (floored(len(on_line)), floored(len(on_line & set(members[:CURIOUS]))))
    ]


def compare_with_log(outcomes: Outcomes, record: RecordView, members: list[str], others: list[str]) -> None:
    assert outcomes.delivered.sent == floored(len(members)) == outcomes.delivered.members
    assert outcomes.delivered.holdout == floored(len(others)) == outcomes.holdout.people
    assert (outcomes.delivered.failed, outcomes.delivered.unknown, outcomes.delivered.waiting) == (
        {},
        None,
        None,
    )
    answers = first_answers(record)
    answered = {person for given in answers.values() for person in given}
    assert outcomes.members.answered == floored(len(answered & set(members)))
    assert outcomes.members.checked == floored(len(did(record, members, LURE, PLAIN_AD)))
    assert outcomes.members.danger == floored(len(did(record, members, LURE)))
    assert outcomes.members.stopped == floored(len(did(record, members, "หยุด")))
    assert outcomes.holdout.checked == floored(len(did(record, others, PLAIN_AD)))
    assert (outcomes.holdout.danger, outcomes.holdout.stopped) == (None, None)
    both = answers["fee1"].keys() & answers["fee2"].keys()
    before, after = (
        round(100 * sum(answers[question][one] == "no" for one in both) / len(both) / 5) * 5
        for question in ("fee1", "fee2")
    )
    assert outcomes.gains == (Gain("fee", floored(len(both)), before, after, after - before),)
    assert [(one.address, one.opened) for one in outcomes.links] == [(SITE, 20)]
    assert outcomes.reported.withheld == "early"


async def read_due_units_at_once(house: House) -> int:
    """Two hours later, by the clock of the simulator, which is the machine's own."""
    house_time, frozen_at = clock._now, await house.value("SELECT frozen_at FROM campaign_run")
    clock.set_now(None)
    try:
        await house.rows("UPDATE campaign_run SET frozen_at = now() - interval '2 hours'")
        line = LineChannel(house.runtime.settings)
        found = await read_due_units(house.database, line)
        await line.close()
        await house.rows("UPDATE campaign_run SET frozen_at = :at", at=frozen_at)
    finally:
        clock.set_now(house_time)
    return found
