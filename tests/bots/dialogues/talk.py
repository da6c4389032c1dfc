"""A phone and a dispatcher in miniature: events go in, facts follow from effects, the state travels as JSON."""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from bots.dialogues.conversation import advance
from bots.engine.events import Event
from bots.engine.holdings import Holdings
from bots.engine.steps import (
    CancelReferralEffect,
    ConsentEffect,
    Entry,
    Facts,
    OpenReferral,
    OpenReferralEffect,
    State,
    Step,
)
from campaigns.plans.questions import Asked
from core.clock import BANGKOK
from core.messages.content import Button, Card, Content, Text
from nlp.judgement import Band, Crisis, CrisisLevel, Entity, Judgement, judge
from referrals.tracked import Tracked

E = TypeVar("E")
CALM = Crisis(level="none", kinds=(), score=0.0)
RECEIPT = "1234567890123456"


class Talk:
    """One person's conversation. Monday 23 November 2026, 10.00 in Bangkok, until `wait` moves it."""

    def __init__(self) -> None:
        self.state = State()
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=BANGKOK)
        self.referral: OpenReferral | None = None
        self.agreed = False
        self.similar = 0
        self.waiting: tuple[Content, ...] = ()
        self.channel = ""
        self.our_ids: dict[str, str] = {}
        self.tracked = Tracked()
        self.holdings = Holdings(known_since=self.now)
        self.asked: Asked | None = None
        # By "code …" or "word …" as it is asked for.
        self.entries: dict[str, Entry] = {}
        # What the last answer had to be looked up by.
        self.about = ""
        self.step = Step(self.state)

    def says(self, text: str, *, crisis: Crisis | None = None, judgement: Judgement | None = None) -> Step:
        judged = judgement or judge(text)
        return self.does(Event("text", text=text), judged, crisis or judged.crisis)

    def presses(self, data: str) -> Step:
        return self.does(Event("press", data=data))

    def does(self, event: Event, judgement: Judgement | None = None, crisis: Crisis = CALM) -> Step:
        facts = Facts(
            now=self.now, crisis=crisis, intent=judgement.intent if judgement else "", judgement=judgement,
            open_referral=self.referral, campaigns_agreed=self.agreed, receipt=RECEIPT,
            channel=self.channel, our_ids=self.our_ids,
        )  # fmt: skip
        step = advance(self.state, event, facts)
        while step.wanted:
            assert not step.wanted <= facts.fetched, "asks for the same facts again"
            known = {"similar": self.similar, "waiting": self.waiting, "fetched": facts.fetched | step.wanted}
            known |= {"tracked": self.tracked, "holdings": self.holdings, "asked": self.asked}
            known["entry"] = self.entries.get(step.about.partition(" ")[2])
            self.about = step.about
            known["own_receipt"] = self.referral is not None and step.about == RECEIPT
            facts = msgspec.structs.replace(facts, **known)
            step = advance(self.state, event, facts)
        assert advance(self.state, event, facts) == step, "the same input gave another step"
        self._take(step)
        return step

    def _take(self, step: Step) -> None:
        self.step = step
        self.state = msgspec.json.decode(msgspec.json.encode(step.state), type=State)
        for effect in step.effects:
            if isinstance(effect, OpenReferralEffect):
                self._open(effect)
            elif isinstance(effect, CancelReferralEffect):
                self.referral = None
            elif isinstance(effect, ConsentEffect) and effect.topic == "campaigns":
                self.agreed = effect.granted

    def _open(self, effect: OpenReferralEffect) -> None:
        before = self.referral
        priority = min(effect.priority, before.priority) if before else effect.priority
        kinds = {*effect.kinds, *(before.kinds if before else ())}
        self.referral = OpenReferral(
            UUID(int=1), priority, claimed=False, cancellable=effect.source == "crisis", kinds=tuple(kinds)
        )

    def claim(self) -> None:
        assert self.referral is not None
        self.referral = msgspec.structs.replace(self.referral, claimed=True)

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    @property
    def answer(self) -> str:
        return words_of(self.step.reply)

    @property
    def buttons(self) -> list[Button]:
        return buttons_of(self.step.reply)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    def effects(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.step.effects if isinstance(effect, kind)]


def words_of(content: Content | None) -> str:
    """Everything a person reads in an answer, button labels left out."""
    lines: list[str] = []
    for bubble in content.bubbles if content else ():
        if isinstance(bubble, Text):
            lines.append(bubble.text)
        elif isinstance(bubble, Card):
            lines += [bubble.title, bubble.lead, *(f"{q.words}\n{q.why}" for q in bubble.quotes)]
            lines += [*bubble.facts, *bubble.steps, bubble.note]
    return "\n".join(lines)


def buttons_of(content: Content | None) -> list[Button]:
    if content is None:
        return []
    on_cards = [b for bubble in content.bubbles if isinstance(bubble, Card) for b in bubble.buttons]
    return [*on_cards, *content.choices]


def crisis_of(level: CrisisLevel, *kinds: str) -> Crisis:
    return Crisis(level=level, kinds=kinds, score=0.9)


def judgement_of(band: Band = "not_an_offer", intent: str = "", **entities: str) -> Judgement:
    """A judgement with the given band and one entity of each named kind, without signs."""
    named = {key: (Entity(value=value, start=0, end=1),) for key, value in entities.items()}
    return Judgement(
        band=band, score=0.5, indicators=(), entities=named, crisis=CALM, intent=intent, rules="r", model="m"
    )
