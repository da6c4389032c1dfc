"""What is known to have arrived is not sent again, and waiting is no failure. Guards 4."""

from datetime import UTC, datetime

import pytest

from bots.channels.base import Outcome
from bots.delivery.plan import MOST_TRIES, Attempt, End, Go, has_arrived, plan_attempt
from bots.outgoing import Outgoing
from core.ids import new_id
from core.messages.content import Content, Envelope, Text

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def tried(outcome: Outcome | None) -> Attempt:
    return Attempt("send", outcome, None, NOW)


@pytest.mark.parametrize(
    ("outcomes", "arrived"),
    [([], False), ([None], False), (["unclear", "wait"], False), (["sent"], True), (["already", None], True)],
)
def test_a_part_has_arrived_once_any_attempt_says_so(
    outcomes: list[Outcome | None], *, arrived: bool
) -> None:
    assert has_arrived([tried(outcome) for outcome in outcomes]) is arrived


def test_however_often_a_platform_asks_to_wait_the_message_keeps_its_place() -> None:
    out = Outgoing(
        message_id=new_id(), identity_id=new_id(), channel="telegram", kind="answer",
        envelope=Envelope(Content((Text("สวัสดี"),))), address="1", answerable_until=None, tries=3 * MOST_TRIES,
    )  # fmt: skip
    waits = [tried("wait")] * (3 * MOST_TRIES - 1)
    assert plan_attempt(out, waits, has_retry_keys=False, now=NOW) == Go("send")
    assert isinstance(plan_attempt(out, [tried("not_sent")] * 9, has_retry_keys=False, now=NOW), End)
