"""Everyday messages of real people, of which training drew none."""

from nlp.training.real import draw, read_everyday

_TAUGHT, _SAMPLE = 2_000, 3_000  # messages that training drew, and that are drawn here


def everyday_unseen() -> list[str]:
    """Return the same sample every time; empty where the real texts are absent."""
    return draw(read_everyday(), _TAUGHT + _SAMPLE, seed=1)[_TAUGHT:]
