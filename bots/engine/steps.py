"""The words between a dialogue and the dispatcher: state, facts, effects and the step that joins them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from core.messages.content import Content
from nlp.judgement import Crisis, Judgement
from screening.standing import Standing

Language = Literal["th", "en"]


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a conversation stands; sealed between turns. `data` belongs to the current dialogue and is JSON."""

    dialogue: str = ""
    step: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    language: Language = "th"
    # Version of the privacy notice this person was last shown; empty before the first answer.
    notice: str = ""
    # Answers in a row that we did not understand.
    puzzled: int = 0


class OpenReferral(msgspec.Struct, frozen=True):
    """The person's referral that is not closed yet."""

    id: UUID
    priority: Literal["P0", "P1", "P2", "P3"]
    claimed: bool
    # A P0 opened by crisis words, which the person may still cancel.
    cancellable: bool
    # Codes of what it is about, as far as known.
    kinds: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True):
    """What a dialogue may know; all of it fetched or made by the dispatcher, so that the dialogue stays pure."""

    # Aware, Asia/Bangkok.
    now: datetime
    crisis: Crisis
    # Vocabulary of the contract; "" where the event has no text.
    intent: str = ""
    # Of the text, or of what the picture says; None where there is no text.
    judgement: Judgement | None = None
    open_referral: OpenReferral | None = None
    campaigns_agreed: bool = False
    # An unused receipt code (16 digits), in case this turn opens a referral.
    receipt: str = ""
    # How many other established people sent a like offer in the last 7 days; None where it was not looked up.
    similar: int | None = None
    # What else the service knows of the offer beside its words: confirmed handles, the licence register.
    standing: Standing = Standing()
    # Content of a waiting message that the person asked to see, by `wanted` "waiting".
    waiting: tuple[Content, ...] = ()
    # What was looked up because an earlier step of this turn wanted it, also where nothing was found.
    fetched: "frozenset[Wanted]" = frozenset()


class OpenReferralEffect(msgspec.Struct, frozen=True, tag="open_referral"):
    """Open a referral for this person (or raise the open one); `reasons` are codes, never text."""

    priority: Literal["P0", "P1", "P2", "P3"]
    source: Literal["crisis", "staff_request"]
    kinds: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    receipt: str = ""


class CancelReferralEffect(msgspec.Struct, frozen=True, tag="cancel_referral"):
    """The person said it was a mistake; staff still see that it was raised and cancelled."""


class ConsentEffect(msgspec.Struct, frozen=True, tag="consent"):
    topic: Literal["campaigns", "keep_text"]
    granted: bool
    wording: str
    source: Literal["button", "word"]


class ScreeningEffect(msgspec.Struct, frozen=True, tag="screening"):
    """Store this judgement of an offer."""

    judgement: Judgement


class HandOverEffect(msgspec.Struct, frozen=True, tag="hand_over"):
    """Let staff read the offer that was judged last: it joins the thread of the person's open referral."""


class DoubtEffect(msgspec.Struct, frozen=True, tag="doubt"):
    """The person finds the last judgement wrong."""


class ReadPictureEffect(msgspec.Struct, frozen=True, tag="read_picture"):
    """Fetch and read the event's picture; a `reading` event follows. Until then the person sees that we work."""


class TypingEffect(msgspec.Struct, frozen=True, tag="typing"):
    """Show that we are at it (LINE's loading animation, Telegram's typing)."""


Effect = (
    OpenReferralEffect
    | CancelReferralEffect
    | ConsentEffect
    | ScreeningEffect
    | HandOverEffect
    | DoubtEffect
    | ReadPictureEffect
    | TypingEffect
)
Wanted = Literal["similar", "waiting"]


class Step(msgspec.Struct, frozen=True):
    """One step of a dialogue. Where `wanted` is not empty the dispatcher fetches those facts and asks again with
    the same state and event; state, reply and effects of such a step are dropped.
    """

    state: State
    reply: Content | None = None
    effects: tuple[Effect, ...] = ()
    wanted: frozenset[Wanted] = frozenset()
    # The answer is a crisis answer: its failure is never accepted quietly.
    crisis: bool = False
