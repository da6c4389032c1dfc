"""Is this really us?"""

import pytest

from tests.bots.dialogues.talk import Talk


@pytest.mark.parametrize("asked", ["d1:genuine", "ตรวจว่าเป็นบอตจริง", "บอทจริงไหมคะ", "/genuine"])
def test_it_tells_our_exact_names_and_what_we_never_ask_for(talk: Talk, asked: str) -> None:
    talk.our_ids = {"line": "@123abcde", "telegram": "@rootan_bot"}
    (talk.presses if asked.startswith("d1") else talk.says)(asked)
    assert "LINE: @123abcde\nTelegram: @rootan_bot" in talk.answer
    assert [word for word in ("เงิน", "OTP", "บัตร") if word not in talk.answer] == []


def test_a_platform_that_did_not_tell_is_left_out(talk: Talk) -> None:
    talk.presses("h1:data")
    talk.our_ids = {"line": "", "telegram": "@rootan_bot"}
    talk.presses("d1:genuine")
    assert "LINE" not in talk.answer


def test_without_any_name_it_says_so_and_still_what_we_never_ask_for(talk: Talk) -> None:
    talk.presses("d1:genuine")
    assert "ลองถามใหม่" in talk.answer
    assert "OTP" in talk.answer
