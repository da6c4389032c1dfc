"""The doctor finds what is wrong and says what to do; a healthy service gets no complaint of it."""

from pathlib import Path

import pytest

from app.cli.doctor.command import examine
from app.cli.findings import Finding
from app.cli.setup.system import reads_thai
from core.accounts.demo import ensure_demo_accounts
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import new_keyset, write_keyset
from core.db.database import Database, driver_connection
from core.ids import new_id
from core.jobs.heartbeat import beat
from core.messages.content import Content, Text
from core.messages.queue import Recipient, queue_batch
from core.settings import Settings
from tests.app.cli.conftest import NOWHERE, CommandLine
from tests.campaigns.sender.going import fetch, settle_in
from tests.support.cast import make_person


@pytest.fixture
def here(tmp_path: Path, database: Database, keys: DataKeys, settings: Settings) -> Settings:
    write_keyset(tmp_path / "keyset.json", keys.keyset)
    return settings.model_copy(
        update={"database_url": database.address, "keys_file": tmp_path / "keyset.json"}
    )


async def wrong(settings: Settings) -> dict[str, str]:
    return {finding.where: finding.text for finding in await examine(settings) if not finding.ok}


async def give_life(database: Database, keys: DataKeys) -> None:
    async with database.unit_of_work() as session:
        await make_person(session, keys, name="Dao")
        await ensure_demo_accounts(session, keys)
        await beat(await driver_connection(session), new_id())


async def test_it_finds_nothing_wrong_with_the_ground(
    here: Settings, database: Database, keys: DataKeys
) -> None:
    await give_life(database, keys)
    # No web process and no channel belong to this test.
    assert set(await wrong(here)) - {"web", "channels"} == (set() if reads_thai() else {"pictures"})


async def test_it_misses_staff_and_workers(here: Settings) -> None:
    found = await wrong(here)
    assert "rootan worker" in found["worker"]
    assert "rootan staff add" in found["accounts"]


async def test_it_notices_a_campaign_that_nobody_sends(
    here: Settings, database: Database, keys: DataKeys
) -> None:
    (person,) = await settle_in(database, keys, 1)
    async with database.unit_of_work() as session:
        news = Content((Text("ข่าว"),))
        await queue_batch(
            session, keys, content=news, recipients=[Recipient(person.identity_id, person.channel)]
        )
    assert "campaigns" not in await wrong(here)
    await fetch(database, "UPDATE message_batch SET created_at = now() - interval '2 minutes' RETURNING id")
    assert "bulk_ended" in (await wrong(here))["campaigns"]
    await fetch(database, "UPDATE message_chunk SET claimed_until = now() RETURNING id")
    assert "campaigns" not in await wrong(here)


async def test_it_notices_the_keyset_of_another_database(
    here: Settings, database: Database, keys: DataKeys
) -> None:
    await give_life(database, keys)
    assert here.keys_file is not None
    write_keyset(here.keys_file, new_keyset())
    assert "ROOTAN_KEYS_FILE" in (await wrong(here))["keys"]


async def test_it_notices_a_keyset_that_others_can_read(here: Settings) -> None:
    assert here.keys_file is not None
    here.keys_file.chmod(0o644)
    assert "chmod 600" in (await wrong(here))["keys"]


async def test_it_notices_demo_accounts_in_production(
    here: Settings, database: Database, keys: DataKeys
) -> None:
    await give_life(database, keys)
    assert "demo accounts" in (await wrong(here.model_copy(update={"env": "production"})))["accounts"]


async def test_it_notices_what_waits_in_the_spool(here: Settings) -> None:
    spool = here.data_dir / "spool"
    spool.mkdir(parents=True)
    (spool / "1.spool").write_bytes(b"")
    assert "1 batches wait" in (await wrong(here))["spool"]
    (spool / "1.spool").rename(spool / "1.unreadable")
    assert "put aside" in (await wrong(here))["spool"]


async def test_it_looks_at_what_it_can_while_the_database_is_away(here: Settings) -> None:
    found = await examine(here.model_copy(update={"database_url": "postgresql://127.0.0.1:1/rootan"}))
    assert found[0] == Finding(
        False, "database", "does not answer (ConnectionRefusedError): check ROOTAN_DATABASE_URL"
    )
    assert {finding.where for finding in found} >= {"spool", "disk", "pictures"}


async def test_it_ends_with_status_one_on_a_problem(rootan: CommandLine) -> None:
    ended = await rootan.run("doctor", ROOTAN_BASE_URL=NOWHERE)
    assert ended.status == 1
    assert "problem  worker" in ended.out
    assert "ok       migrations" in ended.out
