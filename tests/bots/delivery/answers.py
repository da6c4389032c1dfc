"""People at both platforms, what staff write to them, and what came of it."""

from typing import Any
from uuid import UUID

from core.messages.content import Content, Text
from core.messages.queue import queue
from simulator.phone import Person
from tests.support.house import House

SECRET = "เจ้าหน้าที่ตอบว่า พบกันที่ศาลา"


async def line_person(house: House) -> Person:
    return await house.phones.create_person("line", "ดาว")


async def telegram_person(house: House) -> Person:
    return await house.phones.create_person("telegram", "เอก")


async def known(house: House, person: Person) -> UUID:
    """Let the person be known and answered once; return the id of their address."""
    await house.phones.say(person.id, "สวัสดี")
    await house.work()
    key = house.keys.keyset.index(f"{person.platform}-address", person.id)
    return UUID(str(await house.value("SELECT id FROM channel_identity WHERE address_key = :k", k=key)))


async def staff_answer(house: House, identity_id: UUID, text: str = SECRET, *, kind: Any = "staff") -> UUID:
    async with house.database.unit_of_work() as session:
        return await queue(
            session,
            house.keys,
            identity_id=identity_id,
            content=Content((Text(text),)),
            kind=kind,
            lane="hotline",
        )


async def staffs_words(house: House, person: Person) -> list[str]:
    """What staff wrote, without the line that says so, in the order in which it arrived."""
    items = (await house.phones.timeline(person.id)).items
    said = [str(item.message.get("text", "")).partition("เจ้าหน้าที่ตอบ:\n") for item in items]
    return [words for _, mark, words in said if mark]


async def fate(house: House, message_id: UUID | None = None) -> tuple[str, str | None]:
    """State and reason of a message, of the newest where none is named."""
    rows = await house.rows("SELECT id, state, reason FROM message ORDER BY id")
    row = rows[-1] if message_id is None else next(r for r in rows if r.id == message_id)
    return row.state, row.reason


async def attempts(house: House) -> list[tuple[str, str | None]]:
    rows = await house.rows(
        "SELECT mode, outcome FROM message_attempt WHERE message_id = (SELECT max(id::text)::uuid FROM message)"
        " ORDER BY id"
    )
    return [(row.mode, row.outcome) for row in rows]


async def wait_out(house: House) -> None:
    """Let what waits for a later try be due now, until nothing waits."""
    for _ in range(10):
        await house.settle()
        waiting = await house.rows(
            "UPDATE message SET not_before = now() WHERE state = 'pending' AND not_before > now() RETURNING id"
        )
        if not waiting:
            return
        await house.rows("UPDATE rate_bucket SET closed_until = NULL, tokens = 50")


async def shown(house: House, person: Person) -> int:
    """How many messages of ours the person's phone shows, the privacy notice of a first answer apart."""
    return sum("เรื่องข้อมูลของคุณ" not in text for text in await house.said_to(person.id))


LONG_AGO = "UPDATE conversation SET last_inbound_at = now() - interval '16 minutes'"


def offered(item: Any, phone: Any) -> list[str]:
    """The presses below a message, on either platform."""
    rows = item.message.get("reply_markup", {}).get("inline_keyboard", [])
    quick = (phone.quick_reply or {}).get("items", [])
    return [b["callback_data"] for row in rows for b in row] + [one["action"]["data"] for one in quick]
