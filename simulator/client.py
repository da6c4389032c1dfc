"""A typed client of the control API, for tests, benchmarks and the sandbox page."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import Any, Literal, Self, TypeVar

import aiohttp
import msgspec

from simulator.changes import Change
from simulator.control.shapes import (
    Advance,
    Ask,
    Done,
    Edit,
    GroupChange,
    NewGroup,
    NewPeople,
    Nothing,
    Number,
    PersonChange,
    Press,
    Raw,
    Say,
    SayMany,
    SetInbound,
    Unsend,
)
from simulator.faults import Fault, Kind, Platform
from simulator.inbound import Inbound
from simulator.phone import Group, Person, Timeline
from simulator.record import RecordView
from simulator.traffic import ExchangeShown

T = TypeVar("T")
PATIENCE_S = 60.0


class SimulatorError(Exception):
    """The simulator refused the act; the text says what to do."""


class SimulatorClient:
    """`base` is the address the simulator printed. Use as an async context manager, or call `close`."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.line_base = f"{self.base}/line"
        self.line_data_base = f"{self.base}/line-data"
        self.telegram_base = f"{self.base}/telegram"
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    # People and groups

    async def create_person(
        self,
        platform: Platform,
        name: str,
        *,
        person_id: str | None = None,
        following: bool = True,
        met: bool = True,
    ) -> Person:
        """A friend of the account without any webhook; `follow` is the act that sends one."""
        asked = NewPeople(
            platform=platform, name=name, ids=[person_id] if person_id else [], following=following, met=met
        )
        return (await self._post("people", asked, list[Person]))[0]

    async def create_people(
        self, platform: Platform, name: str, *, count: int = 1, ids: list[str] | None = None
    ) -> list[Person]:
        return await self._post(
            "people", NewPeople(platform=platform, name=name, count=count, ids=ids or []), list[Person]
        )

    async def people(self) -> list[Person]:
        return await self._get("people", list[Person])

    async def create_group(
        self, platform: Platform, name: str, members: list[str], *, supergroup: bool = False
    ) -> Group:
        asked = NewGroup(platform=platform, name=name, members=members, supergroup=supergroup)
        return await self._post("groups", asked, Group)

    async def groups(self) -> list[Group]:
        return await self._get("groups", list[Group])

    async def follow(self, person: str) -> Done:
        """LINE: adds the account as a friend (or unblocks it). Telegram: presses Start."""
        return await self._post("follow", PersonChange(person=person), Done)

    async def unfollow(self, person: str) -> Done:
        """Blocks the account, on both platforms."""
        return await self._post("unfollow", PersonChange(person=person), Done)

    async def unblock(self, person: str) -> Done:
        return await self._post("unblock", PersonChange(person=person), Done)

    async def add_bot(self, group: str, by: str) -> Done:
        return await self._post("add_bot", GroupChange(group=group, person=by), Done)

    async def remove_bot(self, group: str, by: str) -> Done:
        return await self._post("remove_bot", GroupChange(group=group, person=by), Done)

    async def join(self, group: str, person: str) -> Done:
        return await self._post("join", GroupChange(group=group, person=person), Done)

    async def leave(self, group: str, person: str) -> Done:
        return await self._post("leave", GroupChange(group=group, person=person), Done)

    async def migrate(self, group: str, by: str) -> Done:
        """Telegram: the group becomes a supergroup; `Done.id` is its new id."""
        return await self._post("migrate", GroupChange(group=group, person=by), Done)

    # Saying things

    async def say(
        self,
        person: str,
        text: str,
        *,
        group: str | None = None,
        mention_bot: bool = False,
        reply_to: str = "",
        wait: bool = True,
    ) -> Done:
        """`wait` False returns before the webhook was answered."""
        message = Say(person=person, text=text, group=group, mention_bot=mention_bot, reply_to=reply_to)
        return await self.say_many([message], wait=wait)

    async def say_many(self, messages: list[Say], *, wait: bool = True) -> Done:
        """Several messages: in one LINE webhook, or as Telegram updates one after the other."""
        return await self._post("say", SayMany(messages=messages, wait=wait), Done)

    async def send_picture(
        self, person: str, body: bytes, *, caption: str = "", group: str | None = None
    ) -> Done:
        return await self.say_many([Say(person=person, kind="picture", data=body, text=caption, group=group)])

    async def send_sticker(self, person: str, *, package_id: str = "446", sticker_id: str = "1988") -> Done:
        return await self.say_many(
            [Say(person=person, kind="sticker", package_id=package_id, sticker_id=sticker_id)]
        )

    async def send_location(
        self, person: str, latitude: float, longitude: float, *, title: str = "", address: str = ""
    ) -> Done:
        place = Say(
            person=person,
            kind="location",
            latitude=latitude,
            longitude=longitude,
            title=title,
            address=address,
        )
        return await self.say_many([place])

    async def send_audio(self, person: str, body: bytes, *, duration_ms: int = 1000) -> Done:
        return await self.say_many([Say(person=person, kind="audio", data=body, duration_ms=duration_ms)])

    async def send_file(self, person: str, body: bytes, file_name: str, *, media_type: str = "") -> Done:
        return await self.say_many(
            [Say(person=person, kind="file", data=body, file_name=file_name, media_type=media_type)]
        )

    async def send_contact(self, person: str, phone_number: str, first_name: str) -> Done:
        """Telegram only."""
        return await self.say_many(
            [Say(person=person, kind="contact", phone_number=phone_number, first_name=first_name)]
        )

    async def press(
        self,
        person: str,
        message_id: str = "",
        *,
        index: int | None = None,
        label: str | None = None,
        data: str | None = None,
        value: str = "",
        group: str | None = None,
        menu: bool = False,
        stale: bool = False,
    ) -> Done:
        """A button of a message, of the quick replies or keyboard shown now, or (`menu`) of the rich menu.

        `stale`: on a phone that has not heard yet that the buttons were taken away.
        """
        asked = Press(
            person=person,
            message_id=message_id,
            index=index,
            label=label,
            data=data,
            value=value,
            group=group,
            menu=menu,
            stale=stale,
        )
        return await self._post("press", asked, Done)

    async def look(self, person: str) -> Done:
        """Opens the chat and does nothing there; LINE counts it where a unit brought a message."""
        return await self._post("look", PersonChange(person=person), Done)

    async def unsend(self, person: str, message_id: str, *, group: str | None = None) -> Done:
        """LINE only."""
        return await self._post("unsend", Unsend(person=person, message_id=message_id, group=group), Done)

    async def edit(self, person: str, message_id: str, text: str, *, group: str | None = None) -> Done:
        """Telegram only."""
        return await self._post(
            "edit", Edit(person=person, message_id=message_id, text=text, group=group), Done
        )

    async def raw(
        self, platform: Platform, body: bytes, signature: Literal["correct", "wrong", "missing"] = "correct"
    ) -> Done:
        """Posts any bytes to the webhook."""
        return await self._post("raw", Raw(platform=platform, body=body, signature=signature), Done)

    # Trouble

    async def add_fault(
        self,
        platform: Platform,
        method: str,
        kind: Kind,
        *,
        person: str | None = None,
        count: int | None = None,
        probability: float = 1.0,
        value: float = 0.0,
        seed: int = 0,
    ) -> Fault:
        """See `simulator.faults.Fault`."""
        fault = Fault(
            platform=platform,
            method=method,
            kind=kind,
            person=person,
            count=count,
            probability=probability,
            value=value,
            seed=seed,
        )
        return await self._post("faults", fault, Fault)

    async def faults(self) -> list[Fault]:
        return await self._get("faults", list[Fault])

    async def clear_faults(self, fault_id: int | None = None) -> list[Fault]:
        return await self._post("clear_faults", Number(number=fault_id), list[Fault])

    async def set_inbound(self, platform: Platform, settings: Inbound) -> Inbound:
        """How webhooks misbehave; see `simulator.inbound.Inbound`."""
        return await self._post("inbound", SetInbound(platform=platform, settings=settings), Inbound)

    async def set_quota(self, messages: int | None) -> None:
        """LINE's monthly limit; None for no limit."""
        await self._post("quota", Number(number=messages), dict[str, Any])

    async def advance(self, seconds: float) -> None:
        """Ages reply tokens and retry keys without waiting."""
        await self._post("advance", Advance(seconds=seconds), dict[str, float])

    async def settle(self) -> None:
        """Returns when no webhook is on its way any more; TimeoutError after 60 s of a bot that takes none."""
        await self._post("settle", Nothing(), dict[str, bool])

    async def reset(self) -> None:
        """Forgets people, chats, tokens, faults, advanced time, traffic and record; webhook addresses stay."""
        await self._post("reset", Nothing(), dict[str, bool])

    # What is seen

    async def timeline(self, chat: str) -> Timeline:
        """The screen of a person or a group."""
        return await self._get("timeline", Timeline, chat=chat)

    async def media(self, platform: Platform, key: str) -> bytes:
        """A file of a chat: by LINE message id or Telegram file id."""
        async with self._open().get(f"{self.base}/control/media/{platform}/{key}") as response:
            return await self._read(response)

    async def record(self) -> RecordView:
        """The record of truth; see `simulator.record`."""
        return await self._get("record", RecordView)

    async def traffic(self, limit: int = 50) -> list[ExchangeShown]:
        """The last exchanges in both directions, newest last."""
        return await self._get("traffic", list[ExchangeShown], limit=str(limit))

    async def bot(self) -> dict[str, Any]:
        """Ids and name of the bot on both platforms, LINE quota, the simulated time."""
        return await self._get("bot", dict[str, Any])

    async def changes(self) -> AsyncIterator[Change]:
        """Every change from now on, until the caller stops."""
        endless = aiohttp.ClientTimeout(total=None)
        async with self._open().get(f"{self.base}/control/changes", timeout=endless) as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    yield msgspec.json.decode(line[6:], type=Change)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_S))
        return self._session

    async def _post(self, act: str, asked: Ask | Fault, kind: type[T]) -> T:
        body = io.BytesIO(msgspec.json.encode(asked))
        async with self._open().post(f"{self.base}/control/{act}", data=body) as response:
            return msgspec.json.decode(await self._read(response), type=kind)

    async def _get(self, view: str, kind: type[T], **query: str) -> T:
        async with self._open().get(f"{self.base}/control/{view}", params=query) as response:
            return msgspec.json.decode(await self._read(response), type=kind)

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = await response.read()
        if response.status != 200:
            raise SimulatorError(msgspec.json.decode(body)["error"])
        return body
