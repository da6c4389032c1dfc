"""Prometheus figures of the service; labels never carry anything about a person."""

from prometheus_client import Counter, Gauge, Histogram

WEBHOOK_EVENTS = Counter("rootan_webhook_events_total", "Events taken in", ["channel", "stored"])
WEBHOOK_REFUSALS = Counter("rootan_webhook_refusals_total", "Webhook requests refused", ["channel", "reason"])
SPOOL_FILES = Gauge(
    "rootan_spool_files",
    "Batches waiting in the spool while the database is away",
    multiprocess_mode="livemax",
)
TURN_SECONDS = Histogram(
    "rootan_turn_seconds", "Receipt of an event to the commit of its turn",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 60, 600),
)  # fmt: skip
TURNS = Counter("rootan_turns_total", "Events handled", ["outcome"])
TURN_FALLBACKS = Counter("rootan_turn_fallbacks_total", "Batches that fell back to one turn at a time")
SENDS = Counter("rootan_sends_total", "Send attempts by how they ended", ["channel", "mode", "outcome"])
MESSAGES = Counter("rootan_messages_total", "Messages by the state they ended in", ["channel", "state"])
QUEUE_AGE = Gauge(
    "rootan_queue_oldest_seconds", "Age of the oldest unhandled event", multiprocess_mode="livemax"
)
PENDING = Gauge(
    "rootan_messages_pending", "Messages not yet in an end state", ["state"], multiprocess_mode="livemax"
)
JOB_FAILURES = Counter("rootan_job_failures_total", "Jobs that raised", ["job"])
LIMITER_WAIT = Histogram("rootan_limiter_wait_seconds", "Waiting for the shared limiter", ["channel", "lane"])
