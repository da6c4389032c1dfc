"""What is said to somebody whose case went on: where to look, nothing of what is to be seen there."""

from bots.dialogues.speech import content, text
from bots.engine.steps import Language
from core.messages.content import Content


def say_news(language: Language) -> Content:
    return content(language, text(language, "case.news.line"), choices=("k1:start",), sensitive=True)
