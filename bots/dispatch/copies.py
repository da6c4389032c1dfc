"""The job that sends somebody the link to a copy of their data."""

from uuid import UUID

import msgspec
import sqlalchemy as sa

from bots.dialogues.rights import say_link
from bots.dispatch.forgetting import known_language
from bots.models import Conversation
from core.contacts.copy_links import LIFE, make_token
from core.contacts.models import ChannelIdentity, Contact
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.messages.queue import queue

ADDRESS = "/media/copy/"


class CopySender:
    """The `send_copy_link` job of one process; `base_url` is our public address."""

    def __init__(self, database: Database, keys: DataKeys, base_url: str) -> None:
        self._database = database
        self._keys = keys
        self._base = base_url.rstrip("/")

    async def send(self, link_ids: list[UUID]) -> None:
        """Give each link its token and send it to where the person last wrote from; a second run sends nothing."""
        for link_id in link_ids:
            await self._send(link_id)

    async def _send(self, link_id: UUID) -> None:
        async with self._database.unit_of_work() as session:
            made = await make_token(session, self._keys.keyset, link_id)
            if made is None:
                return
            contact_id, token = made
            found = (
                await session.execute(
                    sa.select(ChannelIdentity.id, Contact.language)
                    .join(Contact, Contact.id == ChannelIdentity.contact_id)
                    .join(Conversation, Conversation.identity_id == ChannelIdentity.id)
                    # Behind the decoy face nothing is spoken of; who comes back asks again.
                    .where(ChannelIdentity.contact_id == contact_id, Conversation.hidden.is_(False))
                    .order_by(Conversation.last_inbound_at.desc().nulls_last())
                    .limit(1)
                )
            ).one_or_none()
            if found is None:
                return
            language = known_language(found.language)
            content = say_link(
                language,
                f"{self._base}{ADDRESS}{token}",
                int(LIFE.total_seconds() // 60),
            )
            content = msgspec.structs.replace(content, language=language)
            await queue(
                session, self._keys, identity_id=found.id, content=content, kind="answer", lane="reply"
            )
