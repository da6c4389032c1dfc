"""The words between a dialogue and the dispatcher: state, facts, effects and the step that joins them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from bots.engine.holdings import Holdings
from campaigns.plans.questions import Asked
from core.contacts.subjects import Subject
from core.languages import Language as Language
from core.messages.content import Content
from nlp.findings import Crisis, Judgement
from referrals.tracked import Tracked
from screening.standing import Standing

# One that the copy has a folder for; what it does not say is said in English or Thai.
LanguageCode = Annotated[Language, msgspec.Meta(pattern="^[a-z]{2,3}$")]


class Aside(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dialogue that was interrupted and can be gone back to."""

    dialogue: str
    step: str
    data: dict[str, Any]
    # Seconds since 1970.
    at: float


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a conversation stands; sealed between turns. `data` belongs to the current dialogue and is JSON."""

    dialogue: str = ""
    step: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)
    language: LanguageCode = "th"
    # Version of the privacy notice this person was last shown; empty before the first answer.
    notice: str = ""
    # Answers in a row that we did not understand.
    puzzled: int = 0
    # What was left in the middle; it is offered again.
    aside: Aside | None = None
    # The face that somebody looking over the shoulder may see: jobs and small talk, nothing else.
    decoy: bool = False
    # The word that opens the true face again; the person chose it.
    code_word: str = ""
    # Of a person under 18 by their own word.
    minor: bool = False
    # Lessons and quizzes by name: how far the person has come.
    progress: dict[str, Any] = msgspec.field(default_factory=dict)
    # Telegram: ids of the person's latest messages with the second they came, so that both sides can be deleted.
    recent: tuple[tuple[int, int], ...] = ()
    # Telegram: the key that sends a place stands below the chat, where their own keyboard would be.
    place_key: bool = False
    # LINE: the menu below the chat that the person has now.
    menu: str = ""
    # Pictures, voices and files sent in a report that is not with staff yet: the platform's id and the event's kind.
    media: tuple[tuple[str, str], ...] = ()


class OpenReferral(msgspec.Struct, frozen=True):
    """The person's referral that is not closed yet."""

    id: UUID
    priority: Literal["P0", "P1", "P2", "P3"]
    claimed: bool
    # A P0 opened by crisis words, which the person may still cancel.
    cancellable: bool
    # Codes of what it is about, as far as known.
    kinds: tuple[str, ...] = ()
    # Staff handed it to the bot, which asks on.
    with_bot: bool = False


class Entry(msgspec.Struct, frozen=True):
    """An entry point of a campaign, and what it opens for this person."""

    id: UUID
    content: Content


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
    # The platform of the conversation, and by platform the name under which we are found there, as far as known.
    channel: str = ""
    our_ids: Mapping[str, str] = msgspec.field(default_factory=dict)
    # The event's digits are the receipt of the person's own open referral, by `wanted` "own_receipt".
    own_receipt: bool = False
    # Content of a waiting message that the person asked to see, by `wanted` "waiting".
    waiting: tuple[Content, ...] = ()
    # A report by its receipt, by `wanted` "tracked": see `bots.dialogues.receipt` for what it may be about.
    tracked: Tracked = Tracked()
    # What is kept of this person, by `wanted` "holdings".
    holdings: Holdings | None = None
    # What a pressed answer of a campaign means, by `wanted` "asked"; None where its question is no more.
    asked: Asked | None = None
    # What a link or keyword opens, by `wanted` "entry"; None where it opens nothing.
    entry: Entry | None = None
    # What was looked up because an earlier step of this turn wanted it, also where nothing was found.
    fetched: "frozenset[Wanted]" = frozenset()


class Effect(msgspec.Struct, frozen=True):
    """Something to be done in the turn's own transaction; `bots.dispatch.effects` says by whom."""


class OpenReferralEffect(Effect, frozen=True):
    """Open a referral for this person (or raise the open one); `reasons` are codes, never text."""

    priority: Literal["P0", "P1", "P2", "P3"]
    source: Literal["crisis", "staff_request", "report"]
    kinds: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    receipt: str = ""


class CancelReferralEffect(Effect, frozen=True):
    """The person said it was a mistake; staff still see that it was raised and cancelled."""


class ConsentEffect(Effect, frozen=True):
    topic: Literal["campaigns", "keep_text"] | Subject
    granted: bool
    wording: str
    source: Literal["button", "word"]


class ScreeningEffect(Effect, frozen=True):
    """Store this judgement of an offer."""

    judgement: Judgement


class HandOverEffect(Effect, frozen=True):
    """Let staff read the offer that was judged last: it joins the thread of the person's open referral."""


class DoubtEffect(Effect, frozen=True):
    """The person finds the last judgement wrong."""


class GivenAnswer(msgspec.Struct, frozen=True):
    """What somebody answered to one question, in its codes."""

    question: str
    codes: tuple[str, ...]
    # The platform's id of the message that said it, so that an unsend finds it; "" for a press.
    message: str = ""


class StoreAnswersEffect(Effect, frozen=True):
    """Keep these answers with the person's open referral and weigh it anew."""

    questionnaire: str
    answers: tuple[GivenAnswer, ...]


class HandWordsEffect(Effect, frozen=True):
    """Let staff read what was written before there was a referral; each with the platform's id of its message."""

    words: tuple[tuple[str, str], ...]


class AgencyConsentEffect(Effect, frozen=True):
    """Whether an agency may learn of the person's open referral, and of whom it comes."""

    agency: str
    granted: bool
    with_identity: bool
    # Version of the words that were agreed to.
    wording: str


class ContactRuleEffect(Effect, frozen=True):
    """How the person may be contacted; hours in minutes after midnight in Asia/Bangkok, none for any hour."""

    may_write_first: bool
    from_minute: int | None = None
    until_minute: int | None = None


class HoldNewsEffect(Effect, frozen=True):
    """A report is begun that staff don't have yet: for a while no campaign may reach this person (invariant 8)."""


class MinorEffect(Effect, frozen=True):
    """By their own word the person is under 18, or is not."""

    minor: bool


class ClearChatEffect(Effect, frozen=True):
    """The person leaves: what stands in the chat is deleted where the platform lets us, and what waits is not sent."""


class HidingEffect(Effect, frozen=True):
    """From now on somebody else may be reading, or no more: staff see it on the person's open referral."""

    hidden: bool


class CodeWordEffect(Effect, frozen=True):
    """The word that opens the person's open referral from elsewhere."""

    word: str


class PrivateEffect(Effect, frozen=True):
    """What the event says is for the dialogue alone: it does not join the thread that staff read."""


class AddWordsEffect(Effect, frozen=True):
    """The event's words join a report that was opened by its receipt, whoever's chat it came from."""

    report: UUID


class ReportAgencyEffect(Effect, frozen=True):
    """Whether an agency may learn of a report that was opened by its receipt; the identity stays withheld."""

    report: UUID
    agency: str
    granted: bool
    # Version of the words that were agreed to.
    wording: str


class ReportRuleEffect(Effect, frozen=True):
    """How the person of a report that was opened by its receipt may be written to; as ContactRuleEffect."""

    report: UUID
    may_write_first: bool
    from_minute: int | None = None
    until_minute: int | None = None


class EraseReportEffect(Effect, frozen=True):
    """Erase a report that was opened by its receipt, now or after 72 hours (`referrals.report_erasure`)."""

    report: UUID


class KeepReportEffect(Effect, frozen=True):
    """The wish to erase it is taken back."""

    report: UUID


class MoveReportEffect(Effect, frozen=True):
    """From now on a report that was opened by its receipt goes on in this chat."""

    report: UUID


class ReceiptEffect(Effect, frozen=True):
    """Whether money that an agency says it paid came to the person of a report that was opened by its receipt."""

    report: UUID
    # The step that told of the payment.
    payment: UUID
    got: bool


class BotDoneEffect(Effect, frozen=True):
    """What staff handed to the bot is theirs again: the questions are through, or the bot can't read the answers."""


class LanguageEffect(Effect, frozen=True):
    """The person chose the language of this conversation; letters from elsewhere follow it."""

    language: Language


class CopyEffect(Effect, frozen=True):
    """Send a link at which the person may fetch a copy of their data once."""

    language: Language


class ForgetEffect(Effect, frozen=True):
    """The person wants to be forgotten (`bots.dispatch.forgetting`)."""

    language: Language


class StayEffect(Effect, frozen=True):
    """The wish to be forgotten is taken back."""


class ReadPictureEffect(Effect, frozen=True):
    """Fetch and read the event's picture; a `reading` event follows. Until then the person sees that we work."""


class EvidenceEffect(Effect, frozen=True):
    """Keep the event's picture, voice or file with the person's open referral; or, of earlier messages, those of these
    platform ids, each with the kind of its event.
    """

    messages: tuple[tuple[str, str], ...] = ()


class AskKeeperEffect(Effect, frozen=True):
    """Find out whether who said this keeps the group; a `keeper` event follows."""


class GroupWarnsEffect(Effect, frozen=True):
    """From now on the group is warned of offers of danger that are posted in it, or no more."""

    warns: bool


class QuizAnswer(msgspec.Struct, frozen=True):
    """How one question of a quiz was answered; `phase` as in `campaigns.quizzes.quiz`."""

    question: str
    phase: Literal["before", "between", "after"]
    right: bool


class QuizEffect(Effect, frozen=True):
    """Count a round that somebody finished for the first time: only sums are kept, of nobody in particular."""

    quiz: str
    answers: tuple[QuizAnswer, ...]


class CampaignAnswerEffect(Effect, frozen=True):
    """Keep what was answered to a question of a campaign, and the province where it tells one."""

    campaign: UUID
    question: str
    choice: str
    # Empty for a survey.
    right: bool | None = None
    province: str = ""


class EnterEffect(Effect, frozen=True):
    """Count that an entry point was used, and let the person be found by its tag."""

    entry: UUID


class LinkMenuEffect(Effect, frozen=True):
    """LINE: show this person the menu that their state names now."""


class TypingEffect(Effect, frozen=True):
    """Show that we are at it (LINE's loading animation, Telegram's typing)."""


Wanted = Literal["similar", "waiting", "own_receipt", "tracked", "holdings", "asked", "entry"]


class Step(msgspec.Struct, frozen=True):
    """One step of a dialogue. Where `wanted` is not empty the dispatcher fetches those facts and asks again with
    the same state and event; state, reply and effects of such a step are dropped.
    """

    state: State
    reply: Content | None = None
    effects: tuple[Effect, ...] = ()
    wanted: frozenset[Wanted] = frozenset()
    # What the wanted facts are about, where the event does not say it.
    about: str = ""
    # The answer is a crisis answer: its failure is never accepted quietly.
    crisis: bool = False
