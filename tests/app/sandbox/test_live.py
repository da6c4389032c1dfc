import asyncio
from collections.abc import AsyncIterator

from sse_starlette import ServerSentEvent

from app.sandbox.live import stream_changes
from core.settings import Settings
from simulator.client import SimulatorClient
from tests.app.sandbox.standin import StandIn, run_stand_in


def settings_of(bot: StandIn) -> Settings:
    return Settings(env="demo", simulator_url=bot.simulator)


async def until(events: AsyncIterator[ServerSentEvent], name: str, part: str = "") -> str:
    """The next event of this name that holds this text."""
    async with asyncio.timeout(10):
        async for event in events:
            if event.event == name and part in str(event.data):
                return str(event.data)
    raise AssertionError("the stream ended")


async def test_an_open_page_is_first_sent_everything(bot: StandIn, simulator: SimulatorClient) -> None:
    dao = await simulator.create_person("line", "ดาว")
    fon = await simulator.create_person("telegram", "ฝน")
    events = stream_changes(settings_of(bot), [dao.id, fon.id])
    async with asyncio.timeout(10):
        names = {(await anext(events)).event for _ in range(6)}
    await events.aclose()
    assert names == {
        f"chat-{dao.id}", f"controls-{dao.id}", f"chat-{fon.id}", f"controls-{fon.id}", "journey", "trouble"
    }  # fmt: skip


async def test_a_message_and_its_answer_arrive_without_asking(
    bot: StandIn, simulator: SimulatorClient
) -> None:
    dao = await simulator.create_person("line", "ดาว")
    events = stream_changes(settings_of(bot), [dao.id])
    await until(events, "journey")
    await simulator.say(dao.id, "แอดมินปอยเปต")
    assert "แอดมินปอยเปต" in await until(events, f"chat-{dao.id}", "⛔ อันตราย")
    assert "ตอบด้วย reply token" in await until(events, "journey", "ตอบด้วย reply token")
    await events.aclose()


async def test_dancing_dots_end_by_themselves(bot: StandIn, simulator: SimulatorClient) -> None:
    fon = await simulator.create_person("telegram", "ฝน")
    events = stream_changes(settings_of(bot), [fon.id])
    await until(events, "journey")
    await bot._telegram("sendChatAction", chat_id=fon.id, action="typing")
    await until(events, f"chat-{fon.id}", "กำลังพิมพ์")
    assert "กำลังพิมพ์" not in await until(events, f"chat-{fon.id}")
    await events.aclose()


async def test_unknown_people_are_left_out(bot: StandIn, simulator: SimulatorClient) -> None:
    events = stream_changes(settings_of(bot), ["U-nobody"])
    async with asyncio.timeout(10):
        assert {(await anext(events)).event for _ in range(2)} == {"journey", "trouble"}
    await events.aclose()


async def test_a_simulator_that_goes_away_is_said_in_words() -> None:
    async with run_stand_in() as bot:
        events = stream_changes(settings_of(bot), [])
        await until(events, "journey")
    assert "make run" in await until(events, "trouble", "ติดต่อตัวจำลอง")
    await events.aclose()
