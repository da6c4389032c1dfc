"""What LINE's answers mean, through the real SDK: its three 429s told apart, 409, reply tokens, silence. Guards 4."""

from typing import Any
from uuid import uuid4

import pytest

from bots.channels.line import channel as line_module
from bots.channels.line.channel import LineChannel
from bots.channels.line.outcomes import read_answer
from simulator.client import SimulatorClient
from simulator.phone import Person
from tests.support.house import settings_for

PART = {"messages": [{"type": "text", "text": "สวัสดีค่ะ"}]}


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"sentMessages": []}, "sent"),
        (202, {}, "sent"),
        (409, {"message": "The retry key is already accepted"}, "already"),
        (400, {"message": "Invalid reply token"}, "token_gone"),
        (400, {"message": "The property, 'to', in the request body is invalid"}, "refused"),
        (400, "not even an object", "refused"),
        (401, {"message": "Authentication failed"}, "not_sent"),
        (403, {}, "refused"),
        (404, {}, "refused"),
        (413, {}, "unfit"),
        (400, {"message": "x", "details": [{"message": "x", "property": "messages[0].text"}]}, "unfit"),
        (400, {"message": "x", "details": [{"message": "x", "property": "to[3]"}]}, "refused"),
        (200, None, "unclear"),
        (200, [], "unclear"),
        (302, None, "unclear"),
        (429, {"message": "You have reached your monthly limit."}, "quota"),
        (429, {"message": "The API rate limit has been exceeded. Try again later."}, "wait"),
        (429, {"message": "Request concurrency limit exceeded"}, "wait"),
        (429, None, "wait"),
        (500, {}, "unclear"),
        (503, "<html>", "unclear"),
    ],
)
def test_each_answer_has_one_meaning(status: int, body: Any, outcome: str) -> None:
    assert read_answer(status, body).outcome == outcome


def test_concurrency_is_waited_for_longer_than_the_rate() -> None:
    rate = read_answer(429, {"message": "The API rate limit has been exceeded."})
    crowd = read_answer(429, {"message": "Request concurrency limit exceeded"})
    assert 0 < rate.wait < crowd.wait


@pytest.mark.parametrize(
    ("fault", "outcome", "arrives"),
    [
        ("rate_limited", "wait", 0),
        ("concurrency", "wait", 0),
        ("quota_exhausted", "quota", 0),
        ("conflict", "already", 0),
        ("server_error", "unclear", 0),
        ("server_error_after_effect", "unclear", 1),
        ("disconnect", "unclear", 0),
        ("disconnect_after_effect", "unclear", 1),
        ("slow", "sent", 1),
    ],
)
async def test_trouble_on_the_way_is_named_for_what_it_is(
    line: LineChannel, fresh: SimulatorClient, somsri: Person, fault: Any, outcome: str, arrives: int
) -> None:
    await fresh.add_fault("line", "push", fault, count=1, value=20)
    result = await line.send(PART, mode="push", address=somsri.id, retry_key=uuid4())
    assert result.outcome == outcome
    assert len((await fresh.timeline(somsri.id)).items) == arrives


@pytest.mark.parametrize(("fault", "arrives"), [("timeout", 0), ("timeout_after_effect", 1)])
async def test_silence_is_unclear_and_waited_for_only_so_long(
    line: LineChannel, fresh: SimulatorClient, somsri: Person, monkeypatch: Any, fault: Any, arrives: int
) -> None:
    monkeypatch.setattr(line_module, "SECONDS", 0.3)
    await fresh.add_fault("line", "push", fault, count=1)
    result = await line.send(PART, mode="push", address=somsri.id, retry_key=uuid4())
    assert result.outcome == "unclear"
    assert len((await fresh.timeline(somsri.id)).items) == arrives


async def test_the_same_retry_key_sends_once(
    line: LineChannel, fresh: SimulatorClient, somsri: Person
) -> None:
    key = uuid4()
    first = await line.send(PART, mode="push", address=somsri.id, retry_key=key)
    again = await line.send(PART, mode="push", address=somsri.id, retry_key=key)
    assert (first.outcome, again.outcome) == ("sent", "already")
    assert len((await fresh.timeline(somsri.id)).items) == 1


async def test_a_reply_token_serves_once_and_a_wrong_one_never(
    line: LineChannel, fresh: SimulatorClient, somsri: Person
) -> None:
    result = await line.send(PART, mode="reply", address=somsri.id, handle="0" * 32)
    assert result.outcome == "token_gone"


async def test_the_months_quota_is_told_apart_and_read(
    line: LineChannel, fresh: SimulatorClient, somsri: Person
) -> None:
    await fresh.set_quota(1)
    assert await line.read_quota() == (1, 0)
    assert (await line.send(PART, mode="push", address=somsri.id, retry_key=uuid4())).outcome == "sent"
    assert (await line.send(PART, mode="push", address=somsri.id, retry_key=uuid4())).outcome == "quota"
    assert await line.read_quota() == (1, 1)
    await fresh.set_quota(None)
    assert (await line.read_quota())[0] is None


async def test_a_multicast_reaches_all_and_a_bad_id_refuses_it_whole(
    line: LineChannel, fresh: SimulatorClient
) -> None:
    people = await fresh.create_people("line", "คน", count=3)
    ids = [p.id for p in people]
    assert (await line.send_many(PART, addresses=ids, retry_key=uuid4())).outcome == "sent"
    assert (await line.send_many(PART, addresses=[*ids, "nobody"], retry_key=uuid4())).outcome == "refused"
    assert [len((await fresh.timeline(p)).items) for p in ids] == [1, 1, 1]


async def test_a_platform_that_cannot_be_reached_was_sent_nothing(
    tmp_path: Any, fresh: SimulatorClient
) -> None:
    settings = settings_for(fresh, tmp_path).model_copy(update={"line_api_base": "http://127.0.0.1:9"})
    channel = LineChannel(settings)
    try:
        assert (await channel.send(PART, mode="push", address="U" + "0" * 32)).outcome == "not_sent"
        assert await channel.read_quota() == (None, None)
        await channel.show_typing("U" + "0" * 32)
    finally:
        await channel.close()


async def test_a_picture_is_fetched_up_to_a_limit(
    line: LineChannel, fresh: SimulatorClient, somsri: Person
) -> None:
    done = await fresh.send_picture(somsri.id, b"\xff\xd8" + b"x" * 5_000)
    (media,) = done.message_ids
    assert len(await line.fetch_media(media, limit=6_000) or b"") == 5_002
    assert await line.fetch_media(media, limit=5_000) is None
    assert await line.fetch_media("404404", limit=6_000) is None


async def test_the_dots_dance_while_we_are_at_it(
    line: LineChannel, fresh: SimulatorClient, somsri: Person
) -> None:
    await line.show_typing(somsri.id)
    assert (await fresh.timeline(somsri.id)).activity is not None
