"""What a process of the service holds: settings, database, keys; and the hotlines that its dialogues read."""

import asyncio
from dataclasses import dataclass

import app.models  # noqa: F401 - tables refer to each other across rooms, so every process knows them all
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import KeysetFile, load_keyset
from core.db.database import Database, open_database
from core.logs import get_logger
from core.settings import Settings
from referrals.directory.hotlines import lay_open
from referrals.hotline_desk.book import open_for_readers

# How soon every process knows what staff changed in the directory of hotlines.
HOTLINES_SECONDS = 60.0
_log = get_logger()


@dataclass(frozen=True, slots=True)
class Runtime:
    """Made once in each process, handed down, never global."""

    settings: Settings
    database: Database
    keys: DataKeys


def make_runtime(settings: Settings, *, pool_size: int = 8) -> Runtime:
    """Open the database and the keyset; raises SettingsError with one line that says what to set."""
    database = open_database(settings, pool_size=pool_size)
    keyset = load_keyset(settings)
    return Runtime(settings, database, DataKeys(keyset, KeysetFile(settings, keyset).current))


async def keep_hotlines(database: Database, *, every: float = HOTLINES_SECONDS) -> None:
    """Let this process read the directory of hotlines as staff changed it, looking `every` few seconds, until cancelled.

    While the database is away what was read last holds, and before that what came with the program.
    """
    try:
        while True:
            await _read_hotlines(database)
            await asyncio.sleep(every)
    finally:
        lay_open(None)


async def _read_hotlines(database: Database) -> None:
    try:
        async with database.unit_of_work() as session:
            await open_for_readers(session)
    except Exception as error:  # noqa: BLE001 - the database may be away; the next time will do
        _log.warning("hotlines_not_read", error=error)
