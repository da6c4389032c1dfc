"""The job that tells somebody that their case went on: a line without content, for whom it is allowed."""

from uuid import UUID

import msgspec

from bots.dialogues.case_news import say_news
from bots.dispatch.forgetting import known_language
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.messages.queue import queue
from referrals.progress_reading import is_told
from referrals.tracks.news import hearer_of


class ProgressTeller:
    """The `tell_progress` job of one process."""

    def __init__(self, database: Database, keys: DataKeys) -> None:
        self._database = database
        self._keys = keys

    async def tell(self, event_ids: list[UUID]) -> None:
        """Write the line for each step that is somebody's first news; delivery minds their hours. A second run writes none."""
        for event_id in event_ids:
            async with self._database.unit_of_work() as session:
                hearer = await hearer_of(session, event_id)
                if hearer is None or not await is_told(session, self._keys, event_id):
                    continue
                language = known_language(hearer.language)
                line = msgspec.structs.replace(say_news(language), language=language)
                await queue(
                    session, self._keys, identity_id=hearer.identity_id, content=line, kind="notice",
                    lane="hotline",
                )  # fmt: skip
