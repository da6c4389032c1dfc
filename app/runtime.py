"""What a process of the service holds: settings, database, keys."""

from dataclasses import dataclass

import app.models  # noqa: F401 - tables refer to each other across rooms, so every process knows them all
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import KeysetFile, load_keyset
from core.db.database import Database, open_database
from core.settings import Settings


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
