"""Invariant 4, line by line: what is done after each possible past, and what each outcome leads to. Guards 3, 4."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bots.channels.base import Outcome, Result
from bots.delivery.plan import MOST_TRIES, RETRY_KEY_LIFE, Again, Attempt, End, Go, plan_attempt, settle
from bots.outgoing import Outgoing
from core.ids import new_id
from core.messages.content import Content, Envelope, Text

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
KEY = UUID("01a00000-0000-7000-8000-000000000001")
ALIVE, DEAD = NOW + timedelta(seconds=30), NOW - timedelta(seconds=1)


def message(**more: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "message_id": new_id(), "identity_id": new_id(), "channel": "line", "kind": "answer",
        "envelope": Envelope(Content((Text("สวัสดี"),)), "token"), "address": "U" + "0" * 32,
        "answerable_until": ALIVE, "tries": 1,
    }  # fmt: skip
    return Outgoing(**fields | more)


def tried(
    mode: Any, outcome: Outcome | None, *, ago: timedelta = timedelta(seconds=5), key: UUID = KEY
) -> Attempt:
    return Attempt(mode, outcome, None if mode in ("reply", "send") else key, NOW - ago)


def plan(out: Outgoing, *earlier: Attempt, keys: bool = True) -> Go | End:
    return plan_attempt(out, earlier, has_retry_keys=keys, now=NOW)


# What is left open by an attempt: nothing recorded, or recorded as unclear.
DOUBTS: list[Outcome | None] = [None, "unclear"]


@pytest.mark.parametrize(
    ("out", "mode"),
    [
        (message(), "reply"),
        (message(answerable_until=DEAD), "push"),
        (message(answerable_until=None), "push"),
        (message(envelope=Envelope(Content((Text("ก"),)), "")), "push"),
        (message(parts_done=1), "push"),
    ],
    ids=["token alive", "token over", "no time known", "no token", "a later part: the token is spent"],
)
def test_a_first_line_call_replies_while_the_token_lives_and_pushes_otherwise(
    out: Outgoing, mode: str
) -> None:
    go = plan(out)
    assert isinstance(go, Go)
    assert (go.mode, go.may_be_double) == (mode, False)
    assert (go.retry_key is not None) == (mode == "push")


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubtful_reply_is_tried_again_with_its_token_while_that_lives(doubt: Outcome | None) -> None:
    assert plan(message(), tried("reply", doubt)) == Go("reply")


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubtful_reply_whose_token_is_over_is_pushed_and_marked(doubt: Outcome | None) -> None:
    go = plan(message(answerable_until=DEAD), tried("reply", doubt))
    assert isinstance(go, Go)
    assert (go.mode, go.may_be_double) == ("push", True)
    assert go.retry_key is not None


@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize("then", ["wait", "not_sent"])
def test_a_doubt_about_a_reply_is_not_forgotten_over_a_clear_failure_after_it(
    doubt: Outcome | None, then: Outcome
) -> None:
    go = plan(message(answerable_until=DEAD), tried("reply", doubt), tried("reply", then))
    assert isinstance(go, Go)
    assert (go.mode, go.may_be_double) == ("push", True)


@pytest.mark.parametrize("clear", ["wait", "not_sent"])
def test_a_reply_that_surely_was_not_sent_is_no_double(clear: Outcome) -> None:
    assert plan(message(), tried("reply", clear)) == Go("reply")
    go = plan(message(answerable_until=DEAD), tried("reply", clear))
    assert isinstance(go, Go)
    assert (go.mode, go.may_be_double) == ("push", False)


def test_a_gone_token_is_not_tried_again() -> None:
    go = plan(message(), tried("reply", "token_gone"))
    assert isinstance(go, Go)
    assert (go.mode, go.may_be_double) == ("push", False)


@pytest.mark.parametrize("past", [None, "unclear", "wait", "not_sent"])
def test_a_push_is_repeated_with_its_own_key_while_line_remembers_it(past: Outcome | None) -> None:
    assert plan(message(), tried("push", past)) == Go("push", KEY)
    almost = RETRY_KEY_LIFE - timedelta(seconds=1)
    assert plan(message(), tried("push", past, ago=almost), tried("push", past)) == Go("push", KEY)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubtful_push_past_its_key_is_unknown_and_never_sent_blindly(doubt: Outcome | None) -> None:
    past = tried("push", doubt, ago=RETRY_KEY_LIFE)
    assert plan(message(), past) == End("unknown", "retry_key_expired")
    assert plan(message(kind="campaign"), past) == End("unknown", "retry_key_expired")


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_doubt_about_a_push_outlives_a_clear_failure_after_it(doubt: Outcome | None) -> None:
    past = (tried("push", doubt, ago=RETRY_KEY_LIFE), tried("push", "wait"))
    assert plan(message(), *past) == End("unknown", "retry_key_expired")


def test_a_push_that_surely_was_not_sent_gets_a_new_key_once_the_old_one_is_over() -> None:
    go = plan(message(), tried("push", "wait", ago=RETRY_KEY_LIFE))
    assert isinstance(go, Go)
    assert go.retry_key not in (None, KEY)


@pytest.mark.parametrize("doubt", DOUBTS)
@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("answer", Go("send", may_be_double=True)),
        ("crisis", Go("send", may_be_double=True)),
        ("notice", Go("send", may_be_double=True)),
        ("staff", End("unknown", "no_answer_from_platform")),
        ("campaign", End("unknown", "no_answer_from_platform")),
    ],
)
def test_without_keys_answers_are_resent_and_marked_the_rest_is_unknown(
    kind: Any, expected: Go | End, doubt: Outcome | None
) -> None:
    assert plan(message(kind=kind), tried("send", doubt), keys=False) == expected


@pytest.mark.parametrize("kind", ["answer", "staff", "campaign"])
@pytest.mark.parametrize("clear", ["wait", "not_sent"])
def test_without_keys_a_clear_failure_is_simply_tried_again(kind: Any, clear: Outcome) -> None:
    assert plan(message(kind=kind), tried("send", clear), keys=False) == Go("send")
    assert plan(message(kind=kind), keys=False) == Go("send")


@pytest.mark.parametrize("doubt", DOUBTS)
def test_giving_up_says_unknown_where_it_may_have_arrived_and_failed_where_it_did_not(
    doubt: Outcome | None,
) -> None:
    worn = message(tries=MOST_TRIES + 2)
    assert plan(worn, tried("push", doubt)) == End("unknown", "gave_up")
    assert plan(worn, tried("push", doubt), tried("push", "wait")) == End("unknown", "gave_up")
    assert plan(worn, tried("push", "wait")) == End("failed", "gave_up")
    assert plan(message(tries=MOST_TRIES), tried("push", doubt)) == Go("push", KEY)


OUTCOMES: list[tuple[Outcome, Any]] = [
    ("sent", "part_done"),
    ("already", "part_done"),
    ("token_gone", "now"),
    ("quota", End("failed", "quota")),
    ("blocked", End("failed", "blocked")),
    ("refused", End("failed", "refused")),
    ("not_sent", Again(1.0)),
    ("unclear", Again(1.0)),
]


@pytest.mark.parametrize(("outcome", "move"), OUTCOMES)
def test_each_outcome_of_a_first_call_leads_on(outcome: Outcome, move: Any) -> None:
    assert settle(message(), "reply", Result(outcome), ()) == move


def test_waiting_takes_as_long_as_the_platform_asked() -> None:
    assert settle(message(), "send", Result("wait", 429, 7.0), ()) == Again(7.0)
    assert settle(message(), "send", Result("wait", 429, 0.0), ()) == Again(0.1)


@pytest.mark.parametrize("doubt", DOUBTS)
def test_a_token_that_is_gone_after_a_doubtful_reply_was_used_by_it(doubt: Outcome | None) -> None:
    gone = Result("token_gone", 400)
    assert settle(message(), "reply", gone, [tried("reply", doubt)]) == "part_done"
    assert settle(message(), "reply", gone, [tried("reply", doubt), tried("reply", "wait")]) == "part_done"
    assert settle(message(), "reply", gone, [tried("reply", "wait")]) == "now"


def test_pauses_between_tries_grow_and_end_at_a_quarter_of_an_hour() -> None:
    pauses = [settle(message(tries=n), "push", Result("unclear"), ()) for n in range(1, MOST_TRIES + 3)]
    seconds = [p.seconds for p in pauses if isinstance(p, Again)]
    assert seconds == sorted(seconds)
    assert (seconds[0], seconds[-1]) == (1.0, 900.0)
