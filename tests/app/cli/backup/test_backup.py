"""Backups are restored and compared; who was erased stays unreadable whichever backup comes back."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from app.cli.backup.dump import back_up
from app.cli.backup.manifest import NAMES
from app.cli.backup.programs import run_program
from app.cli.backup.restore import restore
from app.runtime import Runtime
from core.audit.chain import record_audit
from core.audit.heads import heads_path, sign_heads, verify_audit
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKey, DataKeys, destroy_data_key
from core.crypto.keyset import new_keyset
from core.crypto.sealing import context
from core.db.database import Database
from core.errors import ConflictError, InvalidInputError, KeyDestroyedError
from core.messages.content import Content, Text
from core.messages.models import Message
from core.messages.queue import Recipient, queue, queue_batch
from core.settings import Settings
from tests.support.cast import Person, make_person
from tests.support.postgres import TestCluster


def say(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def runtime(settings: Settings, database: Database, keys: DataKeys) -> Runtime:
    return Runtime(settings, database, keys)


@pytest.fixture
async def elsewhere(
    cluster: TestCluster, settings: Settings, keys: DataKeys, tmp_path: Path
) -> AsyncIterator[Runtime]:
    """Another host: an empty database and data folder, the same keyset."""
    address = await cluster.copy()
    database = Database(address)
    yield Runtime(
        settings.model_copy(update={"data_dir": tmp_path / "elsewhere"}), database, DataKeys(keys.keyset)
    )
    await database.close()
    await cluster.drop(address)


async def add_person(runtime: Runtime, name: str) -> Person:
    async with runtime.database.unit_of_work() as session:
        return await make_person(session, runtime.keys, name=name)


async def erase(runtime: Runtime, person: Person) -> None:
    async with runtime.database.unit_of_work() as session:
        contact = await session.get_one(Contact, person.contact_id)
        await destroy_data_key(session, contact.data_key_id)


async def address_of(runtime: Runtime, person: Person) -> str:
    async with runtime.database.unit_of_work() as session:
        identity = await session.get_one(ChannelIdentity, person.identity_id)
        contact = await session.get_one(Contact, person.contact_id)
        key = await runtime.keys.load(session, contact.data_key_id)
        return identity.address.open(key, context("channel_identity", "address", person.identity_id)).decode()


async def put_back(runtime: Runtime, folder: Path, *, replace: bool = False) -> None:
    await runtime.database.engine.dispose()
    await restore(runtime, folder, say, replace=replace)


async def test_it_brings_back_what_was_lost(runtime: Runtime, elsewhere: Runtime, tmp_path: Path) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    await put_back(elsewhere, tmp_path / "first")
    assert await address_of(elsewhere, dao) == dao.address


async def test_it_leaves_the_erased_unreadable_when_an_old_backup_comes_back(
    runtime: Runtime, tmp_path: Path
) -> None:
    dao, ek = await add_person(runtime, "Dao"), await add_person(runtime, "Ek")
    await back_up(runtime, tmp_path / "old", say)
    await erase(runtime, dao)
    await back_up(runtime, tmp_path / "new", say)
    await put_back(runtime, tmp_path / "old", replace=True)
    with pytest.raises(KeyDestroyedError):
        await address_of(runtime, dao)
    assert await address_of(runtime, ek) == ek.address


async def test_it_finds_the_list_of_a_newer_backup_on_a_new_host(
    runtime: Runtime, elsewhere: Runtime, tmp_path: Path
) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "old", say)
    await erase(runtime, dao)
    await back_up(runtime, tmp_path / "new", say)
    await put_back(elsewhere, tmp_path / "old")
    with pytest.raises(KeyDestroyedError):
        await address_of(elsewhere, dao)


async def test_it_replays_an_erasure_that_no_backup_knows(runtime: Runtime, tmp_path: Path) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "old", say)
    await erase(runtime, dao)
    await put_back(runtime, tmp_path / "old", replace=True)
    with pytest.raises(KeyDestroyedError):
        await address_of(runtime, dao)


async def test_it_holds_no_data_key_outside_the_file_that_is_deleted_first(
    runtime: Runtime, tmp_path: Path
) -> None:
    await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    async with runtime.database.unit_of_work() as session:
        wrapped = [key for key in await session.scalars(sa.select(DataKey.wrapped)) if key is not None]
    dump = tmp_path / "first" / NAMES.dump
    plain = await run_program(
        "pg_restore", ["--file=-", str(dump)], address=runtime.database.address, server_major=15
    )
    others = b"".join(
        p.read_bytes() for p in dump.parent.iterdir() if p.name not in {NAMES.data_keys, NAMES.dump}
    )
    assert wrapped
    assert [key for key in wrapped if key in others or key.hex() in plain] == []
    assert "COPY public.channel_identity" in plain


async def test_it_restores_without_the_data_keys_but_then_nothing_opens(
    runtime: Runtime, elsewhere: Runtime, tmp_path: Path
) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    (tmp_path / "first" / NAMES.data_keys).unlink()
    await put_back(elsewhere, tmp_path / "first")
    with pytest.raises(KeyDestroyedError):
        await address_of(elsewhere, dao)


async def test_it_refuses_to_replace_what_is_there_unless_told(runtime: Runtime, tmp_path: Path) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    with pytest.raises(ConflictError, match="--replace"):
        await put_back(runtime, tmp_path / "first")
    assert await address_of(runtime, dao) == dao.address


async def test_it_refuses_while_the_service_is_connected(runtime: Runtime, tmp_path: Path) -> None:
    await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    with pytest.raises(ConflictError, match="stop web and worker"):
        await restore(runtime, tmp_path / "first", say, replace=True)


async def test_it_refuses_a_folder_that_holds_something(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    with pytest.raises(ConflictError, match="not empty"):
        await back_up(runtime, tmp_path / "taken", say)


@pytest.mark.parametrize("name", [NAMES.dump, NAMES.data_keys, NAMES.erasures])
async def test_it_refuses_a_changed_file_before_it_touches_anything(
    runtime: Runtime, tmp_path: Path, name: str
) -> None:
    dao = await add_person(runtime, "Dao")
    await back_up(runtime, tmp_path / "first", say)
    with (tmp_path / "first" / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(InvalidInputError, match=name):
        await put_back(runtime, tmp_path / "first", replace=True)
    assert await address_of(runtime, dao) == dao.address


async def test_it_refuses_a_changed_manifest(runtime: Runtime, tmp_path: Path) -> None:
    await back_up(runtime, tmp_path / "first", say)
    path = tmp_path / "first" / NAMES.manifest
    raw = msgspec.json.decode(path.read_bytes())
    raw["manifest"]["digests"] = {}
    path.write_bytes(msgspec.json.encode(raw))
    with pytest.raises(InvalidInputError, match="changed"):
        await put_back(runtime, tmp_path / "first", replace=True)


async def test_it_refuses_a_backup_of_another_keyset(runtime: Runtime, tmp_path: Path) -> None:
    await back_up(runtime, tmp_path / "first", say)
    stranger = Runtime(runtime.settings, runtime.database, DataKeys(new_keyset()))
    with pytest.raises(InvalidInputError, match="another keyset"):
        await put_back(stranger, tmp_path / "first", replace=True)


async def test_it_marks_what_may_have_gone_out_since(runtime: Runtime, tmp_path: Path) -> None:
    dao, hello = await add_person(runtime, "Dao"), Content((Text("สวัสดีค่ะ"),))
    async with runtime.database.unit_of_work() as session:
        await queue(
            session, runtime.keys, identity_id=dao.identity_id, content=hello, kind="answer", lane="reply"
        )
        await queue_batch(
            session, runtime.keys, content=hello, recipients=[Recipient(dao.identity_id, "line")]
        )
    await back_up(runtime, tmp_path / "first", say)
    await put_back(runtime, tmp_path / "first", replace=True)
    async with runtime.database.unit_of_work() as session:
        rows = await session.execute(sa.select(Message.kind, Message.state, Message.may_be_double))
        assert {tuple(row) for row in rows} == {("answer", "pending", True), ("campaign", "unknown", False)}


async def test_it_keeps_the_audit_verifiable_and_the_newer_heads_as_evidence(
    runtime: Runtime, tmp_path: Path
) -> None:
    path, keyset = heads_path(runtime.settings.data_dir), runtime.keys.keyset
    await audit_once(runtime)
    await back_up(runtime, tmp_path / "first", say)
    for _ in range(20):
        await audit_once(runtime)
    await put_back(runtime, tmp_path / "first", replace=True)
    async with runtime.database.unit_of_work() as session:
        assert [problem async for problem in verify_audit(session, keyset, path)] == []
    assert len(list(path.parent.glob("heads.before-restore-*.jsonl"))) == 1


async def audit_once(runtime: Runtime) -> None:
    async with runtime.database.unit_of_work() as session:
        await record_audit(session, actor_id=None, action="case.read", object_kind="referral")
    async with runtime.database.unit_of_work() as session:
        await sign_heads(session, runtime.keys.keyset, heads_path(runtime.settings.data_dir))
