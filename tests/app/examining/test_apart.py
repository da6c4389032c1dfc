"""The examiner in a process of its own."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from app.examining import apart
from app.examining.apart import MOST_WAITING, ExaminerApart
from app.examining.asking import Ask
from app.examining.refusals import BusyError, FailedError
from app.runtime import Runtime
from core.crypto.keyset import dump_keyset
from core.db.database import Database
from screening.models import Screening
from tests.app.public.conftest import LURE, PLAIN_AD, PLEA

ME = b"me"
# A crowded machine may take its time to begin it.
PATIENCE = 120.0


@pytest.fixture
async def examiner(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ExaminerApart]:
    monkeypatch.setattr(apart, "SECONDS", PATIENCE)
    examiner = ExaminerApart(runtime)
    yield examiner
    await examiner.close()


def ask(text: str) -> Ask:
    return Ask("th", ME, text=text)


async def test_begun_while_somebody_still_types_it_judges_draws_records_and_holds_no_secret(
    examiner: ExaminerApart, runtime: Runtime, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTAN_KEYS", dump_keyset(runtime.keys.keyset))
    examiner.prepare()
    examiner.prepare()
    assert examiner._preparing is not None
    await examiner._preparing
    begun = examiner._process
    assert begun is not None
    told = await examiner.ask(ask(LURE))
    assert told.status == 200
    assert "<mark>แอดมินตอบแชต ปอยเปต" in told.html
    assert "tel:191" in (await examiner.ask(ask(PLEA))).html
    async with database.unit_of_work() as session:
        (stored,) = (await session.scalars(sa.select(Screening))).all()
    assert stored.channel == "check"
    texts = [f"{PLAIN_AD} โต๊ะ {number}" for number in range(3)]
    answers = await asyncio.gather(*(examiner.ask(ask(text)) for text in texts))
    assert [text for text, answer in zip(texts, answers, strict=True) if text not in answer.html] == []
    examiner.prepare()
    assert examiner._process is begun
    assert examiner._preparing.done()
    process = Path(f"/proc/{begun.pid}")
    seen = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
    assert b"ROOTAN_" not in seen
    assert runtime.database.address.encode() not in seen


async def test_when_it_was_killed_the_next_question_begins_another(examiner: ExaminerApart) -> None:
    await examiner.ask(ask(LURE))
    assert examiner._process is not None
    first = examiner._process.pid
    os.kill(first, signal.SIGKILL)
    await examiner._process.wait()
    assert "⛔" in (await examiner.ask(ask(LURE))).html
    assert examiner._process.pid != first


async def test_one_that_hangs_is_ended_and_said_so(
    examiner: ExaminerApart, monkeypatch: pytest.MonkeyPatch
) -> None:
    await examiner.ask(ask(LURE))
    process = examiner._process
    assert process is not None
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(apart, "SECONDS", 0.3)
    with pytest.raises(FailedError):
        await examiner.ask(ask(PLAIN_AD))
    assert process.returncode is not None
    monkeypatch.setattr(apart, "SECONDS", PATIENCE)
    # The answer that was given up is not taken for the next one's.
    assert "⛔" in (await examiner.ask(ask(LURE))).html


async def test_the_line_is_bounded(examiner: ExaminerApart) -> None:
    await examiner._turn.acquire()
    waiting = [asyncio.create_task(examiner.ask(ask(LURE))) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await examiner.ask(ask(LURE))
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    examiner._turn.release()


async def test_it_ends_with_the_web_process(runtime: Runtime) -> None:
    examiner = ExaminerApart(runtime)
    await examiner.ask(ask(LURE))
    process = examiner._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 5) == 0
    assert not psutil.pid_exists(process.pid)
    await examiner.close()
