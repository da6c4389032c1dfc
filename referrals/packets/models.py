"""That a report was handed over: to whom, by whom and why; of the packet itself nothing is kept."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id


class PacketExport(Base):
    """One packet that was made. Its password and its content are nowhere."""

    __tablename__ = "packet_export"

    id: Mapped[Id]
    referral_id: Mapped[UUID] = mapped_column(sa.ForeignKey("referral.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    agency: Mapped[str]
    with_identity: Mapped[bool]
    # On what ground it went without the person's consent, as a code; None where they agreed.
    override: Mapped[str | None]
    # "pdf" or "zip".
    form: Mapped[str]
    # What went along, as codes of parts.
    parts: Mapped[list[str]] = mapped_column(ARRAY(sa.Text))
    # How many places were made unreadable.
    redactions: Mapped[int]
    # Why, in staff's words.
    reason: Mapped[Box | None] = mapped_column(Sealed)
    # SHA-256 of the sealed file, by which one that turns up is known again.
    file_hash: Mapped[bytes]
    at: Mapped[datetime]
