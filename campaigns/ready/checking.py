"""What is wrong with programmes before anybody may schedule them; what a platform takes is `composer.checking`'s."""

from collections.abc import Iterable, Iterator
from datetime import date, time
from typing import Final

from campaigns.lessons import packs
from campaigns.plans.blocks import ButtonsBlock, LessonBlock, Press, SurveyBlock, TextBlock
from campaigns.quizzes.quiz import quizzes
from campaigns.ready.programme import AskedBlock, Occasion, Programme, ReadyBlock, ReadyStep, Yearly
from campaigns.sayings import faults_of_ids, faults_of_label, faults_of_saying, hotline_numbers

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTICE, LONGEST_REPLY = 80, 300, 60, 300  # graphemes
# Three hours before nobody is written to any more, so that a late start still finds time.
EARLIEST, LATEST = time(8), time(18)
_PLACES: Final = frozenset({"check", "staff", "report", "menu"})
# No leap year: what is asked for on 29 February would come once in four years.
_ANY_YEAR = 2027


def faults_in(found: Iterable[Programme]) -> list[str]:
    """Everything that is wrong, each with its place."""
    return [fault for programme in found for fault in _faults_of(programme)]


def _faults_of(programme: Programme) -> Iterator[str]:
    yield from faults_of_ids(programme.id, [programme.id], "programmes")
    yield from faults_of_ids(programme.id, (one.id for one in programme.occasions), "occasions")
    yield from faults_of_saying(f"{programme.id}.title", programme.title, LONGEST_TITLE)
    if not programme.occasions:
        yield f"{programme.id}: nothing is ready in it"
    for occasion in programme.occasions:
        place = f"{programme.id}.{occasion.id}"
        for name in ("title", "why", "source", "owner"):
            longest = LONGEST_TITLE if name == "title" else LONGEST_TEXT
            yield from faults_of_saying(f"{place}.{name}", getattr(occasion, name), longest)
        yield from _of_when(place, occasion)
        # Answers are kept by the question's id, whatever step asked it.
        ids = (_id_of(block) for step in occasion.steps for block in step.blocks)
        yield from faults_of_ids(place, ids, "blocks")
        yield from _of_pairs(place, occasion)
        for n, step in enumerate(occasion.steps, 1):
            yield from _of_step(f"{place}.{n}", step)


def _of_when(place: str, occasion: Occasion) -> Iterator[str]:
    when = occasion.when
    if not EARLIEST <= when.at <= LATEST:
        yield f"{place}.when: {when.at:%H.%M} is too early or too late to begin"
    if len(when.days) != len(occasion.steps):
        yield f"{place}.when: {len(when.days)} days for {len(occasion.steps)} steps"
    if list(when.days) != sorted(set(when.days)) or any(day < 0 for day in when.days):
        yield f"{place}.when: the days do not rise"
    if isinstance(when, Yearly):
        try:
            date(_ANY_YEAR, when.month, when.day)
        except ValueError:
            yield f"{place}.when: no such day in every year"


def _of_pairs(place: str, occasion: Occasion) -> Iterator[str]:
    """A gain needs both of its questions, the one before first."""
    asked = [
        question
        for step in occasion.steps
        for block in step.blocks
        if isinstance(block, AskedBlock) and block.compares
        for question in getattr(quizzes().get(block.quiz), "questions", ())
        if question.id == block.question
    ]
    before = [question.id for question in asked if question.phase == "before"]
    if [question.phase for question in asked] != ["before"] * len(before) + ["after"] * len(before) or sorted(
        question.alike for question in asked if question.alike
    ) != sorted(before):
        yield f"{place}: each question that compares needs the one that it is alike, before it"


def _of_step(place: str, step: ReadyStep) -> Iterator[str]:
    yield from faults_of_saying(f"{place}.notice", step.notice, LONGEST_NOTICE)
    # Whatever a lock screen shows is read by whoever holds the phone, as a label is over a shoulder.
    yield from (fault for fault in faults_of_label(f"{place}.notice", step.notice) if "shows" in fault)
    if not step.blocks:
        yield f"{place}: says nothing"
    for block in step.blocks:
        yield from _of_block(f"{place}.{_id_of(block)}", block)


def _id_of(block: ReadyBlock) -> str:
    return block.question if isinstance(block, AskedBlock) else block.id


def _of_block(place: str, block: ReadyBlock) -> Iterator[str]:
    match block:
        case TextBlock() | ButtonsBlock():
            yield from faults_of_saying(f"{place}.text", block.text, LONGEST_TEXT)
            for press in getattr(block, "presses", ()):
                yield from _of_press(f"{place}.press", press)
        case SurveyBlock():
            yield from _of_question(place, block)
        case LessonBlock():
            pack = packs().get(block.pack)
            if pack is None or pack.place_of(block.lesson) is None:
                yield f"{place}: there is no lesson {block.pack}/{block.lesson}"
        case AskedBlock():
            quiz = quizzes().get(block.quiz)
            if quiz is None or all(one.id != block.question for one in quiz.questions):
                yield f"{place}: there is no question {block.quiz}/{block.question}"


def _of_question(place: str, block: SurveyBlock) -> Iterator[str]:
    yield from faults_of_saying(f"{place}.question", block.question, LONGEST_TEXT)
    yield from faults_of_ids(f"{place}.choices", (choice.id for choice in block.choices), "choices")
    for choice in block.choices:
        yield from faults_of_label(f"{place}.{choice.id}.label", choice.label)
        yield from faults_of_saying(f"{place}.{choice.id}.reply", choice.reply, LONGEST_REPLY)


def _of_press(place: str, press: Press) -> Iterator[str]:
    yield from faults_of_label(f"{place}.label", press.label)
    if press.call and press.call not in hotline_numbers():
        yield f"{place}.call: {press.call} is not in the directory"
    if press.opens and not _opens(press.opens):
        yield f"{place}.opens: there is no place {press.opens}"
    if bool(press.address) or bool(press.opens) == bool(press.call):
        yield f"{place}: opens a place of ours, or calls a number of the directory"


def _opens(place: str) -> bool:
    what, _, which = place.partition(":")
    known = {"lesson": packs(), "quiz": quizzes()}.get(what)
    return place in _PLACES if known is None else which in known
