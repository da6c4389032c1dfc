"""Take names back: an agency reads who a person is no more, and when it read that stays known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_NAME = "ck_agency_referral_known_identity"


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column("agency_referral", sa.Column("identity_read_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f(_NAME), "agency_referral", type_="check")
    op.create_check_constraint(
        op.f(_NAME), "agency_referral", "identity IN ('withheld','asked','given','refused','taken_back')"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint(op.f(_NAME), "agency_referral", type_="check")
    # Of the words that are known before, this one shows nobody either.
    op.execute("UPDATE agency_referral SET identity = 'refused' WHERE identity = 'taken_back'")
    op.create_check_constraint(
        op.f(_NAME), "agency_referral", "identity IN ('withheld','asked','given','refused')"
    )
    op.drop_column("agency_referral", "identity_read_at")
