"""What an effect stands on while it is run."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bots.dispatch.people import Person
from bots.dispatch.turn import Arrived
from core.crypto.data_keys import DataKeys


class Ground(NamedTuple):
    """The turn's transaction, whose turn it is, and the event that caused the effect."""

    session: AsyncSession
    keys: DataKeys
    person: Person
    item: Arrived
