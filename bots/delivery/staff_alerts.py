"""Nudges to staff at their own addresses: without content, apart from every conversation with a citizen."""

from collections.abc import Mapping
from uuid import UUID, uuid5

from bots.channels.base import Channel, Outcome
from bots.delivery.tokens import TokenStore
from core.crypto.data_keys import DataKeys
from core.db.database import Database
from core.logs import get_logger
from core.mail.sending import Mail, Mailer, MailOutcome
from core.messages.content import Content, Text
from referrals.teams.posting import Posting, PostOutcome, claim_post, find_due_posts, settle_post
from referrals.teams.wording import as_mail, say_alert

_log = get_logger()
_BY_MAIL: dict[MailOutcome, PostOutcome] = {
    "sent": "sent", "refused": "refused", "not_sent": "later", "unclear": "unclear",
}  # fmt: skip
_BY_CHAT: dict[Outcome, PostOutcome] = {
    "sent": "sent", "already": "sent", "wait": "later", "not_sent": "later", "unclear": "unclear",
    "token_gone": "refused", "quota": "refused", "blocked": "refused", "refused": "refused",
    "unfit": "refused",
}  # fmt: skip


class AlertSender:
    """The `tell_staff` job of one process; `console` is the console's public address."""

    def __init__(
        self,
        database: Database,
        keys: DataKeys,
        channels: Mapping[str, Channel],
        tokens: TokenStore,
        mailer: Mailer | None,
        console: str,
    ) -> None:
        self._database = database
        self._keys = keys
        self._channels = channels
        self._tokens = tokens
        self._mailer = mailer
        self._console = console

    async def tell(self, alert_ids: list[UUID]) -> None:
        """Send the posts of these alerts that are due; a second run finds them sent."""
        async with self._database.unit_of_work() as session:
            due = await find_due_posts(session, alert_ids)
        for alert_id, kind in due:
            await self._post(alert_id, kind)

    async def _post(self, alert_id: UUID, kind: str) -> None:
        async with self._database.unit_of_work() as session:
            posting = await claim_post(session, self._keys, alert_id, kind)
        if posting is None:
            return
        outcome = await (self._by_mail(posting) if kind == "mail" else self._by_chat(posting))
        if outcome != "sent":
            _log.warning("staff_alert_not_sent", kind=kind, outcome=outcome)
        async with self._database.unit_of_work() as session:
            await settle_post(session, alert_id, kind, outcome)

    async def _by_mail(self, posting: Posting) -> PostOutcome:
        if self._mailer is None:
            return "off"
        words = as_mail(say_alert(posting.alert_kind, self._console))
        mail = Mail(uuid5(posting.alert_id, posting.kind), posting.address, words.subject, words.text)
        return _BY_MAIL[await self._mailer.send(mail)]

    async def _by_chat(self, posting: Posting) -> PostOutcome:
        channel = self._channels.get(posting.kind)
        if channel is None:
            return "off"
        await self._tokens.acquire(posting.kind, "hotline")
        words = say_alert(posting.alert_kind, self._console)
        content = Content((Text(words.text),), harmless=True)
        for part in channel.render(content, cover="plain", message_id=posting.alert_id):
            result = await channel.send(
                part,
                mode="push" if channel.has_retry_keys else "send",
                address=posting.address,
                retry_key=uuid5(posting.alert_id, posting.kind) if channel.has_retry_keys else None,
            )
            if result.outcome == "wait":
                await self._tokens.close(posting.kind, result.wait)
            if _BY_CHAT[result.outcome] != "sent":
                return _BY_CHAT[result.outcome]
        return "sent"
