"""Hear reports out: answers, evidence, consent by agency, receipts, erasure, quizzes, groups."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.crypto.boxed

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "group_setting",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=False),
        sa.Column("warns", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address_key", name=op.f("pk_group_setting")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_questionnaire")),
    )
    op.create_table(
        "quiz_tally",
        sa.Column("quiz", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quiz", "question", "phase", "day", name=op.f("pk_quiz_tally")),
    )
    op.create_table(
        "receipt_try",
        sa.Column("source_key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_receipt_try")),
    )
    op.create_table(
        "copy_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("token_key", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_copy_link_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_link")),
        sa.UniqueConstraint("token_key", name=op.f("uq_copy_link_token_key")),
    )
    op.create_index(op.f("ix_copy_link_contact_id"), "copy_link", ["contact_id"], unique=False)
    op.create_table(
        "erasure_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("farewell_id", sa.Uuid(), nullable=True),
        sa.Column("farewell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_erasure_request_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
    )
    op.create_index(op.f("ix_erasure_request_contact_id"), "erasure_request", ["contact_id"], unique=False)
    op.create_index(
        "ix_erasure_request_due",
        "erasure_request",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL AND taken_back_at IS NULL"),
    )
    op.create_table(
        "agency_consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("with_identity", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_agency_consent_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_consent")),
    )
    op.create_index(op.f("ix_agency_consent_referral_id"), "agency_consent", ["referral_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("content", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_evidence_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("event_id", name=op.f("uq_evidence_event_id")),
    )
    op.create_index(op.f("ix_evidence_referral_id"), "evidence", ["referral_id"], unique=False)
    op.create_table(
        "report_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["questionnaire"],
            ["questionnaire.hash"],
            name=op.f("fk_report_answer_questionnaire_questionnaire"),
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_report_answer_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_answer")),
        sa.UniqueConstraint(
            "event_id", "question", "referral_id", name=op.f("uq_report_answer_event_id_question_referral_id")
        ),
    )
    op.create_index("ix_report_answer_report", "report_answer", ["referral_id", "id"], unique=False)
    op.add_column(
        "contact", sa.Column("minor", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "conversation", sa.Column("hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_index(
        "ix_message_telegram",
        "message",
        ["identity_id", "id"],
        unique=False,
        postgresql_where=sa.text("channel = 'telegram'"),
    )
    op.add_column("message_attempt", sa.Column("platform_message", sa.BigInteger(), nullable=True))
    op.add_column(
        "referral", sa.Column("bands", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("referral", sa.Column("place", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("code_word_key", sa.LargeBinary(), nullable=True))
    op.add_column("referral", sa.Column("erase_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_referral_erase",
        "referral",
        ["erase_at"],
        unique=False,
        postgresql_where=sa.text("erase_at IS NOT NULL"),
    )
    op.drop_constraint(op.f("uq_referral_entry_event_id"), "referral_entry", type_="unique")
    op.create_unique_constraint(
        op.f("uq_referral_entry_event_id_referral_id"), "referral_entry", ["event_id", "referral_id"]
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint(op.f("uq_referral_entry_event_id_referral_id"), "referral_entry", type_="unique")
    op.create_unique_constraint(
        op.f("uq_referral_entry_event_id"),
        "referral_entry",
        ["event_id"],
        postgresql_nulls_not_distinct=False,
    )
    op.drop_index(
        "ix_referral_erase", table_name="referral", postgresql_where=sa.text("erase_at IS NOT NULL")
    )
    op.drop_column("referral", "erase_at")
    op.drop_column("referral", "code_word_key")
    op.drop_column("referral", "place")
    op.drop_column("referral", "bands")
    op.drop_column("message_attempt", "platform_message")
    op.drop_index(
        "ix_message_telegram", table_name="message", postgresql_where=sa.text("channel = 'telegram'")
    )
    op.drop_column("conversation", "hidden")
    op.drop_column("contact", "minor")
    op.drop_index("ix_report_answer_report", table_name="report_answer")
    op.drop_table("report_answer")
    op.drop_index(op.f("ix_evidence_referral_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_agency_consent_referral_id"), table_name="agency_consent")
    op.drop_table("agency_consent")
    op.drop_index(
        "ix_erasure_request_due",
        table_name="erasure_request",
        postgresql_where=sa.text("done_at IS NULL AND taken_back_at IS NULL"),
    )
    op.drop_index(op.f("ix_erasure_request_contact_id"), table_name="erasure_request")
    op.drop_table("erasure_request")
    op.drop_index(op.f("ix_copy_link_contact_id"), table_name="copy_link")
    op.drop_table("copy_link")
    op.drop_table("receipt_try")
    op.drop_table("quiz_tally")
    op.drop_table("questionnaire")
    op.drop_table("group_setting")
