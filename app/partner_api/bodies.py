"""What bodies have in common: nothing is taken that is not known."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Given(BaseModel):
    """A body; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Made(BaseModel):
    """What was added."""

    id: UUID


class Told(BaseModel):
    """What is answered; made of what the rules return."""

    model_config = ConfigDict(from_attributes=True)


# Words are looked at by the rules themselves; this only keeps nonsense out.
VISIBLE = r"\S"
WORDS = Field(min_length=1, max_length=2_000, pattern=VISIBLE)
