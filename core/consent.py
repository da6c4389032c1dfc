"""The consent ledger: what a person agreed to, in which words, when; the newest line holds."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import utc_now
from core.contacts.subjects import Subject
from core.db.base import Base, Id
from core.ids import new_id

Topic = Literal["campaigns", "keep_text"] | Subject
Source = Literal["button", "word", "follow", "unfollow", "import", "erasure"]


class ConsentEvent(Base):
    """One line of the ledger; never changed."""

    __tablename__ = "consent_event"

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    topic: Mapped[str]
    granted: Mapped[bool]
    wording: Mapped[str]
    source: Mapped[str]
    at: Mapped[datetime]


class Consent(Base):
    """What holds now, derived from the ledger in the same transaction."""

    __tablename__ = "consent"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(primary_key=True)
    granted: Mapped[bool]
    changed_at: Mapped[datetime]


async def record_consent(
    session: AsyncSession, contact_id: UUID, topic: Topic, *, granted: bool, wording: str, source: Source
) -> None:
    """Append to the ledger and let it hold. `wording` names the version of the words shown."""
    now = utc_now()
    session.add(
        ConsentEvent(
            id=new_id(),
            contact_id=contact_id,
            topic=topic,
            granted=granted,
            wording=wording,
            source=source,
            at=now,
        )
    )
    change = {"granted": granted, "changed_at": now}
    await session.execute(
        insert(Consent)
        .values(contact_id=contact_id, topic=topic, **change)
        .on_conflict_do_update(index_elements=["contact_id", "topic"], set_=change)
    )


def consent_granted(contact_id: sa.ColumnElement[UUID], topic: Topic) -> sa.ColumnElement[bool]:
    """SQL condition: the person has agreed to `topic` and not taken it back."""
    return sa.exists().where(Consent.contact_id == contact_id, Consent.topic == topic, Consent.granted)


def takes_subject(contact_id: sa.ColumnElement[UUID], subject: Subject) -> sa.ColumnElement[bool]:
    """SQL condition: the person agreed to news and did not stop this subject of it."""
    stopped = sa.exists().where(
        Consent.contact_id == contact_id, Consent.topic == subject, sa.not_(Consent.granted)
    )
    return sa.and_(consent_granted(contact_id, "campaigns"), sa.not_(stopped))
