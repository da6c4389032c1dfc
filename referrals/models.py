"""Referrals: a person who needs staff, the thread between them, and nothing readable without the case's key."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id

OPEN_STATES = ("open", "claimed")
_STANDING = sa.text("state IN ('open', 'claimed')")


class Referral(Base):
    """One request for staff. `kinds`, `reasons` are codes of the vocabularies; content is in the entries."""

    __tablename__ = "referral"

    id: Mapped[Id]
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    identity_id: Mapped[UUID] = mapped_column(sa.ForeignKey("channel_identity.id"))
    data_key_id: Mapped[UUID] = mapped_column(sa.ForeignKey("data_key.id"))
    channel: Mapped[str]
    source: Mapped[str]
    state: Mapped[str]
    priority: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    reasons: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    rules: Mapped[str]
    receipt_key: Mapped[bytes] = mapped_column(unique=True)
    opened_at: Mapped[datetime]
    # Since when nobody holds it, at its present urgency; None while it is as it was when it was opened.
    unheld_since: Mapped[datetime | None]
    claimed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    claimed_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_as: Mapped[str | None]
    last_entry_at: Mapped[datetime]
    # Since when the person waits for an answer: their first words that nobody answered.
    awaits_since: Mapped[datetime | None]
    # What it may come under, as codes; several may hold together, and none is a verdict.
    bands: Mapped[list[str]] = mapped_column(ARRAY(sa.Text), server_default="{}")
    # Province or country of the person concerned, as a code of the directory of places.
    place: Mapped[str | None]
    # Keyed hash of the word that opens more than the bare status; of this referral only.
    code_word_key: Mapped[bytes | None]
    # The person asked to erase it; until then they can take that back.
    erase_at: Mapped[datetime | None]
    # Which team it was sent to by the rules; None until then, and for reports of before there were teams.
    team_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("team.id"))
    # A few words of staff's own, found again by their keyed words.
    title: Mapped[Box | None] = mapped_column(Sealed)
    # Staff's own labels, one a line.
    tags: Mapped[Box | None] = mapped_column(Sealed)
    # Put aside by its holder until then, with the reason as a code.
    snoozed_until: Mapped[datetime | None]
    snoozed_for: Mapped[str | None]
    # How many flags stand on it.
    open_flags: Mapped[int] = mapped_column(server_default="0")
    # Up to which entry it can be found by search; None where its terms must be read anew (see desk/terms.py).
    terms_of: Mapped[datetime | None]
    # Handed to the bot, which asks on in this dialogue until the person is through or staff take it back.
    bot_dialogue: Mapped[str | None]
    # Closing that waits for a supervisor: who asked, as what, when.
    closing_as: Mapped[str | None]
    closing_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    closing_at: Mapped[datetime | None]
    # What the person reads about the end of it.
    closing_text: Mapped[Box | None] = mapped_column(Sealed)
    follow_up_on: Mapped[date | None]
    # Kept although its time is over, until then or until released, with the reason as a code.
    kept_until: Mapped[datetime | None]
    kept_for: Mapped[str | None]
    kept_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    # When everything but figures was erased.
    words_gone_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("state IN ('open', 'claimed', 'closed', 'cancelled')", name="known_state"),
        sa.CheckConstraint("priority IN ('P0', 'P1', 'P2', 'P3')", name="known_priority"),
        sa.Index(
            "uq_referral_open",
            "identity_id",
            unique=True,
            postgresql_where=sa.text("state IN ('open', 'claimed')"),
        ),
        # The queue's lists, each in its order: see listing/views.py.
        sa.Index("ix_referral_queue", "state", "priority", "opened_at", "id"),
        sa.Index("ix_referral_team", "team_id", "priority", "opened_at", "id", postgresql_where=_STANDING),
        sa.Index(
            "ix_referral_held", "claimed_by", "priority", "opened_at", "id",
            postgresql_where=sa.text("state = 'claimed'"),
        ),
        sa.Index(
            "ix_referral_awaits", "priority", "awaits_since",
            postgresql_where=sa.text("state = 'claimed' AND awaits_since IS NOT NULL"),
        ),
        sa.Index(
            "ix_referral_bot", "priority", "opened_at", "id",
            postgresql_where=sa.text("bot_dialogue IS NOT NULL AND state IN ('open', 'claimed')"),
        ),
        sa.Index(
            "ix_referral_snoozed", "priority", "opened_at", "id",
            postgresql_where=sa.text("snoozed_until IS NOT NULL AND state = 'claimed'"),
        ),
        sa.Index(
            "ix_referral_flagged", "priority", "opened_at", "id", postgresql_where=sa.text("open_flags > 0")
        ),
        sa.Index(
            "ix_referral_terms_due", "last_entry_at",
            postgresql_where=sa.text("terms_of IS DISTINCT FROM last_entry_at"),
        ),
        # As figures are counted: the reports of a day.
        sa.Index("ix_referral_opened", "opened_at"),
        sa.Index("ix_referral_erase", "erase_at", postgresql_where=sa.text("erase_at IS NOT NULL")),
        # What ended and still has its words: few, however many ended long ago.
        sa.Index(
            "ix_referral_kept", "closed_at", "id",
            postgresql_where=sa.text("closed_at IS NOT NULL AND words_gone_at IS NULL"),
        ),
        sa.Index("ix_referral_kept_for", "kept_for", postgresql_where=sa.text("kept_for IS NOT NULL")),
        # By which a restored backup's destroyed keys find what came back with it.
        sa.Index("ix_referral_data_key", "data_key_id", postgresql_where=sa.text("words_gone_at IS NULL")),
        sa.Index(
            "ix_referral_ended", "closed_at", "id",
            postgresql_where=sa.text("state IN ('closed', 'cancelled')"),
        ),
    )  # fmt: skip

    @property
    def is_held(self) -> bool:
        """A prosecution, a compensation or a court wants it kept: no time and no wish ends it, only a person."""
        return self.kept_for is not None and self.kept_until is None


class ReferralEntry(Base):
    """One line of the thread: the person's words, staff's words, or a mark of the system."""

    __tablename__ = "referral_entry"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    # "citizen", "staff" or "system".
    author: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    body: Mapped[Box | None] = mapped_column(Sealed)
    # For marks of the system: what happened, as a code.
    mark: Mapped[str | None]
    # For staff's words: the outbound message whose delivery state is shown.
    message_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("message.id", ondelete="SET NULL"))
    # What they came with, so that a replay adds nothing: for the person's words the platform's event (unsend finds
    # them by it), for staff's words the form they were written in. What was meant for two reports stands in both.
    event_id: Mapped[UUID | None]
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("event_id", "referral_id"),
        sa.Index("ix_referral_entry_thread", "referral_id", "id"),
        sa.Index(
            "ix_referral_entry_message", "message_id", postgresql_where=sa.text("message_id IS NOT NULL")
        ),
    )


class Questionnaire(Base):
    """The questions as they were asked, by their hash: an old report is read with its own."""

    __tablename__ = "questionnaire"

    hash: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    first_used_at: Mapped[datetime]


class ReportAnswer(Base):
    """One answer of a report; of several to one question the newest holds."""

    __tablename__ = "report_answer"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    questionnaire: Mapped[str] = mapped_column(sa.ForeignKey("questionnaire.hash"))
    question: Mapped[str]
    answer: Mapped[Box | None] = mapped_column(Sealed)
    # The event that brought it, so that a replay adds nothing and an unsend finds it.
    event_id: Mapped[UUID | None]
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]

    __table_args__ = (
        sa.UniqueConstraint("event_id", "question", "referral_id"),
        sa.Index("ix_report_answer_report", "referral_id", "id"),
    )


class AgencyConsent(Base):
    """Whether an agency may learn of a report, and of whom it comes; the newest line of an agency holds."""

    __tablename__ = "agency_consent"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    agency: Mapped[str]
    granted: Mapped[bool]
    with_identity: Mapped[bool]
    # Version of the words that were agreed to.
    wording: Mapped[str]
    at: Mapped[datetime]


class Evidence(Base):
    """A photo, voice or file that belongs to a report, without its metadata."""

    __tablename__ = "evidence"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    # "picture", "sound", "film" or "document".
    kind: Mapped[str]
    # "fetching", "kept", "refused", "gone" or "taken_back"; with the reason of a refusal as a code.
    state: Mapped[str]
    reason: Mapped[str | None]
    media_type: Mapped[str | None]
    content: Mapped[Box | None] = mapped_column(Sealed)
    at: Mapped[datetime]


class ReceiptTry(Base):
    """Tries at receipts and code words, by keyed hash, so that wrong ones make the next wait longer.

    Of a source and of a report the wrong ones; with none wrong a source that waits its turn at a report
    (`referrals.slowing`), and a conversation that said the right word (`referrals.openings`).
    """

    __tablename__ = "receipt_try"

    source_key: Mapped[bytes] = mapped_column(primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime]
