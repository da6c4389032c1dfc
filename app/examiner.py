"""Judging and reading words for a web process: `python -P -m app.examiner`, apart from it.

Word lists and models take more memory than a web process may have. One line of JSON in, one out, in turn; it ends with
its standard input, and after an hour without a question, when there is nothing left to remember.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any, cast

import msgspec

from app.examining.apart import MOST_LINE_BYTES
from app.examining.asking import (
    Answer,
    Ask,
    Asked,
    CallRead,
    Compare,
    Compared,
    FindPlaces,
    Ground,
    HandleRead,
    Judge,
    Judged,
    Mask,
    Masked,
    Meant,
    PlacesFound,
    Question,
    Quote,
    Quoted,
    ReadCall,
    ReadHandle,
    ReadQuery,
    Spell,
    Spelt,
    Suggest,
    Suggested,
    Weigh,
    Weighed,
)
from app.public.edits import FORGOTTEN
from app.public.examiner import PageExaminer
from app.runtime import Runtime, keep_hotlines
from bots.dialogues.entry import as_keyword
from bots.dialogues.group import reasons_of
from campaigns.composer.spelling import hints_of
from campaigns.response.quoting import quotes_in
from core.crypto.data_keys import DataKeys
from core.crypto.keyset import parse_keyset
from core.db.database import Database
from core.logs import configure_logs
from core.settings import Settings
from nlp.entities.everything import entities_in
from nlp.judgement import judge, to_jsonable
from nlp.redaction import redact
from nlp.warming import load_all
from referrals.desk.meaning import meant_by
from referrals.desk.terms import words_of
from referrals.packets.suggestions import suggest
from referrals.questionnaires.place_finding import find_place
from referrals.telephone_reading import hear, read_readable
from screening.handles import read_handle


class Examiner:
    """Answers in the process that asks."""

    def __init__(self, runtime: Runtime) -> None:
        self._page = PageExaminer(runtime)

    def prepare(self) -> None:
        """Nothing to do: it is here."""

    async def ask(self, asked: Asked[Answer]) -> Answer:
        """Answer a question; what the page is asked answers for its own refusals."""
        told = await self._page.ask(asked) if isinstance(asked, Ask) else _ANSWERS[type(asked)](asked)
        return cast("Answer", told)


def weigh(words: Weigh) -> Weighed:
    """Judge what was said in a group. What sounds like a cry for help is nobody's offer there (invariant 6)."""
    judgement = judge(words.text)
    danger = judgement.band == "danger" and judgement.crisis.level == "none"
    return Weighed(danger, reasons_of(judgement) if danger else ())


def _read_call(call: ReadCall) -> CallRead:
    answers, unread = read_readable(call.typed)
    return CallRead(answers, unread, hear(call.story))


_ANSWERS: dict[type[Asked[Any]], Callable[[Any], object]] = {
    Weigh: weigh,
    Judge: lambda asked: Judged(to_jsonable(asked.text_id, judge(asked.text))),
    ReadCall: _read_call,
    FindPlaces: lambda asked: PlacesFound(tuple(find_place(name) or "" for name in asked.names)),
    Mask: lambda asked: Masked([redact(text) for text in asked.texts]),
    Quote: lambda asked: Quoted(list(quotes_in(asked.texts))),
    ReadHandle: lambda asked: HandleRead(read_handle(asked.kind, asked.written, entities_in) or ""),
    ReadQuery: lambda asked: Meant(meant_by(asked.query), frozenset(words_of(asked.query))),
    Compare: lambda asked: Compared(as_keyword(asked.typed)),
    Spell: lambda asked: Spelt(hints_of(asked.plan)),
    Suggest: lambda asked: Suggested(suggest(asked.texts)),
}


async def _serve() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Whatever else is printed goes where errors go.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    questions = asyncio.StreamReader(limit=MOST_LINE_BYTES)
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
            asked: Question = msgspec.json.decode(line, type=Question)
            answers.write(msgspec.json.encode(await examiner.ask(asked)) + b"\n")
            answers.flush()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    await database.close()


if __name__ == "__main__":
    asyncio.run(_serve())
