import pytest

from campaigns.composer.checking import faults_of, stops
from campaigns.plans.blocks import ButtonsBlock, TextBlock
from campaigns.response.warning import make_warning
from campaigns.response.wording import title_of, warning_words, word_warning
from campaigns.sayings import faults_of_label, faults_of_saying, hotline_numbers
from core.messages.wording import never_at_a_glance
from screening.kinds import NAMES

QUOTES = ("ก" * 60, "ข" * 60, "ค" * 60, "ง" * 60)


@pytest.mark.parametrize("kind", NAMES)
def test_a_warning_of_every_kind_says_what_to_do_and_nothing_that_we_never_say(kind: str) -> None:
    wording = word_warning(kind, QUOTES)
    assert not [word for text in wording.notice.values() for word in never_at_a_glance(text)]
    texts = [block.text for block in wording.blocks if isinstance(block, TextBlock | ButtonsBlock)]
    assert len(texts) == len(wording.blocks) == 4
    assert [fault for text in texts for fault in faults_of_saying(kind, text, 400)] == []
    assert "• " in texts[2]["th"]
    [ways] = [block for block in wording.blocks if isinstance(block, ButtonsBlock)]
    assert [fault for press in ways.presses for fault in faults_of_label(kind, press.label)] == []
    assert {press.call for press in ways.presses if press.call} <= hotline_numbers()
    assert {press.opens for press in ways.presses} >= {"check", "staff"}
    assert len(title_of(kind)) <= 80
    assert not stops(faults_of(make_warning(kind, QUOTES, ("20",)), media={}))


def test_there_are_words_for_the_kinds_that_there_are_and_no_others() -> None:
    assert set(warning_words().kind) == set(NAMES)


def test_without_quotes_the_warning_stands_by_itself() -> None:
    assert [block.id for block in word_warning("home_work", ()).blocks] == ["begin", "advice", "ways"]
