"""A rotation of the master keys while processes run with the old set loses nothing. Guards 2, 11."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bots.channels.base import Arrival
from bots.delivery.claims import claim_pending
from bots.spool import Spool
from core.clock import utc_now
from core.crypto.data_keys import DataKeys, rewrap_keys
from core.crypto.keyset import (
    KeysetFile,
    dump_keyset,
    keyset_path,
    load_keyset,
    new_keyset,
    rotated,
    write_keyset,
)
from core.db.database import Database, driver_connection
from core.errors import CryptoError, MasterKeyMissingError
from core.messages.content import Content, Text
from core.messages.queue import queue
from core.settings import Settings
from tests.bots.dispatch.test_dispatcher import hear, outcomes, said
from tests.support.house import open_quiet_house


async def rotate(database: Database, keys: DataKeys) -> DataKeys:
    """Wrap everything anew under a key that `keys` does not hold, as `rootan keys rotate` does."""
    newer = DataKeys(rotated(keys.keyset))
    async with database.unit_of_work() as session:
        await rewrap_keys(session, newer.keyset)
    return newer


@pytest.fixture
def watched(settings: Settings) -> DataKeys:
    keyset = load_keyset(settings)
    return DataKeys(keyset, KeysetFile(settings, keyset).current)


async def test_a_running_process_reads_what_another_wrapped_under_a_new_key(
    database: Database, watched: DataKeys, settings: Settings
) -> None:
    async with database.unit_of_work() as session:
        key_id, key = await watched.named(session, "inbox:2026-11-23", "day")
    newer = rotated(watched.keyset)
    write_keyset(keyset_path(settings), newer)
    async with database.unit_of_work() as session:
        assert await rewrap_keys(session, newer) == 1
    async with database.unit_of_work() as session:
        assert await watched.load(session, key_id) == key


async def test_a_running_process_seals_nothing_under_a_key_that_was_replaced(
    watched: DataKeys, settings: Settings
) -> None:
    newer = rotated(watched.keyset)
    write_keyset(keyset_path(settings), newer)
    _, _, wrapped = watched.make()
    assert watched.keyset.key_name(wrapped) == newer.primary


@pytest.mark.parametrize(
    "written", ["", "{", dump_keyset(new_keyset())], ids=["empty", "torn", "another set"]
)
async def test_a_file_that_is_no_form_of_the_set_is_not_taken(
    watched: DataKeys, settings: Settings, written: str
) -> None:
    before = watched.keyset
    keyset_path(settings).write_text(written)
    assert watched.current() is before


async def test_what_is_no_wrapped_key_is_damage_and_not_a_key_to_wait_for(keys: DataKeys) -> None:
    with pytest.raises(CryptoError) as raised:
        keys.keyset.unwrap(b"\x04spam" + b"\0" * 40, b"")
    assert not isinstance(raised.value, MasterKeyMissingError)


async def test_a_turn_waits_for_its_key_and_loses_no_try(
    database: Database, keys: DataKeys, tmp_path: Path
) -> None:
    async with open_quiet_house(database, keys, tmp_path / "a") as quiet:
        await hear(quiet, said(1, "สวัสดี"))
        newer = await rotate(database, keys)
        await hear(quiet, said(2, "เมนู"))
        for _ in range(6):
            await quiet.turn()
        assert (await outcomes(quiet))["01E2"] is None
        assert await quiet.value("SELECT max(tries) FROM inbound_event") == 0
    async with open_quiet_house(database, newer, tmp_path / "b") as quiet:
        await quiet.turn()
        assert (await outcomes(quiet))["01E2"] == "answered"


async def test_a_message_waits_for_its_key_and_loses_no_try(
    database: Database, keys: DataKeys, tmp_path: Path
) -> None:
    async with open_quiet_house(database, keys, tmp_path) as quiet:
        await hear(quiet, said(1, "สวัสดี"))
        await quiet.rows("DELETE FROM message_attempt")
        await quiet.rows("DELETE FROM message")
        identity = await quiet.value("SELECT id FROM channel_identity")
        async with database.unit_of_work() as session:
            await queue(
                session,
                keys,
                identity_id=identity,
                content=Content((Text("คำตอบ"),)),
                kind="staff",
                lane="hotline",
            )
        newer = await rotate(database, keys)
        assert await claim(database, keys) == []
        waiting = (await quiet.rows("SELECT state, tries, not_before FROM message"))[0]
        assert (waiting.state, waiting.tries) == ("pending", 0)
        assert waiting.not_before <= utc_now() + timedelta(minutes=1)
        await quiet.rows("UPDATE message SET not_before = NULL")
        assert [c.out is not None for c in await claim(database, newer)] == [True]


async def claim(database: Database, keys: DataKeys) -> list[Any]:
    async with database.unit_of_work() as session:
        return await claim_pending(await driver_connection(session), keys, "line", 5)


async def test_a_spooled_batch_waits_for_its_key(keys: DataKeys, tmp_path: Path) -> None:
    newer = DataKeys(rotated(keys.keyset))
    await Spool(tmp_path, newer).append([Arrival("line", "e1", "U1", 1, "m1", b"{}")])
    assert [batch async for batch in Spool(tmp_path, keys).batches()] == []
    (batch,) = [batch async for batch in Spool(tmp_path, newer).batches()]
    assert [arrival.event_id for arrival in batch.arrivals] == ["e1"]


async def test_a_spooled_batch_of_another_form_holds_up_nobody(keys: DataKeys, tmp_path: Path) -> None:
    spool = Spool(tmp_path, keys)
    await spool.append([{"of": "another version"}])  # type: ignore[list-item]
    await spool.append([Arrival("line", "e1", "U1", 1, "m1", b"{}")])
    (batch,) = [batch async for batch in spool.batches()]
    assert batch.arrivals[0].event_id == "e1"
    assert len(list(tmp_path.glob("*.unreadable"))) == 1
