"""Nothing is kept longer than its class allows (invariant 18): what this room and the machinery hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.clock import bangkok, utc_now
from core.retention.steps import Step, Sweep

# Asked in two halves, each with an index of its own.
_SPENT_DAY_KEYS = """
UPDATE data_key k SET wrapped = NULL, destroyed_at = $1
WHERE k.id IN (
  SELECT k.id FROM data_key k WHERE k.purpose = 'day' AND k.destroyed_at IS NULL AND k.name < $2
  AND NOT EXISTS (SELECT 1 FROM inbound_event e
                  WHERE e.body_key_id = k.id AND e.body IS NOT NULL AND e.handled_at IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM inbound_event e
                  WHERE e.body_key_id = k.id AND e.body IS NOT NULL AND e.handled_at IS NULL)
  LIMIT $3)
RETURNING k.id
"""
_NOTE_ERASED = "INSERT INTO erasure (data_key_id, erased_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
# What is still being handled may want the key of the day before.
_GRACE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SpentDayKeys:
    """A day's key goes once nothing that it sealed is left: then it is unreadable in backups, too."""

    code: str = "event_words"

    async def remove(self, connection: Any, _before: datetime, limit: int) -> int:
        now = utc_now()
        last_day = f"inbox:{bangkok(now) - _GRACE:%Y-%m-%d}"
        spent = await connection.fetch(_SPENT_DAY_KEYS, now, last_day, limit)
        await connection.executemany(_NOTE_ERASED, [(row["id"], now) for row in spent])
        return len(spent)

    async def count(self, _connection: Any, _before: datetime, _most: int) -> int:
        """Keys are nothing of their own that anybody would miss."""
        return 0


# What a campaign was told ends with the wish for news (PDPA s.33: consent taken back); until then the person may change
# their mind without being asked again.
_STOPPED = "contact_id IN (SELECT contact_id FROM consent WHERE topic = 'campaigns' AND NOT granted AND changed_at < $1)"

SWEEPS: tuple[Sweep, ...] = (
    Step(
        "event_words", "inbound_event", "handled_at IS NOT NULL AND body IS NOT NULL AND handled_at < $1",
        blanks="body",
    ),
    Step("event_rows", "inbound_event", "id < $3 AND handled_at < $1"),
    # A waiting message keeps its words until it was read.
    Step("message_words", "message", "content IS NOT NULL AND finished_at < $1", blanks="content"),
    Step("message_rows", "message", "id < $3 AND finished_at < $1 AND batch_id IS NULL"),
    Step("sign_in_attempts", "sign_in_attempt", "at < $1"),
    Step("erasure_requests", "erasure_request", "coalesce(done_at, taken_back_at) < $1"),
    Step("copy_links", "copy_link", "asked_at < $1"),
    Step("staff_sessions", "account_session", "id < $3 AND coalesce(ended_at, seen_at) < $1"),
    Step("staff_sessions", "one_time_link", "id < $3 AND expires_at < $1"),
    Step("api_calls", "idempotent_call", "at < $1", key="token_id, key_hash"),
    Step(
        "api_tokens", "api_token",
        "least(revoked_at, expires_at) < $1"
        " AND NOT EXISTS (SELECT FROM idempotent_call c WHERE c.token_id = api_token.id)",
    ),
    Step(
        "campaign_members", "campaign_member", "run_id IN (SELECT id FROM campaign_run WHERE ended_at < $1)",
        key="run_id, contact_id",
    ),
    Step("campaign_answers", "campaign_answer", "at < $1", key="contact_id, campaign_id, question"),
    # Kept while its campaign goes on, or its steps would begin anew.
    Step(
        "campaign_answers", "drip_start",
        "began_on < $1::timestamptz::date AND NOT EXISTS (SELECT FROM campaign c WHERE c.id = drip_start.campaign_id"
        " AND c.state IN ('scheduled', 'running', 'paused'))",
        key="campaign_id, contact_id",
    ),
    Step("news_traits", "contact_trait", f"{_STOPPED} AND changed_at < $1", key="contact_id"),
    Step("news_traits", "contact_tag", f"{_STOPPED} AND at < $1", key="contact_id, tag"),
    # What failed for good waits for a person; its arguments are ids.
    Step("held_jobs", "pgqueuer", "status = 'failed' AND updated < $1"),
    Step("job_log", "pgqueuer_log", "created < $1"),
    SpentDayKeys(),
)  # fmt: skip
