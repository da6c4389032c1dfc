"""A case that was referred to an agency: what it was given, what it answered, what was said and sent between the two."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id

_PENDING = sa.text("state IN ('sent', 'acknowledged')")


class AgencyReferral(Base):
    """One request to one agency, under the case's own key. The agency knows the case by this id alone."""

    __tablename__ = "agency_referral"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"))
    agency_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency.id"))
    # As `steps.State`; made-up cases of the sandbox are never of a real report.
    state: Mapped[str]
    # Which fields were chosen, as codes of templates.toml, and what stood in them when it was sent (JSON).
    fields: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    shared: Mapped[Box | None] = mapped_column(Sealed)
    # What staff wrote to the agency.
    note: Mapped[Box | None] = mapped_column(Sealed)
    # On what ground it went without the person's consent, as a code; None where they agreed.
    override: Mapped[str | None]
    override_reason: Mapped[Box | None] = mapped_column(Sealed)
    # "withheld", "asked", "given", "refused" or "taken_back"; asked for by the agency with a reason, given by the hotline in
    # a second step; once taken back the agency reads it no more.
    identity: Mapped[str] = mapped_column(server_default="withheld")
    identity_reason: Mapped[Box | None] = mapped_column(Sealed)
    identity_at: Mapped[datetime | None]
    # When the agency first opened the request while it held who the person is: what was read then, was read.
    identity_read_at: Mapped[datetime | None]
    identity_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    sent_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    sent_at: Mapped[datetime]
    # Until when the agency is to accept or decline.
    due_at: Mapped[datetime]
    # When somebody of the agency first opened it, and acknowledged it.
    read_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    # Why it was declined or recalled, as a code and in words; and who may take it instead.
    reason: Mapped[str | None]
    reason_note: Mapped[Box | None] = mapped_column(Sealed)
    next_agency_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency.id"))
    # The declined or expired one that this one follows.
    after_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency_referral.id"))
    # How its service ended, as a code; what the person reads of it.
    outcome: Mapped[str | None]
    citizen_text: Mapped[Box | None] = mapped_column(Sealed)
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('sent','acknowledged','accepted','in_service','done','declined','expired','recalled')",
            name="known_state",
        ),
        sa.CheckConstraint(
            "identity IN ('withheld','asked','given','refused','taken_back')", name="known_identity"
        ),
        sa.Index("uq_agency_referral_pending", "referral_id", "agency_id", unique=True, postgresql_where=_PENDING),
        sa.Index("ix_agency_referral_case", "referral_id", "id"),
        # An agency's inbox: what waits for it, and what it works on.
        sa.Index("ix_agency_referral_inbox", "agency_id", "state", "sent_at", "id"),
        sa.Index("ix_agency_referral_due", "due_at", postgresql_where=_PENDING),
        sa.Index("ix_agency_referral_after", "after_id", postgresql_where=sa.text("after_id IS NOT NULL")),
    )  # fmt: skip


class AgencyMessage(Base):
    """One line between hotline and agency about a case."""

    __tablename__ = "agency_message"

    id: Mapped[Id]
    agency_referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("agency_referral.id", ondelete="CASCADE"))
    # Whose case it is: what belongs to a report goes with its words, by this.
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    # "hotline" or "agency".
    side: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    program_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("agency_program.id"))
    body: Mapped[Box | None] = mapped_column(Sealed)
    at: Mapped[datetime]
    # When the other side read it.
    read_at: Mapped[datetime | None]

    __table_args__ = (sa.Index("ix_agency_message_thread", "agency_referral_id", "id"),)


class AgencyFile(Base):
    """A file given along, cleaned of metadata, in a place of the field template."""

    __tablename__ = "agency_file"

    id: Mapped[Id]
    agency_referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("agency_referral.id", ondelete="CASCADE"), index=True
    )
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    side: Mapped[str]
    # What it is, as a code of templates.toml.
    slot: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    name: Mapped[Box | None] = mapped_column(Sealed)
    media_type: Mapped[str]
    content: Mapped[Box | None] = mapped_column(Sealed)
    at: Mapped[datetime]


class PacketLink(Base):
    """A sealed packet behind an expiring address, for an agency without accounts; the code goes another way."""

    __tablename__ = "packet_link"

    id: Mapped[Id]
    agency_referral_id: Mapped[UUID] = mapped_column(
        sa.ForeignKey("agency_referral.id", ondelete="CASCADE"), index=True
    )
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    # Keyed hashes of what stands in the address and of the code.
    address_key: Mapped[bytes] = mapped_column(unique=True)
    code_key: Mapped[bytes]
    # The sealed packet (PDF under a password), once more under the case's key; gone when it ends.
    content: Mapped[Box | None] = mapped_column(Sealed)
    tries: Mapped[int] = mapped_column(server_default="0")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    opened_at: Mapped[datetime | None]
    # "opened", "expired", "withdrawn" or "guessed".
    ended_for: Mapped[str | None]
    ended_at: Mapped[datetime | None]
