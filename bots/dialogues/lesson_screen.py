"""A lesson as it is shown: its bubbles, the answers to its exercise, and the ways on, back and to the source."""

import msgspec

from bots.copy import copy
from bots.dialogues.dates import say_day
from bots.dialogues.numbers import say_number
from bots.dialogues.speech import button, content, text
from bots.engine.steps import Facts, Language
from campaigns.lessons import Exercise, Pack
from core.languages import in_language
from core.messages.content import Button, Content, Text
from referrals.directory.hotlines import hotline

PREFIX = "e1:"
MENU, ON, NEXT, BACK, SOURCE = "e1:menu", "e1:on", "e1:next", "e1:back", "e1:source"


def lesson_content(pack: Pack, at: int, language: Language, facts: Facts) -> Content:
    """The bubbles of a lesson, whom to call under the last of them, and the exercise."""
    lesson = pack.lessons[at]
    said = [*in_language(lesson.bubbles, language)]
    said[0] = f"{_heading(pack, at, language)}\n\n{said[0]}"
    if lesson.call:
        said[-1] = "\n".join([said[-1], *(say_number(language, hotline(n), facts) for n in lesson.call)])
    bubbles = [Text(one) for one in said]
    if lesson.exercise is None:
        return _with_ways(pack, at, language, *bubbles)
    bubbles.append(Text(in_language(lesson.exercise.question, language)))
    return with_first(
        _with_ways(pack, at, language, *bubbles), *_answers(pack, at, lesson.exercise, language)
    )


def source_content(pack: Pack, at: int, language: Language) -> Content:
    """Where the lesson's facts come from, of which day they are, who keeps them and who has read them."""
    lesson = pack.lessons[at]
    told = text(
        language,
        "lessons.source",
        source=in_language(lesson.source, language),
        day=say_day(language, lesson.as_of),
        owner=in_language(lesson.owner, language),
    )
    reader = (
        text(language, "lessons.reviewed", reader=lesson.reviewed_by)
        if lesson.reviewed_by
        else text(language, "lessons.not_reviewed")
    )
    return _with_ways(pack, at, language, told, reader, source=False)


def answer_content(pack: Pack, at: int, reply: Text, language: Language) -> Content:
    """The kind word to an answer; behind the last lesson also the pack's own."""
    last = at + 1 == len(pack.lessons)
    closing = (Text(in_language(pack.closing, language)),) if last else ()
    return _with_ways(pack, at, language, reply, *closing)


def choices_again(pack: Pack, at: int, exercise: Exercise, language: Language) -> Content:
    """Answered in words that we don't know: the choices once more."""
    asked = _with_ways(pack, at, language, text(language, "lessons.pick"))
    return with_first(asked, *_answers(pack, at, exercise, language))


def pack_button(pack: Pack, language: Language) -> Button:
    return coded(in_language(pack.title, language), f"p.{pack.id}")


def lesson_button(pack: Pack, at: int, language: Language) -> Button:
    return coded(in_language(pack.lessons[at].title, language), f"l.{pack.id}.{pack.lessons[at].id}")


def numbered_button(pack: Pack, at: int, language: Language) -> Button:
    """The way into a course: "start" at its first lesson, "go on" at any other."""
    key = "on" if at else "from"
    label = copy().say(language, f"buttons.lessons.{key}", n=at + 1)
    return coded(label, f"l.{pack.id}.{pack.lessons[at].id}")


def coded(label: str, rest: str) -> Button:
    return Button(label, data=PREFIX + rest)


def with_first(reply: Content, *shown: Button) -> Content:
    """The reply with these buttons before its own."""
    return msgspec.structs.replace(reply, choices=(*shown, *reply.choices))


def _with_ways(pack: Pack, at: int, language: Language, *bubbles: Text, source: bool = True) -> Content:
    """The bubbles with the ways on, back, to the source and to other subjects."""
    ways = []
    if at + 1 < len(pack.lessons):
        ways.append(coded(button(language, NEXT).label, f"l.{pack.id}.{pack.lessons[at + 1].id}"))
    if at:
        ways.append(coded(button(language, BACK).label, f"l.{pack.id}.{pack.lessons[at - 1].id}"))
    if source:
        ways.append(coded(button(language, SOURCE).label, f"s.{pack.id}.{pack.lessons[at].id}"))
    reply = content(language, *bubbles, sensitive=pack.sensitive)
    return with_first(reply, *ways, button(language, MENU))


def _answers(pack: Pack, at: int, exercise: Exercise, language: Language) -> list[Button]:
    lesson = pack.lessons[at]
    return [
        coded(in_language(choice.label, language), f"a.{pack.id}.{lesson.id}.{choice.id}")
        for choice in exercise.choices
    ]


def _heading(pack: Pack, at: int, language: Language) -> str:
    title = in_language(pack.lessons[at].title, language)
    if not pack.course:
        return title
    return copy().say(language, "lessons.heading", number=at + 1, all=len(pack.lessons), title=title)
