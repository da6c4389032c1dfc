"""Bad input at the way in: what each gets, and that it changes nothing and loses no neighbour. Guards 1, 2, 17."""

import copy
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from app.webhooks import MOST_BYTES
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset
from core.db.database import Database
from tests.support import housing
from tests.support.house import QuietHouse, open_quiet_house, sign
from tests.support.postgres import TestCluster

quiet = housing.quiet
U = "U" + "0123456789abcdef" * 2


def message(number: int = 1, text: str = "สวัสดีค่ะ", **more: Any) -> dict[str, Any]:
    return {
        "type": "message", "mode": "active", "timestamp": 1_700_000_000_000 + number, "webhookEventId": f"01E{number}",
        "deliveryContext": {"isRedelivery": False}, "replyToken": f"{number:032d}",
        "source": {"type": "user", "userId": U}, "message": {"type": "text", "id": f"m{number}", "text": text},
    } | more  # fmt: skip


def body(*events: Any) -> dict[str, Any]:
    return {"destination": "U" + "0" * 32, "events": list(events)}


def update(number: int = 1, text: str = "สวัสดีค่ะ", **more: Any) -> dict[str, Any]:
    chat = {"id": 77, "type": "private", "first_name": "เอก"}
    person = {"id": 77, "is_bot": False, "first_name": "เอก"}
    said = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": said} | more


async def kept(house: QuietHouse) -> int:
    return int(await house.value("SELECT count(*) FROM inbound_event"))


def refusals(channel: str, reason: str) -> float:
    return (
        REGISTRY.get_sample_value("rootan_webhook_refusals_total", {"channel": channel, "reason": reason})
        or 0.0
    )


@pytest.mark.parametrize("signature", ["", "x", "%%%", sign(b"{}"), "é" * 44])
async def test_a_wrong_or_missing_signature_is_refused_counted_and_unparsed(
    quiet: QuietHouse, signature: str
) -> None:
    before = refusals("line", "forbidden")
    assert await quiet.post_line(body(message()), signature=signature) == 403
    # Unparsed: what is no JSON at all is refused for its signature too.
    assert await quiet.post_line(b"\x00 no json {", signature=signature) == 403
    assert (await kept(quiet), refusals("line", "forbidden")) == (0, before + 2)


async def test_a_request_without_any_header_is_refused(quiet: QuietHouse) -> None:
    for address in ("/webhooks/line", "/webhooks/telegram"):
        assert (await quiet.client.post(address, content=orjson.dumps(body(message())))).status_code == 403
    assert await kept(quiet) == 0


@pytest.mark.parametrize("secret", ["", "x", "telegram-secret-of-the-test"])
async def test_a_wrong_secret_is_refused_counted_and_unparsed(quiet: QuietHouse, secret: str) -> None:
    before = refusals("telegram", "forbidden")
    assert await quiet.post_telegram(update(), secret=secret) == 403
    assert await quiet.post_telegram(b"{", secret=secret) == 403
    assert (await kept(quiet), refusals("telegram", "forbidden")) == (0, before + 2)


@pytest.mark.parametrize(
    "raw",
    [b"", b"x", b"{", b"[]", b"{}", b"null", b'"x"', b'{"events":{}}', b'{"events":null}', b'{"events":"[]"}',
     b"\xff\xfe\x00", b"[" * 100_000],
)  # fmt: skip
async def test_a_line_body_that_is_none_gets_400_and_changes_nothing(quiet: QuietHouse, raw: bytes) -> None:
    assert await quiet.post_line(raw) == 400
    assert await kept(quiet) == 0


@pytest.mark.parametrize(
    "raw", [b"", b"x", b"[]", b"{}", b"null", b'{"update_id":"1"}', b'{"update_id":null}']
)
async def test_a_telegram_body_that_is_none_gets_400_and_changes_nothing(
    quiet: QuietHouse, raw: bytes
) -> None:
    assert await quiet.post_telegram(raw) == 400
    assert await kept(quiet) == 0


async def test_a_body_over_the_limit_gets_413_and_one_at_the_limit_is_taken(quiet: QuietHouse) -> None:
    room = MOST_BYTES - len(orjson.dumps(body(message(text=""))))
    assert await quiet.post_line(body(message(text="a" * room))) == 200
    assert await quiet.post_line(body(message(2, text="a" * (room + 1)))) == 413
    assert await quiet.post_telegram(b"x" * (MOST_BYTES + 1)) == 413
    assert await kept(quiet) == 1


async def test_only_posts_are_webhooks(quiet: QuietHouse) -> None:
    for address in ("/webhooks/line", "/webhooks/telegram"):
        assert (await quiet.client.get(address)).status_code == 405
    assert (await quiet.client.post("/webhooks/other")).status_code == 404


async def test_no_events_get_200_and_leave_nothing(quiet: QuietHouse) -> None:
    assert await quiet.post_line(body()) == 200
    assert await kept(quiet) == 0


async def test_several_events_of_one_body_are_all_kept_and_answered_together(quiet: QuietHouse) -> None:
    assert await quiet.post_line(body(message(1), message(2, "ขอบคุณ"), message(3, "เมนู"))) == 200
    await quiet.turn()
    outcomes = await quiet.rows("SELECT outcome FROM inbound_event ORDER BY position")
    assert [row.outcome for row in outcomes] == ["merged", "merged", "answered"]
    assert len(quiet.notebook.sent) == 1


@pytest.mark.parametrize("turned", [False, True])
async def test_a_redelivery_is_a_no_op(quiet: QuietHouse, *, turned: bool) -> None:
    assert await quiet.post_line(body(message())) == 200
    if turned:
        await quiet.turn()
    again = message(deliveryContext={"isRedelivery": True}, replyToken="another")
    assert await quiet.post_line(body(again)) == 200
    assert await quiet.post_telegram(update()) == 200
    assert await quiet.post_telegram(update()) == 200
    await quiet.turn()
    assert await kept(quiet) == 2
    assert await quiet.value("SELECT count(*) FROM message") == 2


async def test_a_redelivery_beside_something_new_does_not_hold_it_up(quiet: QuietHouse) -> None:
    assert await quiet.post_line(body(message(1))) == 200
    assert await quiet.post_line(body(message(1), message(2), 5, None)) == 200
    assert await kept(quiet) == 2


async def test_in_standby_nothing_is_said_but_a_cry_for_help_reaches_staff(quiet: QuietHouse) -> None:
    asleep = {"mode": "standby"}
    cry = "ช่วยด้วย โดนขังอยู่ในตึก เขายึดพาสปอร์ต จะฆ่าเรา"
    assert await quiet.post_line(body(message(1, **asleep), message(2, cry, **asleep))) == 200
    await quiet.turn()
    assert [r.outcome for r in await quiet.rows("SELECT outcome FROM inbound_event")] == ["no_answer"] * 2
    assert await quiet.value("SELECT count(*) FROM message") == 0
    assert await quiet.value("SELECT priority FROM referral") == "P0"


@pytest.mark.parametrize(
    "event",
    [
        message(9, type="aNewKind"),
        message(9, message={"type": "hologram", "id": "h"}),
        message(9, message="x"),
        message(9, source={"type": "planet", "planetId": "P"}),
        message(9, source=None),
        message(9, timestamp="yesterday"),
        message(9, timestamp=10**30),
        message(9, timestamp=-(2**63)),
        message(9, timestamp=1.5),
        message(9, webhookEventId=17),
        message(9, webhookEventId="\0" * 90),
        message(9, webhookEventId="ไทย" * 4_000),
        message(9, replyToken={"a": 1}),
        message(9, mode=None),
        message(9, message={"type": "text", "id": 5, "text": ["ก"]}),
        message(9, message={"type": "text", "id": "\0", "text": "\0"}),
        message(9, source={"type": "user", "userId": "\0ก" * 900}),
        {},
        {"type": "message"},
    ],
)
async def test_an_event_of_wrong_types_is_kept_politely_and_its_neighbours_are_answered(
    quiet: QuietHouse, event: dict[str, Any]
) -> None:
    await check_beside_neighbours(quiet, event)


async def check_beside_neighbours(quiet: QuietHouse, event: Any) -> None:
    raw = event if isinstance(event, bytes) else dumped(event)
    first, last = orjson.dumps(message(1)), orjson.dumps(message(2, "ขอบคุณ"))
    assert await quiet.post_line(b'{"events":[' + first + b"," + raw + b"," + last + b"]}") == 200
    await quiet.turn()
    rows = await quiet.rows("SELECT event_id, outcome FROM inbound_event ORDER BY id")
    outcomes = {row.event_id: row.outcome for row in rows}
    assert {outcomes["01E1"], outcomes["01E2"]} <= {"answered", "merged"}
    assert None not in outcomes.values()
    assert "failed" not in outcomes.values()


def dumped(event: Any) -> bytes:
    return json.dumps(event).encode()


WEIRD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20),
    st.just([]), st.just({}), st.just([[{"a": None}]]), st.just("\0"), st.just("\ud800"), st.just("x" * 70_000),
    st.just(10**40), st.just({"userId": 5}), st.just(["text"]),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value that could hold something else."""
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in inner:
        yield from places(held, (*path, name))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    whole = copy.deepcopy(value)
    holder = whole
    for name in path[:-1]:
        holder = holder[name]
    if new is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return whole


LINE_REAL = [
    message(9),
    message(9, "รับแอดมิน ปอยเปต เดินทางฟรี"),
    message(9, message={"type": "image", "id": "i", "contentProvider": {"type": "line"}}),
    message(9, message={"type": "location", "id": "l", "latitude": 13.7, "longitude": 100.5}),
    message(9, type="postback", message=None, postback={"data": "m1:menu", "params": {"date": "2026-11-23"}}),
    message(9, type="unsend", message=None, unsend={"messageId": "m1"}),
    message(9, type="follow", message=None, follow={"isUnblocked": False}),
    message(9, source={"type": "group", "groupId": "C" + "1" * 32, "userId": U}),
]
TELEGRAM_REAL = [
    update(9),
    {
        "update_id": 9,
        "callback_query": {"id": "q", "from": {"id": 77}, "data": "m1:menu", "message": update()["message"]},
    },
    {"update_id": 9, "edited_message": update()["message"]},
    {
        "update_id": 9,
        "my_chat_member": {"chat": {"id": 77, "type": "private"}, "new_chat_member": {"status": "kicked"}},
    },
    update(9, message=update()["message"] | {"photo": [{"file_id": "f", "file_size": 10}], "caption": "ก"}),
    update(9, message=update()["message"] | {"location": {"latitude": 13.7, "longitude": 100.5}}),
]


@pytest.fixture(scope="module")
async def lasting(
    cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[QuietHouse]:
    """One house for the many mutations of one property."""
    address = await cluster.copy()
    database = Database(address)
    folder = tmp_path_factory.mktemp("lasting")
    async with open_quiet_house(database, DataKeys(new_keyset()), folder) as house:
        yield house
    await database.close()
    await cluster.drop(address)


MUTATIONS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@MUTATIONS
@given(data=st.data())
async def test_no_mutation_of_a_real_line_event_costs_a_neighbour(lasting: QuietHouse, data: Any) -> None:
    event = data.draw(st.sampled_from(LINE_REAL))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(event))))
        event = changed(event, path, data.draw(WEIRD | st.just(...)))
        if not isinstance(event, dict) or not list(places(event)):
            break
    await lasting.empty()
    await check_beside_neighbours(lasting, event)


@MUTATIONS
@given(data=st.data())
async def test_no_mutation_of_a_real_telegram_update_breaks_the_way_in(
    lasting: QuietHouse, data: Any
) -> None:
    whole = data.draw(st.sampled_from(TELEGRAM_REAL))
    path = data.draw(st.sampled_from(list(places(whole))))
    await lasting.empty()
    status = await lasting.post_telegram(dumped(changed(whole, path, data.draw(WEIRD | st.just(...)))))
    assert status == (200 if await kept(lasting) else 400)
    assert await lasting.post_telegram(update(10_000_000)) == 200
    await lasting.turn()
    rows = await lasting.rows("SELECT event_id, outcome FROM inbound_event")
    assert all(row.outcome in ("answered", "merged", "no_answer") for row in rows)
    assert "10000000" in {row.event_id for row in rows if row.outcome in ("answered", "merged")}


async def test_depth_beyond_reason_costs_no_neighbour(quiet: QuietHouse) -> None:
    deep = b'{"type":"x","deep":' + b"[" * 500 + b"]" * 500 + b"}"
    await check_beside_neighbours(quiet, deep)


async def test_when_neither_database_nor_spool_can_keep_it_the_platform_hears_503(quiet: QuietHouse) -> None:
    """The folder of the spool is a file now, and the database is gone: nothing may be promised."""
    spool = quiet.runtime.settings.data_dir / "spool"
    for leftover in spool.iterdir():
        leftover.unlink()
    await quiet.rows("ALTER TABLE inbound_event RENAME TO inbound_event_away")
    spool.rmdir()
    spool.write_text("")
    try:
        assert await quiet.post_line(body(message())) == 503
    finally:
        spool.unlink()
        spool.mkdir()
        await quiet.rows("ALTER TABLE inbound_event_away RENAME TO inbound_event")
    assert await quiet.post_line(body(message())) == 200
    assert await kept(quiet) == 1
