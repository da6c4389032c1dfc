"""The simulator as a process, and as an app inside another one."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import orjson
import pytest
from linebot.v3.messaging import (
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    PushMessageRequest,
    TextMessage,
)

from simulator.client import SimulatorClient
from simulator.options import Options
from simulator.server import create_app
from tests.simulator.process import LINE_TOKEN, running
from tests.simulator.receiver import Receiver


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_cleanly_when_asked(receiver: Receiver, asked: signal.Signals) -> None:
    async with running(receiver.url) as (_, process):
        process.send_signal(asked)
        assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_it_stops_although_somebody_listens_and_waits(receiver: Receiver) -> None:
    async with running(receiver.url) as (address, process), SimulatorClient(address) as phones:
        person = await phones.create_person("line", "สมศรี")
        await phones.add_fault("line", "push", "timeout")
        changes = asyncio.create_task(anext(phones.changes()))
        async with AsyncApiClient(Configuration(host=phones.line_base, access_token=LINE_TOKEN)) as client:
            push = PushMessageRequest(to=person.id, messages=[TextMessage(text="x")])
            hanging = asyncio.create_task(AsyncMessagingApi(client).push_message(push))
            await asyncio.sleep(0.2)
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 5) == 0
            await asyncio.gather(changes, hanging, return_exceptions=True)


async def test_the_record_file_holds_everything_as_it_happens(receiver: Receiver, tmp_path: Path) -> None:
    file = tmp_path / "record.jsonl"
    async with running(receiver.url, "--record", str(file)) as (address, process):
        async with (
            SimulatorClient(address) as phones,
            AsyncApiClient(Configuration(host=phones.line_base, access_token=LINE_TOKEN)) as client,
        ):
            person = await phones.create_person("line", "สมศรี")
            done = await phones.say(person.id, "สวัสดี")
            push = PushMessageRequest(to=person.id, messages=[TextMessage(text="ข่าว")])
            await AsyncMessagingApi(client).push_message(push)
        process.kill()
        await process.wait()
    rows = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    assert [row["row"] for row in rows] == ["event", "attempt", "delivery"]
    assert rows[0]["event_id"] == rows[1]["event_id"] == done.event_ids[0]
    assert (rows[1]["status"], rows[2]["text"], rows[2]["effective"]) == (200, "ข่าว", True)


async def test_a_taken_port_is_said_so_in_one_line(address: str) -> None:
    port = address.rsplit(":", 1)[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", "--port", port, stderr=asyncio.subprocess.PIPE
    )
    _, told = await process.communicate()
    assert process.returncode == 1
    assert told.decode().startswith(f"Port {port} can't be used")
    assert told.count(b"\n") == 1


async def test_a_bot_that_is_away_takes_nothing(receiver: Receiver) -> None:
    async with running("http://127.0.0.1:1") as (address, _), SimulatorClient(address) as phones:
        person = await phones.create_person("line", "สมศรี")
        done = await phones.say(person.id, "มีใครอยู่ไหม")
        assert (done.accepted, done.status, done.reason) == (False, 0, "could_not_connect")
        (row,) = (await phones.record()).events
        assert (row.accepted_at, row.statuses) == (None, [0])


async def test_two_runs_with_a_seed_share_ids_and_without_share_none(receiver: Receiver) -> None:
    async def ids(*more: str) -> str:
        async with running(receiver.url, *more) as (address, _), SimulatorClient(address) as phones:
            return (await phones.create_person("line", "x")).id

    assert await ids("--seed", "7") == await ids("--seed", "7")
    assert await ids() != await ids()


async def test_it_can_be_embedded(tmp_path: Path) -> None:
    app = create_app(Options(record_file=tmp_path / "record.jsonl"))
    try:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://simulator") as client:
            info = await client.get(
                "/line/v2/bot/info", headers={"Authorization": f"Bearer {Options().line_token}"}
            )
            people = await client.post("/control/people", json={"platform": "line", "name": "สมศรี"})
        assert info.json()["displayName"] == "รู้ทัน"
        assert people.json()[0]["id"] in app.world.people
    finally:
        await app.close()
