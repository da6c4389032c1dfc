"""What the composer's lists offer: pictures of the library, lessons, and where a button may lead."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from app.console.texts import say, spoken
from campaigns.composer.rendering import LESSON, PLACES, QUIZ
from campaigns.lessons import packs
from campaigns.media import MediaFacts, list_pictures
from campaigns.quizzes.quiz import quizzes
from core.languages import in_language
from referrals.directory.hotlines import all_hotlines

MOST_PICTURES = 200


class Option(NamedTuple):
    value: str
    label: str


class Group(NamedTuple):
    label: str
    options: tuple[Option, ...]


class Choices(NamedTuple):
    pictures: Sequence[MediaFacts]
    lessons: tuple[Group, ...]
    leads: tuple[Group, ...]


async def read_choices(session: AsyncSession, base_url: str) -> Choices:
    pictures = await list_pictures(session, base_url, limit=MOST_PICTURES)
    return Choices(pictures, _lessons(), _leads())


def _lessons() -> tuple[Group, ...]:
    language = spoken.get()
    return tuple(
        Group(
            in_language(pack.title, language),
            tuple(
                Option(f"{pack.id}/{lesson.id}", in_language(lesson.title, language))
                for lesson in pack.lessons
            ),
        )
        for pack in packs().values()
    )


def _leads() -> tuple[Group, ...]:
    """A place of the bot, a lesson pack, a quiz, a number that citizens are shown; or an address of the web."""
    language = spoken.get()
    return (
        Group(say("campaign_compose.leads_web"), (Option("address", say("campaign_compose.leads_address")),)),
        Group(
            say("campaign_compose.leads_bot"),
            tuple(Option(f"opens:{place}", say(f"campaign_compose.place_{place}")) for place in PLACES),
        ),
        Group(
            say("campaign_compose.leads_lessons"),
            tuple(
                Option(f"opens:{LESSON}{pack.id}", in_language(pack.title, language))
                for pack in packs().values()
            ),
        ),
        Group(
            say("campaign_compose.leads_quizzes"),
            tuple(
                Option(f"opens:{QUIZ}{quiz.id}", in_language(quiz.title, language))
                for quiz in quizzes().values()
            ),
        ),
        Group(
            say("campaign_compose.leads_numbers"),
            tuple(
                Option(f"call:{one.key or one.number}", f"{one.number} {in_language(one.name, language)}")
                for one in all_hotlines()
                if one.mark == "V" or one.stays
            ),
        ),
    )
