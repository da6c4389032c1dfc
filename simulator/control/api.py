"""The control API: `POST /control/<act>` with JSON, `GET /control/<view>`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from simulator.asgi import JSON, Request, Response, Send
from simulator.control import shapes
from simulator.control.line_acts import LineActs
from simulator.control.shapes import ControlError, Done
from simulator.control.telegram_acts import TelegramActs
from simulator.control.views import timeline
from simulator.faults import Fault
from simulator.ids import LINE_USER
from simulator.line.platform import LinePlatform
from simulator.phone import Group, Person
from simulator.signing import sign_line
from simulator.telegram.errors import RefusalError
from simulator.telegram.platform import TelegramPlatform
from simulator.world import UnknownError, World

Act = Callable[[Any], Awaitable[Any]]
View = Callable[[dict[str, str]], Any]


class ControlApi:
    def __init__(self, world: World, line: LinePlatform, telegram: TelegramPlatform) -> None:
        self._world = world
        self._line = line
        self._telegram = telegram
        self._acts_of: dict[str, LineActs | TelegramActs] = {
            "line": LineActs(line),
            "telegram": TelegramActs(telegram),
        }
        self._acts = self._all_acts()
        self._views = self._all_views()

    async def answer(self, request: Request, send: Send) -> Response | None:
        """`request.path` without the `/control/`. None: the answer was streamed."""
        try:
            if request.method == "GET" and request.path == "changes":
                await self._stream(request, send)
                return None
            if request.method == "GET" and request.path.startswith("media/"):
                return self._media(request.path.removeprefix("media/"))
            if request.method == "GET" and request.path in self._views:
                return _json(self._views[request.path](request.query()))
            if request.method == "POST" and request.path in self._acts:
                kind, act = self._acts[request.path]
                return _json(await act(msgspec.json.decode(request.body or b"{}", type=kind)))
        except UnknownError as error:
            return _json({"error": str(error)}, 404)
        except RefusalError as error:
            return _json({"error": str(error)}, 400)
        except (ControlError, ValueError, RecursionError, msgspec.MsgspecError) as error:
            return _json({"error": str(error)}, 400)
        return _json({"error": f"There is no {request.method} /control/{request.path}."}, 404)

    def _all_acts(self) -> dict[str, tuple[Any, Act]]:
        return {
            "people": (shapes.NewPeople, self._create_people),
            "groups": (shapes.NewGroup, self._create_group),
            "follow": (shapes.PersonChange, self._follow),
            "unfollow": (shapes.PersonChange, self._unfollow),
            "unblock": (shapes.PersonChange, self._unblock),
            "say": (shapes.SayMany, self._say),
            "press": (shapes.Press, self._press),
            "look": (shapes.PersonChange, self._look),
            "unsend": (shapes.Unsend, self._unsend),
            "edit": (shapes.Edit, self._edit),
            "add_bot": (shapes.GroupChange, self._group_act("add_bot")),
            "remove_bot": (shapes.GroupChange, self._group_act("remove_bot")),
            "join": (shapes.GroupChange, self._group_act("join")),
            "leave": (shapes.GroupChange, self._group_act("leave")),
            "migrate": (shapes.GroupChange, self._group_act("migrate")),
            "raw": (shapes.Raw, self._raw),
            "inbound": (shapes.SetInbound, self._set_inbound),
            "faults": (Fault, self._add_fault),
            "clear_faults": (shapes.Number, self._clear_faults),
            "quota": (shapes.Number, self._set_quota),
            "advance": (shapes.Advance, self._advance),
            "settle": (shapes.Nothing, self._settle),
            "reset": (shapes.Nothing, self._reset),
        }

    def _all_views(self) -> dict[str, View]:
        world = self._world
        return {
            "people": lambda _: list(world.people.values()),
            "groups": lambda _: list(world.groups.values()),
            "timeline": lambda query: timeline(world, self._line, self._telegram, query.get("chat", "")),
            "record": lambda _: world.record.view(),
            "traffic": lambda query: world.traffic.last(int(query.get("limit", "50"))),
            "faults": lambda _: world.faults.rules(),
            "bot": lambda _: {
                "line": self._line.line.user_id,
                "telegram": str(self._telegram.bot.id),
                "name": world.options.bot_name,
                "username": world.options.bot_username,
                "quota": self._line.line.quota,
                "quota_used": self._line.line.used_quota,
                "now": world.clock.now(),
            },
        }

    def _acts_for(self, chat_id: str) -> LineActs | TelegramActs:
        known = self._world.people.get(chat_id) or self._world.groups.get(chat_id)
        if known is None:
            raise UnknownError(f"Neither a person nor a group has the id {chat_id}: create it first.")
        return self._acts_of[known.platform]

    async def _create_people(self, asked: shapes.NewPeople) -> list[Person]:
        ids = asked.ids or [self._fresh_id(asked.platform) for _ in range(asked.count)]
        for person_id in ids:
            good = LINE_USER.fullmatch(person_id) if asked.platform == "line" else person_id.isdecimal()
            if not good:
                raise ControlError(f"{person_id} is no {asked.platform} user id.")
            self._world.people[person_id] = Person(
                id=person_id,
                platform=asked.platform,
                name=asked.name,
                language=asked.language,
                username=asked.username,
                following=asked.following,
                met=asked.met,
            )
        self._world.changes.tell("people_changed", asked.platform)
        return [self._world.people[person_id] for person_id in ids]

    def _fresh_id(self, platform: str) -> str:
        return self._world.ids.line_user() if platform == "line" else str(self._world.ids.telegram_person())

    async def _create_group(self, asked: shapes.NewGroup) -> Group:
        for member in asked.members:
            self._world.person(member)
        ids = self._world.ids
        line = asked.platform == "line"
        group = Group(
            id=ids.line_group() if line else str(ids.telegram_group(supergroup=asked.supergroup)),
            platform=asked.platform,
            name=asked.name,
            members=asked.members,
            supergroup=asked.supergroup,
        )
        self._world.groups[group.id] = group
        self._world.changes.tell("people_changed", asked.platform)
        return group

    async def _follow(self, asked: shapes.PersonChange) -> Done:
        return await self._acts_for(asked.person).follow(self._world.person(asked.person))

    async def _unfollow(self, asked: shapes.PersonChange) -> Done:
        return await self._acts_for(asked.person).unfollow(self._world.person(asked.person))

    async def _unblock(self, asked: shapes.PersonChange) -> Done:
        acts = self._acts_for(asked.person)
        person = self._world.person(asked.person)
        return await (acts.unblock(person) if isinstance(acts, TelegramActs) else acts.follow(person))

    async def _say(self, asked: shapes.SayMany) -> Done:
        if not asked.messages:
            raise ControlError("Say at least one thing.")
        platforms = {self._world.person(say.person).platform for say in asked.messages}
        if len(platforms) > 1:
            raise ControlError("One webhook carries one platform: say the others separately.")
        return await self._acts_of[platforms.pop()].say_many(asked)

    async def _press(self, asked: shapes.Press) -> Done:
        return await self._acts_for(asked.person).press(asked)

    async def _look(self, asked: shapes.PersonChange) -> Done:
        acts = self._acts_for(asked.person)
        if isinstance(acts, LineActs):
            acts.look(self._world.person(asked.person))
        return Done()

    async def _unsend(self, asked: shapes.Unsend) -> Done:
        acts = self._acts_for(asked.person)
        if isinstance(acts, TelegramActs):
            raise ControlError("Telegram tells bots nothing about deleted messages.")
        return await acts.unsend(asked)

    async def _edit(self, asked: shapes.Edit) -> Done:
        return await self._acts_for(asked.person).edit(asked)

    def _group_act(self, name: str) -> Act:
        async def act(asked: shapes.GroupChange) -> Any:
            method = getattr(self._acts_for(asked.group), name, None)
            if method is None:
                raise ControlError(f"LINE groups know no {name}.")
            return await method(asked)

        return act

    async def _raw(self, asked: shapes.Raw) -> Done:
        proof: str | None = None
        if asked.platform == "line":
            secret = self._world.options.line_secret
            if asked.signature != "missing":
                proof = sign_line(secret if asked.signature == "correct" else secret + "x", asked.body)
            posted = await self._line.webhook.post_raw(asked.body, proof)
        else:
            if asked.signature != "missing":
                proof = self._telegram.bot.webhook.secret + ("" if asked.signature == "correct" else "x")
            posted = await self._telegram.webhook.post_raw(asked.body, proof)
        return Done(
            status=posted.status, accepted=posted.accepted, latency_ms=posted.latency_ms, reason=posted.reason
        )

    async def _set_inbound(self, asked: shapes.SetInbound) -> Any:
        webhook = self._line.webhook if asked.platform == "line" else self._telegram.webhook
        webhook.mischief.set(asked.settings)
        return asked.settings

    async def _add_fault(self, asked: Fault) -> Fault:
        return self._world.faults.add(asked)

    async def _clear_faults(self, asked: shapes.Number) -> list[Fault]:
        self._world.faults.clear(asked.number)
        return self._world.faults.rules()

    async def _set_quota(self, asked: shapes.Number) -> dict[str, int | None]:
        self._line.line.quota = asked.number
        return {"quota": asked.number, "quota_used": self._line.line.used_quota}

    async def _advance(self, asked: shapes.Advance) -> dict[str, float]:
        self._world.clock.advance(asked.seconds)
        return {"now": self._world.clock.now()}

    async def _settle(self, asked: shapes.Nothing) -> dict[str, bool]:
        del asked
        await self._line.webhook.settle()
        await self._telegram.webhook.settle()
        return {"settled": True}

    async def _reset(self, asked: shapes.Nothing) -> dict[str, bool]:
        del asked
        await self._line.webhook.close()
        await self._telegram.webhook.close()
        self._world.reset()
        self._line.line.forget()
        self._telegram.bot.forget()
        for mischief in (self._line.webhook.mischief, self._telegram.webhook.mischief):
            mischief.set(type(mischief.settings)())
        return {"reset": True}

    def _media(self, rest: str) -> Response:
        """A file a person or the bot sent: `media/line/<message id>`, `media/telegram/<file id>`."""
        platform, _, key = rest.partition("/")
        if platform == "line" and key in self._line.line.contents:
            content = self._line.line.contents[key]
            return Response(200, content.body, content.media_type.encode())
        if platform == "telegram" and key in self._telegram.bot.files:
            stored = self._telegram.bot.files[key]
            return Response(200, stored.body, stored.media_type.encode())
        raise UnknownError(f"There is no file {rest}.")

    async def _stream(self, request: Request, send: Send) -> None:
        """Server-sent events until the listener leaves."""
        queue = self._world.changes.listen()
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b": listening\n\n", "more_body": True})
            while True:
                change = await request.unless_given_up(queue.get())
                event = b"event: change\ndata: " + msgspec.json.encode(change) + b"\n\n"
                await send({"type": "http.response.body", "body": event, "more_body": True})
        finally:
            self._world.changes.leave(queue)


def _json(value: Any, status: int = 200) -> Response:
    return Response(status, msgspec.json.encode(value), JSON)
