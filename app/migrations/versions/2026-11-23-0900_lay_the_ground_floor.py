"""Lay the ground floor."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.crypto.boxed
from core.jobs.schema import install_statements, uninstall_statements

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in install_statements():
        op.execute(statement)
    op.create_table(
        "audit_event",
        sa.Column("stream", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "number", name=op.f("pk_audit_event")),
    )
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.create_index("ix_audit_event_object", "audit_event", ["object_kind", "object_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("stream", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_index(
        "uq_data_key_name", "data_key", ["name"], unique=True, postgresql_where=sa.text("name IS NOT NULL")
    )
    op.create_table(
        "erasure",
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("data_key_id", name=op.f("pk_erasure")),
    )
    op.create_table(
        "quota_use",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("limit", sa.Integer(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", "month", name=op.f("pk_quota_use")),
    )
    op.create_table(
        "rate_bucket",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_rate_bucket")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("who_key", sa.LargeBinary(), nullable=False),
        sa.Column("where_key", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_where", "sign_in_attempt", ["where_key", "at"], unique=False)
    op.create_index("ix_sign_in_attempt_who", "sign_in_attempt", ["who_key", "at"], unique=False)
    op.create_table(
        "worker_beat",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("totp_pending", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_account_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), server_default="th", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_contact_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_table(
        "inbound_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("message_key", sa.LargeBinary(), nullable=True),
        sa.Column("body", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("body_key_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer_id", sa.Uuid(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["body_key_id"], ["data_key.id"], name=op.f("fk_inbound_event_body_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_event")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_inbound_event_channel_event_id")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_inbound_event_body",
        "inbound_event",
        ["handled_at"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NOT NULL AND body IS NOT NULL"),
    )
    op.create_index(
        "ix_inbound_event_message",
        "inbound_event",
        ["message_key"],
        unique=False,
        postgresql_where=sa.text("message_key IS NOT NULL"),
    )
    op.create_index(
        "ix_inbound_event_open",
        "inbound_event",
        ["address_key", "position"],
        unique=False,
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "message_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("content", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("intended", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_message_batch_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_batch")),
    )
    op.create_table(
        "account_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("csrf", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    op.create_index(op.f("ix_account_session_account_id"), "account_session", ["account_id"], unique=False)
    op.create_table(
        "broadcast_hold",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_broadcast_hold_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_broadcast_hold")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["message_batch.id"], name=op.f("fk_campaign_batch_id_message_batch")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_campaign_created_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_table(
        "channel_identity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=False),
        sa.Column("address", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_channel_identity_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_identity")),
        sa.UniqueConstraint("channel", "address_key", name=op.f("uq_channel_identity_channel_address_key")),
    )
    op.create_index(op.f("ix_channel_identity_contact_id"), "channel_identity", ["contact_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_consent_contact_id_contact")),
        sa.PrimaryKeyConstraint("contact_id", "topic", name=op.f("pk_consent")),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_consent_event_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index(op.f("ix_consent_event_contact_id"), "consent_event", ["contact_id"], unique=False)
    op.create_table(
        "contact_rule",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("may_write_first", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("until_minute", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_rule_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_rule")),
    )
    op.create_table(
        "message_chunk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("retry_key", sa.Uuid(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["message_batch.id"], name=op.f("fk_message_chunk_batch_id_message_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_chunk")),
    )
    op.create_index(op.f("ix_message_chunk_batch_id"), "message_chunk", ["batch_id"], unique=False)
    op.create_index(
        "ix_message_chunk_open",
        "message_chunk",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_account_id"), "one_time_link", ["account_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "screening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("indicators", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_screening_contact_id_contact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
    )
    op.create_index(op.f("ix_screening_contact_id"), "screening", ["contact_id"], unique=False)
    op.create_index(
        "ix_screening_created_at", "screening", ["created_at"], unique=False, postgresql_using="brin"
    )
    op.create_index("ix_screening_fingerprint", "screening", ["fingerprint", "created_at"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("state", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("last_inbound_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["channel_identity.id"],
            name=op.f("fk_conversation_identity_id_channel_identity"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("identity_id", name=op.f("uq_conversation_identity_id")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("chunk_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("answerable_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parts_done", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("may_be_double", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending','sending','sent','resent','failed','skipped','unknown')",
            name=op.f("ck_message_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["message_batch.id"], name=op.f("fk_message_batch_id_message_batch")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identity.id"], name=op.f("fk_message_identity_id_channel_identity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        "ix_message_batch",
        "message",
        ["batch_id", "state"],
        unique=False,
        postgresql_where=sa.text("batch_id IS NOT NULL"),
    )
    op.create_index(
        "ix_message_chunk",
        "message",
        ["chunk_id"],
        unique=False,
        postgresql_where=sa.text("chunk_id IS NOT NULL"),
    )
    op.create_index(
        "ix_message_content",
        "message",
        ["finished_at"],
        unique=False,
        postgresql_where=sa.text("content IS NOT NULL AND finished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_message_open",
        "message",
        ["identity_id", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'sending') AND batch_id IS NULL"),
    )
    op.create_index(
        "ix_message_waiting",
        "message",
        ["channel", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending' AND batch_id IS NULL"),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("identity_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("receipt_key", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_as", sa.Text(), nullable=True),
        sa.Column("last_entry_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("priority IN ('P0', 'P1', 'P2', 'P3')", name=op.f("ck_referral_known_priority")),
        sa.CheckConstraint(
            "state IN ('open', 'claimed', 'closed', 'cancelled')", name=op.f("ck_referral_known_state")
        ),
        sa.ForeignKeyConstraint(["claimed_by"], ["account.id"], name=op.f("fk_referral_claimed_by_account")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_referral_contact_id_contact")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_referral_data_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"], ["channel_identity.id"], name=op.f("fk_referral_identity_id_channel_identity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("receipt_key", name=op.f("uq_referral_receipt_key")),
    )
    op.create_index(op.f("ix_referral_contact_id"), "referral", ["contact_id"], unique=False)
    op.create_index(
        "ix_referral_ended",
        "referral",
        ["closed_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('closed', 'cancelled')"),
    )
    op.create_index("ix_referral_queue", "referral", ["state", "priority", "opened_at"], unique=False)
    op.create_index(
        "uq_referral_open",
        "referral",
        ["identity_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'claimed')"),
    )
    op.create_table(
        "message_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("chunk_id", sa.Uuid(), nullable=True),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("retry_key", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chunk_id"],
            ["message_chunk.id"],
            name=op.f("fk_message_attempt_chunk_id_message_chunk"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_message_attempt_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_message_attempt_chunk",
        "message_attempt",
        ["chunk_id"],
        unique=False,
        postgresql_where=sa.text("chunk_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_message_attempt_message_id"), "message_attempt", ["message_id"], unique=False)
    op.create_table(
        "referral_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("body", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_entry_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_referral_entry_message_id_message"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_entry_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_entry")),
        sa.UniqueConstraint("event_id", name=op.f("uq_referral_entry_event_id")),
    )
    op.create_index(
        "ix_referral_entry_message",
        "referral_entry",
        ["message_id"],
        unique=False,
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index("ix_referral_entry_thread", "referral_entry", ["referral_id", "id"], unique=False)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    for statement in uninstall_statements():
        op.execute(statement)
    op.drop_index("ix_referral_entry_thread", table_name="referral_entry")
    op.drop_index(
        "ix_referral_entry_message",
        table_name="referral_entry",
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.drop_table("referral_entry")
    op.drop_index(op.f("ix_message_attempt_message_id"), table_name="message_attempt")
    op.drop_index(
        "ix_message_attempt_chunk",
        table_name="message_attempt",
        postgresql_where=sa.text("chunk_id IS NOT NULL"),
    )
    op.drop_table("message_attempt")
    op.drop_index(
        "uq_referral_open", table_name="referral", postgresql_where=sa.text("state IN ('open', 'claimed')")
    )
    op.drop_index("ix_referral_queue", table_name="referral")
    op.drop_index(
        "ix_referral_ended",
        table_name="referral",
        postgresql_where=sa.text("state IN ('closed', 'cancelled')"),
    )
    op.drop_index(op.f("ix_referral_contact_id"), table_name="referral")
    op.drop_table("referral")
    op.drop_index(
        "ix_message_waiting",
        table_name="message",
        postgresql_where=sa.text("state = 'pending' AND batch_id IS NULL"),
    )
    op.drop_index(
        "ix_message_open",
        table_name="message",
        postgresql_where=sa.text("state IN ('pending', 'sending') AND batch_id IS NULL"),
    )
    op.drop_index(
        "ix_message_content",
        table_name="message",
        postgresql_where=sa.text("content IS NOT NULL AND finished_at IS NOT NULL"),
    )
    op.drop_index("ix_message_chunk", table_name="message", postgresql_where=sa.text("chunk_id IS NOT NULL"))
    op.drop_index("ix_message_batch", table_name="message", postgresql_where=sa.text("batch_id IS NOT NULL"))
    op.drop_table("message")
    op.drop_table("conversation")
    op.drop_index("ix_screening_fingerprint", table_name="screening")
    op.drop_index("ix_screening_created_at", table_name="screening", postgresql_using="brin")
    op.drop_index(op.f("ix_screening_contact_id"), table_name="screening")
    op.drop_table("screening")
    op.drop_index(op.f("ix_recovery_code_account_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_one_time_link_account_id"), table_name="one_time_link")
    op.drop_table("one_time_link")
    op.drop_index(
        "ix_message_chunk_open", table_name="message_chunk", postgresql_where=sa.text("done_at IS NULL")
    )
    op.drop_index(op.f("ix_message_chunk_batch_id"), table_name="message_chunk")
    op.drop_table("message_chunk")
    op.drop_table("contact_rule")
    op.drop_index(op.f("ix_consent_event_contact_id"), table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_table("consent")
    op.drop_index(op.f("ix_channel_identity_contact_id"), table_name="channel_identity")
    op.drop_table("channel_identity")
    op.drop_table("campaign")
    op.drop_table("broadcast_hold")
    op.drop_index(op.f("ix_account_session_account_id"), table_name="account_session")
    op.drop_table("account_session")
    op.drop_table("message_batch")
    op.drop_index(
        "ix_inbound_event_open", table_name="inbound_event", postgresql_where=sa.text("handled_at IS NULL")
    )
    op.drop_index(
        "ix_inbound_event_message",
        table_name="inbound_event",
        postgresql_where=sa.text("message_key IS NOT NULL"),
    )
    op.drop_index(
        "ix_inbound_event_body",
        table_name="inbound_event",
        postgresql_where=sa.text("handled_at IS NOT NULL AND body IS NOT NULL"),
    )
    op.drop_table("inbound_event")
    op.drop_table("contact")
    op.drop_table("account")
    op.drop_table("worker_beat")
    op.drop_index("ix_sign_in_attempt_who", table_name="sign_in_attempt")
    op.drop_index("ix_sign_in_attempt_where", table_name="sign_in_attempt")
    op.drop_table("sign_in_attempt")
    op.drop_table("rate_bucket")
    op.drop_table("quota_use")
    op.drop_table("erasure")
    op.drop_index("uq_data_key_name", table_name="data_key", postgresql_where=sa.text("name IS NOT NULL"))
    op.drop_table("data_key")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_object", table_name="audit_event")
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.drop_table("audit_event")
