"""Campaign messages that staff send to themselves to try them: as news goes out, but to their own addresses."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from bots.channels.base import Channel, Outcome
from bots.delivery.tokens import TokenStore
from campaigns.sender.trying import Trying, claim_test, settle_test
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.logs import get_logger

_log = get_logger()


class CampaignTester:
    """The `try_campaign` job of one process; `base_url` is our public address."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        tokens: TokenStore,
        base_url: str,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens
        self._base_url = base_url

    async def send(self, test_ids: list[UUID]) -> None:
        """Send those that wait; a second run finds them claimed."""
        for test_id in test_ids:
            async with self._database.unit_of_work() as session:
                trying = await claim_test(session, self._keys, test_id, base_url=self._base_url)
            if trying is not None:
                await self._send_one(trying)

    async def _send_one(self, trying: Trying) -> None:
        channel = self._channels.get(trying.kind)
        outcome = "off" if channel is None else await self._through(channel, trying)
        if outcome not in {"sent", "already"}:
            _log.warning("campaign_test_not_sent", kind=trying.kind, outcome=outcome)
        async with self._database.unit_of_work() as session:
            if outcome in {"sent", "already"}:
                await settle_test(session, trying.test_id, "sent")
            elif outcome == "unclear":
                await settle_test(session, trying.test_id, "unknown")
            else:
                await settle_test(session, trying.test_id, "failed", outcome)

    async def _through(self, channel: Channel, trying: Trying) -> Outcome:
        """All calls of the message, until one does not arrive."""
        parts = channel.render(trying.content, cover="covered", message_id=trying.test_id)
        for at, part in enumerate(parts):
            await self._tokens.acquire(trying.kind, "hotline")
            result = await channel.send(
                part,
                mode="push" if channel.has_retry_keys else "send",
                address=trying.address,
                retry_key=uuid5(trying.test_id, str(at)) if channel.has_retry_keys else None,
            )
            if result.outcome == "wait":
                await self._tokens.close(trying.kind, result.wait)
            if result.outcome not in {"sent", "already"}:
                return result.outcome
        return "sent"
