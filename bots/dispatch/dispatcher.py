"""One transaction for the turns of many people; when it fails, one by one (invariant 5).

Order of work: lock the conversations, take their unhandled events in order, run the dialogues, run effects, write
states, answers and marks, commit; then send. A job for handled events finds nothing to do.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import msgspec
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from bots.channels.base import Channel
from bots.dispatch.effects import follow_memberships, keep_words, run_effects, take_back
from bots.dispatch.entering import find_entries
from bots.dispatch.people import Person, Who, add_people, claim_strangers, known_people, lock_people
from bots.dispatch.tracking import find_tracked
from bots.dispatch.turn import Arrived, Turn, Want, aged, run_turn
from bots.dispatch.wants import Fetcher, run_turns
from bots.dispatch.writing import Answer, make_answer, write_turns
from bots.engine.events import OWN, Event
from bots.engine.steps import Wanted
from bots.outgoing import Outgoing
from core import metrics
from core.clock import utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.sealing import context, open_sealed
from core.db.database import Database, driver_connection, is_connection_error
from core.errors import CryptoError, MasterKeyMissingError
from core.jobs.queue import enqueue_on
from core.logs import get_logger
from core.messages.held import release_held

# A person who sends faster than we answer is answered in several turns.
_MOST_EVENTS_A_TURN = 20
# After this many failed turns an event is set aside for a person, so that it can't hold up its neighbours for ever.
_MOST_TRIES = 5

_OPEN_OF_JOB = """
SELECT DISTINCT channel, address_key FROM inbound_event
WHERE id = ANY($1) AND handled_at IS NULL AND address_key IS NOT NULL
"""
_OPEN_OF_PEOPLE = """
SELECT e.id, e.channel, e.address_key, e.body, e.body_key_id, e.received_at, e.tries, k.wrapped
FROM unnest($1::text[], $2::bytea[]) AS who(channel, address_key)
CROSS JOIN LATERAL (
  SELECT * FROM inbound_event o
  WHERE o.handled_at IS NULL AND o.channel = who.channel AND o.address_key = who.address_key
  ORDER BY o.position, o.id LIMIT $3
) e LEFT JOIN data_key k ON k.id = e.body_key_id
ORDER BY e.position, e.id
"""
_FIRST_OF_STRANGERS = """
SELECT DISTINCT ON (e.channel, e.address_key) e.id, e.channel, e.address_key, e.body, e.body_key_id, k.wrapped
FROM inbound_event e JOIN data_key k ON k.id = e.body_key_id
WHERE e.handled_at IS NULL AND e.body IS NOT NULL
  AND (e.channel, e.address_key) IN (SELECT * FROM unnest($1::text[], $2::bytea[]))
ORDER BY e.channel, e.address_key, e.position, e.id
"""

_log = get_logger()


class Sending(Protocol):
    """What the dispatcher needs of delivery."""

    def may_send_now(self, channel: str, count: int) -> bool: ...

    def send_soon(self, outgoing: Sequence[Outgoing]) -> None: ...

    def show_typing(self, channel: str, address: str) -> None: ...

    def acknowledge(self, channel: str, handle: str) -> None: ...

    def leave_buttons(
        self, channel: str, address: str, message: int, buttons: Sequence[dict[str, Any]]
    ) -> None: ...


class Dispatcher:
    """Turns events into answers for one process."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: dict[str, Channel],
        sending: Sending,
        base_url: str = "",
    ) -> None:
        """`base_url` is our public address, under which pictures and links of campaigns stand."""
        self._database = database
        self._keys = keys
        self._channels = channels
        self._sending = sending
        self._base_url = base_url

    async def handle(self, event_ids: Sequence[UUID]) -> None:
        """Handle the unhandled events of everybody these events belong to. Safe to repeat."""
        try:
            left = await self._handle_batch(event_ids)
        except Exception as error:
            if is_connection_error(error):
                raise
            left = await self._people_of(event_ids)
            metrics.TURN_FALLBACKS.inc()
            _log.warning("batch_falls_back", error=error, count=len(left))
        for who in left:
            await self._handle_one(who)

    async def _handle_batch(self, event_ids: Sequence[UUID]) -> list[Who]:
        """Handle in one transaction whoever is free; return those whom another turn holds."""
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            wanted = self._known_channels(await connection.fetch(_OPEN_OF_JOB, list(event_ids)))
            people = await self._lock(connection, wanted, wait=False) if wanted else {}
            turns, answers = await self._handle_people(session, connection, people)
        self._after_commit(turns, answers)
        return [who for who in wanted if who not in people]

    async def _people_of(self, event_ids: Sequence[UUID]) -> list[Who]:
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            return self._known_channels(await connection.fetch(_OPEN_OF_JOB, list(event_ids)))

    def _known_channels(self, rows: Sequence[Any]) -> list[Who]:
        return [
            (row["channel"], bytes(row["address_key"])) for row in rows if row["channel"] in self._channels
        ]

    async def _handle_one(self, who: Who) -> None:
        try:
            if not await self._turn_of(who, _MOST_EVENTS_A_TURN):
                # Whatever is still open then is of somebody who can't be found out any more.
                await self._count_failure(who)
        except Exception as error:
            if is_connection_error(error):
                raise
            await self._handle_apart(who)

    async def _handle_apart(self, who: Who) -> None:
        """One event a turn: those before the one that fails are answered, and it alone is counted against."""
        try:
            while await self._turn_of(who, 1):
                pass
        except MasterKeyMissingError as error:
            # No fault of the event's: it is answered as soon as this process, or another, has the key.
            _log.error("turn_waits_for_key", error=error, channel=who[0])
        except Exception as error:
            if is_connection_error(error):
                raise
            _log.error("turn_failed", error=error, channel=who[0])
            await self._count_failure(who)

    async def _turn_of(self, who: Who, most: int) -> bool:
        """Wait for the person's conversation and handle up to `most` of their events; False when none was open."""
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            people = await self._lock(connection, [who], wait=True)
            turns, answers = await self._handle_people(session, connection, people, most)
        self._after_commit(turns, answers)
        return bool(turns)

    async def _count_failure(self, who: Who) -> None:
        """Let the event be tried again a few times, then set it aside: unhandled for ever would block its person."""
        async with self._database.unit_of_work() as session:
            connection = await driver_connection(session)
            await connection.execute(
                "UPDATE inbound_event SET tries = tries + 1,"
                " handled_at = CASE WHEN tries + 1 >= $3 THEN $4::timestamptz END,"
                " outcome = CASE WHEN tries + 1 >= $3 THEN 'failed' END"
                " WHERE id = (SELECT id FROM inbound_event WHERE handled_at IS NULL AND channel = $1"
                " AND address_key = $2 ORDER BY position, id LIMIT 1)",
                who[0], who[1], _MOST_TRIES, utc_now(),
            )  # fmt: skip

    async def _handle_people(
        self,
        session: AsyncSession,
        connection: Any,
        people: dict[Who, Person],
        most: int = _MOST_EVENTS_A_TURN,
    ) -> tuple[list[Turn], dict[UUID, Answer]]:
        """Run and write the turns of people whose conversations are locked."""
        if not people:
            return [], {}
        arrived, left_over = await self._events_of(connection, list(people), most)
        turns = await self._run(session, connection, people, arrived)
        answers = self._answers(turns)
        await write_turns(connection, turns, answers)
        queued = [a.outgoing.message_id for a in answers.values() if not a.immediate]
        # While somebody else may be reading what staff wrote goes on waiting.
        back = [t.person.identity_id for t in turns if t.wrote and not t.hides]
        queued += await release_held(connection, back)
        if queued:
            await enqueue_on(connection, "deliver", queued)
        if left_over:
            await enqueue_on(connection, "turns", left_over)
        return turns, answers

    async def _lock(self, connection: Any, wanted: list[Who], *, wait: bool) -> dict[Who, Person]:
        people = await lock_people(connection, self._keys, wanted, wait=wait)
        missing = [who for who in wanted if who not in people]
        if missing:
            strangers = sorted(set(missing) - await known_people(connection, missing))
            if strangers:
                people |= await self._add(connection, strangers, wait=wait)
        return people

    async def _add(self, connection: Any, strangers: list[Who], *, wait: bool) -> dict[Who, Person]:
        mine = await claim_strangers(connection, strangers, wait=wait)
        added_meanwhile = await known_people(connection, mine)
        new = [who for who in mine if who not in added_meanwhile]
        await add_people(connection, self._keys, await self._addresses(connection, new))
        people = await lock_people(connection, self._keys, new, wait=True)
        return people | await lock_people(connection, self._keys, sorted(added_meanwhile), wait=wait)

    async def _addresses(self, connection: Any, strangers: list[Who]) -> dict[Who, str]:
        rows = await connection.fetch(
            _FIRST_OF_STRANGERS, [w[0] for w in strangers], [w[1] for w in strangers]
        )
        found: dict[Who, str] = {}
        for row in rows:
            address = self._address_in(row)
            if address is not None:
                found[(row["channel"], bytes(row["address_key"]))] = address
        return found

    def _address_in(self, row: Any) -> str | None:
        """None where an event tells nobody's: nobody is added by it, and it alone is counted against."""
        body = self._open_body(row)
        try:
            return self._channels[row["channel"]].address_of(orjson.loads(body)) if body else None
        except orjson.JSONDecodeError as error:
            _log.error("event_unreadable", event_id=str(row["id"]), error=error)
            return None

    async def _events_of(
        self, connection: Any, people: list[Who], most: int
    ) -> tuple[dict[Who, list[Arrived]], list[UUID]]:
        """Return each person's open events in order, and for who has too many for one turn the next one's id."""
        # One more than a turn takes, and no more: somebody's thousands are not read again at each of their turns.
        rows = await connection.fetch(
            _OPEN_OF_PEOPLE, [w[0] for w in people], [w[1] for w in people], most + 1
        )
        arrived: dict[Who, list[Arrived]] = defaultdict(list)
        left_over: dict[Who, UUID] = {}
        for row in rows:
            who = (row["channel"], bytes(row["address_key"]))
            if len(arrived[who]) < most:
                arrived[who].append(Arrived(row["id"], self._read(row), row["received_at"]))
            else:
                left_over.setdefault(who, row["id"])
        return arrived, list(left_over.values())

    def _read(self, row: Any) -> Event:
        """Read one event; one of our own (what a picture turned out to say) is stored in our own words."""
        body = self._open_body(row)
        if body is None:
            return Event(kind="other")
        raw = orjson.loads(body)
        if OWN in raw:
            return msgspec.convert(raw[OWN], Event)
        return aged(self._channels[row["channel"]].parse(raw), row["received_at"], utc_now())

    def _open_body(self, row: Any) -> bytes | None:
        """Return the event's JSON; None when it was taken back or its day key is gone."""
        if row["body"] is None or row["wrapped"] is None:
            return None
        key = self._keys.open(row["body_key_id"], row["wrapped"])
        try:
            return open_sealed(key, row["body"], context("inbound_event", "body", row["id"]))
        except CryptoError:
            _log.error("event_unreadable", event_id=str(row["id"]))
            return None

    async def _run(
        self,
        session: AsyncSession,
        connection: Any,
        people: dict[Who, Person],
        arrived: dict[Who, list[Arrived]],
    ) -> list[Turn]:
        now = utc_now()
        theirs = {who: items for who, items in arrived.items() if who in people}
        our_ids = {name: channel.public_id for name, channel in self._channels.items()}
        running = [run_turn(people[who], items, now, our_ids) for who, items in theirs.items()]

        async def find_entered(_connection: Any, _keys: DataKeys, wants: list[Want]) -> Mapping[Want, Any]:
            return await find_entries(session, self._base_url, wants)

        of_session: Mapping[Wanted, Fetcher] = {
            "entry": find_entered,
            "tracked": partial(find_tracked, session),
        }
        turns = await run_turns(connection, self._keys, running, of_session)
        for turn in turns:
            await follow_memberships(session, turn, theirs[turn.person.who])
        await run_effects(session, connection, self._keys, turns)
        for turn in turns:
            items = theirs[turn.person.who]
            await keep_words(session, self._keys, turn, items)
            # Last, for what this very turn wrote down may be taken back in it.
            await take_back(session, connection, self._keys, turn, items)
        await session.flush()
        return turns

    def _answers(self, turns: list[Turn]) -> dict[UUID, Answer]:
        """Decide which answers go out at once: the limiter has room, and nothing of theirs is still on its way."""
        answers: dict[UUID, Answer] = {}
        for turn in turns:
            if turn.reply is None or turn.person.blocked:
                continue
            free = not turn.person.busy and self._sending.may_send_now(turn.person.channel, 1)
            answers[turn.person.conversation_id] = make_answer(turn, turn.reply, immediate=free)
        return answers

    def _after_commit(self, turns: list[Turn], answers: dict[UUID, Answer]) -> None:
        self._sending.send_soon([a.outgoing for a in answers.values() if a.immediate])
        now = utc_now()
        for turn in turns:
            for handle in turn.acknowledge:
                self._sending.acknowledge(turn.person.channel, handle)
            for pressed in turn.pressed.values():
                address = turn.person.address_text()
                self._sending.leave_buttons(turn.person.channel, address, *pressed)
            if turn.shows_typing:
                self._sending.show_typing(turn.person.channel, turn.person.address_text())
            for outcome in turn.outcomes.values():
                metrics.TURNS.labels(outcome).inc()
            if turn.received_at is not None:
                metrics.TURN_SECONDS.observe(max(0.0, (now - turn.received_at).total_seconds()))
