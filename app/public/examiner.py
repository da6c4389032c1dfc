"""What the page is told of an offer: judged, recorded, drawn. It runs in the examiner, apart from the web process."""

from app.examining.asking import Ask, Told
from app.public.answer import answer_reply, answer_text, say_problem
from app.public.drawing import draw, draw_trouble
from app.public.edits import Edits
from app.public.record import record_offer
from app.public.refusals import WaitSimilarError
from app.runtime import Runtime
from bots.copy import copy
from bots.dialogues.offer_question import QUESTIONS, REPLIES
from core.clock import bangkok, utc_now
from core.errors import AppError, InvalidInputError
from nlp.judgement import judge

# While the database is away nobody's verdict waits for it again and again.
_LEFT_ALONE_SECONDS = 15.0


class PageExaminer:
    """Judges, and remembers sketches of the last hour's texts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._edits = Edits()
        self._away_until = 0.0

    async def ask(self, ask: Ask) -> Told:
        """Return the page that answers, also where it refuses."""
        try:
            return await self._answer(ask)
        except AppError as error:
            return draw_trouble(ask.language, error, typed=ask.text, agrees=ask.agrees)

    async def _answer(self, ask: Ask) -> Told:
        if ask.answer:
            return self._reply(ask)
        notes = tuple(
            say_problem(ask.language, number, len(ask.unread), problem)
            for number, problem in enumerate(ask.unread, 1)
            if problem
        )
        if not ask.text:
            return Told(422, draw(ask.language, problems=notes))
        if wait := self._edits.take(ask.who, ask.text, utc_now().timestamp()):
            raise WaitSimilarError(wait)
        return await self._judge(ask, notes)

    async def _judge(self, ask: Ask, notes: tuple[str, ...]) -> Told:
        judgement = judge(ask.text)
        now = utc_now().timestamp()
        standing, kept = None, None
        if judgement.band != "not_an_offer" and judgement.crisis.level != "urgent":
            if now >= self._away_until:
                standing = await record_offer(self._runtime, ask.text, judgement, keep=ask.agrees)
                self._away_until = now + _LEFT_ALONE_SECONDS if standing is None else 0.0
            if ask.agrees:
                kept = standing is not None
        result = answer_text(
            ask.language, ask.text, judgement, now=bangkok(utc_now()), standing=standing, in_picture=ask.in_picture,
            notes=notes,
        )  # fmt: skip
        return Told(200, self._draw(ask, result=result, typed=ask.text, in_picture=ask.in_picture, kept=kept))

    def _reply(self, ask: Ask) -> Told:
        named, _, replied = ask.answer.partition(".")
        question = next((one for one in QUESTIONS if one == named), None)
        reply = next((one for one in REPLIES if one == replied), None)
        if question is None or reply is None:
            raise InvalidInputError("no such answer")
        data = {"abroad": ask.abroad, "money": ask.money}
        return Told(
            200, self._draw(ask, result=answer_reply(ask.language, question, reply, data, bangkok(utc_now())))
        )

    def _draw(self, ask: Ask, **values: object) -> str:
        def label(key: str, **places: object) -> str:
            return copy().say(ask.language, key, **places)

        return draw(ask.language, label=label, **values)
