"""What is ready to be scheduled: occasions of the year and courses, each with its reason, its source and all its steps.

Files are `occasions/<order>_<programme>.toml`. Steps are written in the blocks of a plan; a question of a quiz stands
there by its name, so that quizzes and lessons are worded in one place alone.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, Literal

import msgspec

from campaigns.plans.audience import Audience
from campaigns.plans.blocks import ButtonsBlock, LessonBlock, Said, SurveyBlock, TextBlock
from core.contacts.subjects import Subject


class AskedBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="question"):
    """A question of a quiz. With `compares`, it is the before or after of its pair, and the gain is measured."""

    quiz: str
    question: str
    compares: bool = False


# Pictures and links are a house's own; what is ready goes to any house.
ReadyBlock = TextBlock | ButtonsBlock | LessonBlock | SurveyBlock | AskedBlock


class Yearly(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag="yearly"):
    """Every year from this day on; `days` after it, one for each step. `at` is the hour in Bangkok."""

    month: int
    day: int
    at: time
    days: tuple[int, ...] = (0,)


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="course"):
    """Any day of the year: each person's own sequence, from what they did."""

    begins: Literal["agreed", "entered"]
    at: time
    days: tuple[int, ...]


class ReadyStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    notice: Said
    blocks: tuple[ReadyBlock, ...]


class Occasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One campaign to be. `title` and `why` are for who schedules it; citizens see the steps alone."""

    id: str
    title: Said
    why: Said
    subject: Subject
    when: Yearly | Course
    steps: tuple[ReadyStep, ...]
    source: Said
    as_of: date
    owner: Said
    # Who at the ministry read and signed it; empty until then.
    reviewed_by: str = ""
    # Who takes news of its subject, where it says nothing else.
    audience: Audience = msgspec.field(default_factory=Audience)


class Programme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    title: Said
    occasions: tuple[Occasion, ...]


def read_programme(programme_id: str, table: Mapping[str, Any]) -> Programme:
    """A programme from its table; what `[origin]` says holds for each occasion that does not say it itself.

    Raises msgspec.ValidationError for unknown or missing keys.
    """
    rest = {key: value for key, value in table.items() if key not in {"origin", "occasion"}}
    origin = table.get("origin", {})
    occasions = [_renamed({**origin, **occasion}) for occasion in table.get("occasion", ())]
    return msgspec.convert({**rest, "id": programme_id, "occasions": occasions}, Programme)


def _renamed(occasion: Mapping[str, Any]) -> dict[str, Any]:
    """`[[occasion.step]]` reads better in a file than `steps`."""
    return {("steps" if key == "step" else key): value for key, value in occasion.items()}
