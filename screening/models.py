"""What is kept of offers: judgements, the waves they belong to, handles named in them, and the licence register."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class Screening(Base):
    """One judgement, with the versions that make it repeatable (invariant 15)."""

    __tablename__ = "screening"

    id: Mapped[Id]
    contact_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    channel: Mapped[str]
    band: Mapped[str]
    score: Mapped[float]
    # The lure it leads with (`kinds.toml`), and the codes of all signs, strongest first.
    kind: Mapped[str]
    indicators: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    province: Mapped[str | None]
    rules: Mapped[str]
    model: Mapped[str]
    wave_id: Mapped[UUID | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_screening_wave", "wave_id", "id", postgresql_where=sa.text("wave_id IS NOT NULL")),
        sa.Index("ix_screening_created_at", "created_at", postgresql_using="brin"),
    )


class ScreeningText(Base):
    """The words of an offer under the contact's own key, apart from the figures that they would slow down.

    Of the public page only what somebody let us keep, under the desk's key. Without a foreign key, which every turn
    would pay for: words go long before their row.
    """

    __tablename__ = "screening_text"

    screening_id: Mapped[Id]
    text: Mapped[Box] = mapped_column(Sealed)


class ScreeningLabel(Base):
    """What somebody said of a judgement: a citizen's "ไม่ตรง", or the band and kind that staff give it."""

    __tablename__ = "screening_label"

    id: Mapped[Id]
    screening_id: Mapped[UUID | None] = mapped_column(
        sa.ForeignKey("screening.id", ondelete="SET NULL"), index=True
    )
    author: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    band: Mapped[str | None]
    kind: Mapped[str | None]
    judged_band: Mapped[str]
    judged_score: Mapped[float]
    rules: Mapped[str]
    model: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("author IN ('citizen', 'staff')", name="known_author"),
        sa.Index(
            "uq_screening_label_citizen",
            "screening_id",
            unique=True,
            postgresql_where=sa.text("author = 'citizen'"),
        ),
    )


class Wave(Base):
    """Texts like one another. The first of them gave the signature that others are compared with."""

    __tablename__ = "wave"

    id: Mapped[Id]
    signature: Mapped[bytes | None]
    band: Mapped[str]
    kind: Mapped[str]
    # Established people who sent it, as last counted (`screening.radar`), and the last day with a new one.
    senders: Mapped[int] = mapped_column(server_default="0")
    last_day: Mapped[date | None]
    founded_at: Mapped[datetime]
    # What staff call it; holds nothing of anybody.
    name: Mapped[str | None]
    # The wave that staff found to be the same. Only staff's pages read it: what citizens hear of others is counted by
    # likeness alone, so that no press of a button makes a wave larger for them.
    merged_into: Mapped[UUID | None] = mapped_column(sa.ForeignKey("wave.id", ondelete="SET NULL"))
    merged_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    merged_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index("ix_wave_merged", "merged_into", postgresql_where=sa.text("merged_into IS NOT NULL")),
        sa.Index("ix_wave_lone", "id", postgresql_where=sa.text("senders < 3")),
        sa.Index("ix_wave_large", "last_day", "senders", postgresql_where=sa.text("senders >= 3")),
    )


class WavePrint(Base):
    """A text's exact print (keyed hash of its skeleton) and the wave it belongs to."""

    __tablename__ = "wave_print"

    print: Mapped[bytes] = mapped_column(primary_key=True)
    wave_id: Mapped[UUID] = mapped_column(index=True)


class WaveBand(Base):
    """A band of a wave's signature; like texts share one. Newer waves sort last."""

    __tablename__ = "wave_band"

    band: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    wave_id: Mapped[UUID] = mapped_column(primary_key=True)


class WaveSender(Base):
    """One row a wave and person, however often they send it. No foreign keys: they would lock rows that all share."""

    __tablename__ = "wave_sender"

    wave_id: Mapped[UUID] = mapped_column(primary_key=True)
    # The contact; once a person is forgotten, a number that is nobody's.
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    # When the service first met the person.
    known_since: Mapped[datetime]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_wave_sender_recent", "wave_id", "last_at", postgresql_include=["known_since"]),
        sa.Index("ix_wave_sender_first_at", "first_at", postgresql_using="brin"),
    )


class WaveDay(Base):
    """How many people sent a wave for the first time on a day (Asia/Bangkok)."""

    __tablename__ = "wave_day"

    wave_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    senders: Mapped[int]


class WaveExample(Base):
    """A copy of a wave's text with everything personal taken out, approved by staff; it belongs to nobody."""

    __tablename__ = "wave_example"

    id: Mapped[Id]
    wave_id: Mapped[UUID] = mapped_column(sa.ForeignKey("wave.id"), index=True)
    text: Mapped[Box] = mapped_column(Sealed)
    approved_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class HandleReport(Base):
    """One row a handle and person who sent an offer that names it; the handle stands as a keyed hash."""

    __tablename__ = "handle_report"

    print: Mapped[bytes] = mapped_column(primary_key=True)
    # The contact; once a person is forgotten, a number that is nobody's.
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    screening_id: Mapped[UUID]
    known_since: Mapped[datetime]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]

    __table_args__ = (
        sa.Index("ix_handle_report_contact", "contact_id"),
        sa.Index("ix_handle_report_first_at", "first_at", postgresql_using="brin"),
    )


class ReportedHandle(Base):
    """A handle that several people sent, or that staff entered, and what staff found."""

    __tablename__ = "reported_handle"

    id: Mapped[Id]
    print: Mapped[bytes] = mapped_column(unique=True)
    kind: Mapped[str]
    # For staff alone, under the service's own key; opened only once several people named it.
    value: Mapped[Box | None] = mapped_column(Sealed)
    senders: Mapped[int] = mapped_column(server_default="0")
    verdict: Mapped[str] = mapped_column(server_default="open")
    # Whoever would confirm it, why as a code, and when; another person decides.
    proposed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    grounds: Mapped[str | None]
    proposed_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        sa.CheckConstraint("verdict IN ('open', 'confirmed', 'cleared')", name="known_verdict"),
        sa.Index("ix_reported_handle_desk", "verdict", "senders"),
    )


class ScreeningTrend(Base):
    """Offers of a day or week (Monday first, Asia/Bangkok) by province and kind; "" stands for all."""

    __tablename__ = "screening_trend"

    span: Mapped[str] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    screenings: Mapped[int]
    flagged: Mapped[int]
    # Different people; offers from the public page have none.
    senders: Mapped[int]

    __table_args__ = (sa.CheckConstraint("span IN ('day', 'week')", name="known_span"),)


class LicenceRegister(Base):
    """One import of the register of licensed recruiters; the newest is in force."""

    __tablename__ = "licence_register"

    id: Mapped[Id]
    as_of: Mapped[date]
    rows: Mapped[int]
    digest: Mapped[bytes]
    imported_at: Mapped[datetime]


class LicensedRecruiter(Base):
    """A line of the register in force."""

    __tablename__ = "licensed_recruiter"

    id: Mapped[Id]
    register_id: Mapped[UUID] = mapped_column(sa.ForeignKey("licence_register.id"))
    # The number as printed and in its one spelling.
    number: Mapped[str]
    number_key: Mapped[str] = mapped_column(unique=True)
    company: Mapped[str]
    # How many different runs of letters the name has: what its likeness is measured against.
    name_grams: Mapped[int] = mapped_column(sa.SmallInteger)
    expires_on: Mapped[date | None]


class LicenceGram(Base):
    """A run of letters in the name of a licensed recruiter, by which like names are found."""

    __tablename__ = "licence_gram"

    gram: Mapped[str] = mapped_column(primary_key=True)
    recruiter_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("licensed_recruiter.id", ondelete="CASCADE"), primary_key=True, index=True
    )
