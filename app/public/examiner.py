"""Judging what the page is sent and drawing the answer: `python -P -m app.public.examiner`, apart from the web process.

Word lists and models take more memory than a web process may have. One line of JSON in, one out, in turn; it ends with
its standard input, and after an hour without a question, when there is nothing left to remember.
"""

import asyncio
import contextlib
import os
import sys

import msgspec

from app.listening import Weigh, Weighed
from app.public.answer import answer_reply, answer_text, say_problem
from app.public.asking import Ask, Ground, Told
from app.public.drawing import draw, draw_trouble
from app.public.edits import FORGOTTEN, Edits
from app.public.record import record_offer
from app.public.refusals import WaitSimilarError
from app.runtime import Runtime, keep_hotlines
from bots.copy import copy
from bots.dialogues.group import reasons_of
from bots.dialogues.offer_question import QUESTIONS, REPLIES
from core.clock import bangkok, utc_now
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import parse_keyset
from core.db.database import Database
from core.errors import AppError, InvalidInputError
from core.logs import configure_logs
from core.settings import Settings
from nlp.judgement import judge
from nlp.warming import load_all

# While the database is away nobody's verdict waits for it again and again.
_LEFT_ALONE_SECONDS = 15.0
_MOST_LINE_BYTES = 4 * 1024 * 1024


class Examiner:
    """Judges, and remembers sketches of the last hour's texts."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._edits = Edits()
        self._away_until = 0.0

    def prepare(self) -> None:
        """Nothing to do: it is here."""

    async def ask(self, ask: Ask) -> Told:
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


def weigh(words: Weigh) -> Weighed:
    """Judge what was said in a group. What sounds like a cry for help is nobody's offer there (invariant 6)."""
    judgement = judge(words.text)
    danger = judgement.band == "danger" and judgement.crisis.level == "none"
    return Weighed(danger, reasons_of(judgement) if danger else ())


async def _serve() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else is printed goes where errors go.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions = asyncio.StreamReader(limit=_MOST_LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(questions), sys.stdin
    )
    ground = msgspec.json.decode(await questions.readline(), type=Ground)
    configure_logs(json=True)
    database = Database(ground.database, pool_size=1)
    # Settings are the web process's; nothing here asks for them.
    runtime = Runtime(Settings.model_construct(), database, DataKeys(parse_keyset(ground.keyset)))
    examiner = Examiner(runtime)
    load_all()
    keeping = asyncio.create_task(keep_hotlines(database))
    with contextlib.suppress(TimeoutError):
        while line := await asyncio.wait_for(questions.readline(), FORGOTTEN):
            asked = msgspec.json.decode(line, type=Ask | Weigh)
            told = weigh(asked) if isinstance(asked, Weigh) else await examiner.ask(asked)
            answers.write(msgspec.json.encode(told) + b"\n")
            answers.flush()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(_serve())
