"""The database and what can be told from it: schema, keys, clock, workers, campaigns, the inbox, jobs on hold."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg

from app.cli.findings import Finding
from app.revisions import head_revision
from app.runtime import Runtime
from core.clock import utc_now
from core.crypto.keyset import keyset_path
from core.errors import CryptoError
from core.jobs.heartbeat import workers_alive

# Parts that may go out for a while, and whether anybody had one in hand since.
_LEFT_LYING = """
SELECT count(*) FILTER (WHERE greatest(c.not_before, b.created_at, c.claimed_until) < $1),
       coalesce(bool_or(c.claimed_until > $1), false)
FROM message_chunk c JOIN message_batch b ON b.id = c.batch_id
WHERE c.done_at IS NULL AND NOT b.paused
"""

Look = Callable[[Runtime, Any], Awaitable[Finding]]

_OLDEST_SERVER = 15
_CLOCK_SECONDS = 2.0
_WAITING_SECONDS = 60.0


async def look_at_database(runtime: Runtime) -> list[Finding]:
    """Return the findings; one only where the database is away or empty."""
    try:
        connection = await asyncpg.connect(runtime.database.asyncpg_address, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        return [
            Finding(False, "database", f"does not answer ({type(error).__name__}): check ROOTAN_DATABASE_URL")
        ]
    try:
        found = [_server(connection), await _schema(connection)]
        if found[-1].ok:
            found += [await _look(name, look, runtime, connection) for name, look in _LOOKS.items()]
        return found
    finally:
        await connection.close()


async def _look(name: str, look: Look, runtime: Runtime, connection: Any) -> Finding:
    try:
        return await look(runtime, connection)
    except asyncpg.PostgresError as error:
        return Finding(
            False, name, f"can't be looked at ({type(error).__name__}): restore the database's schema"
        )


def _server(connection: Any) -> Finding:
    version = connection.get_server_version()
    ok = version.major >= _OLDEST_SERVER
    return Finding(ok, "database", f"PostgreSQL {version.major}.{version.minor} answers"
                   + ("" if ok else f": {_OLDEST_SERVER} or newer is needed"))  # fmt: skip


async def _schema(connection: Any) -> Finding:
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return Finding(False, "migrations", "the database has no schema yet: run `rootan migrate`")
    at, head = await connection.fetchval("SELECT version_num FROM alembic_version"), head_revision()
    if at != head:
        return Finding(
            False, "migrations", f"schema at {at}, this release wants {head}: run `rootan migrate`"
        )
    return Finding(True, "migrations", f"schema at {at}")


async def _keys(runtime: Runtime, connection: Any) -> Finding:
    rows = await connection.fetch(
        "(SELECT id, wrapped FROM data_key WHERE wrapped IS NOT NULL ORDER BY id DESC LIMIT 1) UNION ALL "
        "(SELECT id, wrapped FROM data_key WHERE wrapped IS NOT NULL ORDER BY id LIMIT 1)"
    )
    try:
        for row in rows:
            runtime.keys.open(row["id"], row["wrapped"])
    except CryptoError:
        return Finding(
            False, "keys", "the keyset does not open what this database holds: check ROOTAN_KEYS_FILE"
        )
    if runtime.settings.keys is None and keyset_path(runtime.settings).stat().st_mode & 0o077:
        path = keyset_path(runtime.settings)
        return Finding(False, "keys", f"others can read the keyset: chmod 600 {path}")
    left = await connection.fetchval(
        "SELECT count(*) FROM data_key WHERE destroyed_at IS NULL AND master <> $1",
        runtime.keys.keyset.primary,
    )
    if left:
        return Finding(
            False, "keys", f"{left} data keys await a rotation that stopped: run `rootan keys rotate`"
        )
    return Finding(
        True, "keys", f"keyset {runtime.keys.keyset.fingerprint()} opens the oldest and newest data key"
    )


async def _accounts(runtime: Runtime, connection: Any) -> Finding:
    count = await connection.fetchval("SELECT count(*) FROM account WHERE is_demo AND disabled_at IS NULL")
    if count and runtime.settings.env == "production":
        return Finding(False, "accounts", f"{count} demo accounts: production needs a database of its own")
    staff = await connection.fetchval("SELECT count(*) FROM account WHERE disabled_at IS NULL")
    if not staff:
        return Finding(
            False, "accounts", "no member of staff yet: rootan staff add EMAIL --role administrator"
        )
    return Finding(True, "accounts", f"{staff} members of staff")


async def _clock(_runtime: Runtime, connection: Any) -> Finding:
    apart = abs((utc_now() - await connection.fetchval("SELECT clock_timestamp()")).total_seconds())
    if apart > _CLOCK_SECONDS:
        return Finding(
            False, "clock", f"{apart:.1f} s apart from the database's: set up time synchronisation"
        )
    return Finding(True, "clock", f"{apart * 1000:.0f} ms apart from the database's")


async def _workers(_runtime: Runtime, connection: Any) -> Finding:
    alive = await workers_alive(connection)
    if not alive:
        return Finding(False, "worker", "no worker has been heard of for 30 s: start `rootan worker`")
    return Finding(True, "worker", f"{alive} alive")


async def _campaigns(_runtime: Runtime, connection: Any) -> Finding:
    """Whoever sends holds a part of it at any moment; where a minute passed without, nobody sends."""
    left, lately = await connection.fetchrow(_LEFT_LYING, utc_now() - timedelta(seconds=_WAITING_SECONDS))
    if left and not lately:
        return Finding(
            False,
            "campaigns",
            f"{left} parts of campaigns may go out and nobody sends them: does the log of a worker say bulk_ended?",
        )
    return Finding(True, "campaigns", f"{left} parts wait for their turn")


async def _inbox(_runtime: Runtime, connection: Any) -> Finding:
    count, oldest = await connection.fetchrow(
        "SELECT count(*), extract(epoch FROM clock_timestamp() - min(received_at))::float8 "
        "FROM inbound_event WHERE handled_at IS NULL"
    )
    if count and oldest > _WAITING_SECONDS:
        return Finding(
            False,
            "inbox",
            f"{count} events wait, the oldest for {oldest:.0f} s: are workers running and keeping up?",
        )
    return Finding(True, "inbox", f"{count} events wait")


async def _set_aside(_runtime: Runtime, connection: Any) -> Finding:
    """Messages whose turn failed time and again: nobody has answered them."""
    count, oldest = await connection.fetchrow(
        "SELECT count(*), extract(epoch FROM clock_timestamp() - min(received_at))::float8 FROM inbound_event "
        "WHERE handled_at IS NOT NULL AND body IS NOT NULL AND outcome = 'failed'"
    )
    if count:
        return Finding(
            False,
            "set aside",
            f"{count} messages could not be answered, the oldest came {_say_age(oldest)} ago; they go within"
            " 24 h: read the log of turn_failed, mend the cause, then rootan jobs release",
        )
    return Finding(True, "set aside", "no message waits for a person")


def _say_age(seconds: float) -> str:
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


async def _held(_runtime: Runtime, connection: Any) -> Finding:
    held = await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'failed'")
    if held:
        return Finding(False, "jobs", f"{held} gave up and wait for a person: rootan jobs list")
    return Finding(True, "jobs", "none on hold")


_LOOKS: dict[str, Look] = {
    "keys": _keys, "accounts": _accounts, "clock": _clock, "worker": _workers, "campaigns": _campaigns, "inbox": _inbox,
    "set aside": _set_aside, "jobs": _held,
}  # fmt: skip
