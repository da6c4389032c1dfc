import pytest

from tests.bots.dialogues.talk import Talk


@pytest.fixture
def talk() -> Talk:
    return Talk()
