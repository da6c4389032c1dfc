import asyncio
import io
from pathlib import Path

import psutil
import pytest
from starlette.datastructures import UploadFile

from app.examining.refusals import BusyError
from app.public import reading
from app.public.reading import MOST_WAITING, PictureDesk, Read
from tests.app.public.posters import draw_bomb, draw_poster, needs_reading


def files(*pictures: bytes) -> list[UploadFile]:
    return [UploadFile(io.BytesIO(data), size=len(data), filename="picture") for data in pictures]


@needs_reading
async def test_pictures_of_one_form_are_read_in_their_order_by_one_process() -> None:
    first = draw_poster(("รับสมัครแอดมินตอบแชต", "ทำงานที่ปอยเปต เดินทางฟรี"))
    found = await PictureDesk().read(files(first, b"%PDF-1.7", draw_poster(("เงินเดือน 45,000 บาท",))))
    assert "ปอยเปต" in found[0].text
    assert found[1] == Read(problem="not_an_image")
    assert "45,000" in found[2].text


async def test_a_bomb_is_refused_unopened() -> None:
    assert await PictureDesk().read(files(draw_bomb())) == [Read(problem="too_many_pixels")]


async def test_a_reader_that_takes_too_long_is_ended_with_all_it_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A Tesseract that never ends stands in the path."""
    sleeper = tmp_path / "tesseract"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(reading, "SECONDS", 4.0)
    found = await PictureDesk().read(files(*[draw_poster(("รับสมัครงาน",))] * 2))
    assert found == [Read(problem="timeout")] * 2
    left = [child for child in psutil.Process().children(recursive=True) if "sleep" in child.name()]
    assert left == []


async def test_those_who_come_when_the_line_is_full_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = PictureDesk()
    await desk._room.acquire()
    waiting = [asyncio.create_task(desk.read(files(b"no picture"))) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    with pytest.raises(BusyError) as refused:
        await desk.read(files(b"no picture"))
    assert refused.value.seconds > 0
    desk._room.release()
    assert await asyncio.gather(*waiting) == [[Read(problem="not_an_image")]] * MOST_WAITING


async def test_the_reader_is_given_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "tesseract"
    spy.write_text("#!/bin/sh\ntr '\\0' '\\n' < /proc/$PPID/environ > \"$(dirname \"$0\")/seen\"\n")
    spy.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("ROOTAN_KEYS", "secret")
    await PictureDesk().read(files(draw_poster(("รับสมัครงาน",))))
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert "ROOTAN_" not in seen
