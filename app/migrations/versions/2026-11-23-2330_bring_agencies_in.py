"""Bring agencies in: who they are, what was referred to them, the five tracks of a case, and money ordered and paid."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.crypto.boxed

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "yearly_count",
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("as_of", "year", name=op.f("pk_yearly_count")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("answers_within", sa.Integer(), server_default="24", nullable=False),
        sa.Column("opens_minute", sa.Integer(), server_default="510", nullable=False),
        sa.Column("closes_minute", sa.Integer(), server_default="990", nullable=False),
        sa.Column(
            "weekdays", postgresql.ARRAY(sa.SmallInteger()), server_default="{0,1,2,3,4}", nullable=False
        ),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("basis_until", sa.Date(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answers_within > 0", name=op.f("ck_agency_answers_within_some_time")),
        sa.CheckConstraint(
            "opens_minute >= 0 AND closes_minute <= 1440", name=op.f("ck_agency_minutes_of_a_day")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_agency_created_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    op.create_table(
        "agency_hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("address", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("secret", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_for", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_hook_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_agency_hook_created_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_key.id"], name=op.f("fk_agency_hook_data_key_id_data_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_hook")),
    )
    op.create_index(op.f("ix_agency_hook_agency_id"), "agency_hook", ["agency_id"], unique=False)
    op.create_table(
        "agency_officer",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agency_officer_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_officer_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["named_by"], ["account.id"], name=op.f("fk_agency_officer_named_by_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_agency_officer")),
    )
    op.create_index(op.f("ix_agency_officer_agency_id"), "agency_officer", ["agency_id"], unique=False)
    op.create_table(
        "agency_pairing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=True),
        sa.Column("taker_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("giver_id IS DISTINCT FROM taker_id", name=op.f("ck_agency_pairing_two_sides")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_agency_pairing_created_by_account")
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["agency.id"], name=op.f("fk_agency_pairing_giver_id_agency")),
        sa.ForeignKeyConstraint(["taker_id"], ["agency.id"], name=op.f("fk_agency_pairing_taker_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_pairing")),
    )
    op.create_index(
        "uq_agency_pairing",
        "agency_pairing",
        ["giver_id", "taker_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "agency_program",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_program_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_agency_program_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_program")),
        sa.UniqueConstraint("client_id", name=op.f("uq_agency_program_client_id")),
    )
    op.create_index(op.f("ix_agency_program_agency_id"), "agency_program", ["agency_id"], unique=False)
    op.create_table(
        "agency_referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("shared", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("note", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("override_reason", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("identity", sa.Text(), server_default="withheld", nullable=False),
        sa.Column("identity_reason", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("identity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("identity_by", sa.Uuid(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_note", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("next_agency_id", sa.Uuid(), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("citizen_text", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "identity IN ('withheld','asked','given','refused')",
            name=op.f("ck_agency_referral_known_identity"),
        ),
        sa.CheckConstraint(
            "state IN ('sent','acknowledged','accepted','in_service','done','declined','expired','recalled')",
            name=op.f("ck_agency_referral_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["after_id"], ["agency_referral.id"], name=op.f("fk_agency_referral_after_id_agency_referral")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_agency_referral_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_agency_referral_answered_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["identity_by"], ["account.id"], name=op.f("fk_agency_referral_identity_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["next_agency_id"], ["agency.id"], name=op.f("fk_agency_referral_next_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_agency_referral_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sent_by"], ["account.id"], name=op.f("fk_agency_referral_sent_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_referral")),
    )
    op.create_index(
        "ix_agency_referral_after",
        "agency_referral",
        ["after_id"],
        unique=False,
        postgresql_where=sa.text("after_id IS NOT NULL"),
    )
    op.create_index("ix_agency_referral_case", "agency_referral", ["referral_id", "id"], unique=False)
    op.create_index(
        "ix_agency_referral_due",
        "agency_referral",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('sent', 'acknowledged')"),
    )
    op.create_index(
        "ix_agency_referral_inbox", "agency_referral", ["agency_id", "state", "sent_at", "id"], unique=False
    )
    op.create_index(
        "uq_agency_referral_pending",
        "agency_referral",
        ["referral_id", "agency_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('sent', 'acknowledged')"),
    )
    op.create_table(
        "case_person",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("age_band", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("sex", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("nationality", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("forms", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_case_person_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "number", name=op.f("pk_case_person")),
    )
    op.create_table(
        "case_standing",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("victim", sa.Text(), nullable=True),
        sa.Column("prosecution", sa.Text(), nullable=True),
        sa.Column("compensation", sa.Text(), nullable=True),
        sa.Column("disputes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ordered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("confirmed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("owed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("final_on", sa.Date(), nullable=True),
        sa.Column("last_paid_on", sa.Date(), nullable=True),
        sa.Column("next_clock", sa.Text(), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_case_standing_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_case_standing")),
    )
    op.create_index(
        "ix_case_standing_disputes",
        "case_standing",
        ["referral_id"],
        unique=False,
        postgresql_where=sa.text("disputes > 0"),
    )
    op.create_index(
        "ix_case_standing_due",
        "case_standing",
        ["next_due_at"],
        unique=False,
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_case_standing_largest",
        "case_standing",
        ["owed", "referral_id"],
        unique=False,
        postgresql_where=sa.text("owed > 0"),
    )
    op.create_index(
        "ix_case_standing_oldest",
        "case_standing",
        ["ordered_on", "referral_id"],
        unique=False,
        postgresql_where=sa.text("owed > 0"),
    )
    op.create_table(
        "program_call",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["agency_program.id"],
            name=op.f("fk_program_call_program_id_agency_program"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("program_id", "key_hash", name=op.f("pk_program_call")),
    )
    op.create_index(op.f("ix_program_call_at"), "program_call", ["at"], unique=False)
    op.create_table(
        "program_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["agency_program.id"],
            name=op.f("fk_program_token_program_id_agency_program"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_program_token")),
    )
    op.create_index(op.f("ix_program_token_expires_at"), "program_token", ["expires_at"], unique=False)
    op.create_index(op.f("ix_program_token_program_id"), "program_token", ["program_id"], unique=False)
    op.create_table(
        "agency_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_referral_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("name", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agency_file_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agency_referral_id"],
            ["agency_referral.id"],
            name=op.f("fk_agency_file_agency_referral_id_agency_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_agency_file_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_file")),
    )
    op.create_index(
        op.f("ix_agency_file_agency_referral_id"), "agency_file", ["agency_referral_id"], unique=False
    )
    op.create_index(op.f("ix_agency_file_referral_id"), "agency_file", ["referral_id"], unique=False)
    op.create_table(
        "agency_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_referral_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("body", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_agency_message_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["agency_referral_id"],
            ["agency_referral.id"],
            name=op.f("fk_agency_message_agency_referral_id_agency_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["agency_program.id"], name=op.f("fk_agency_message_program_id_agency_program")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_agency_message_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_message")),
    )
    op.create_index(op.f("ix_agency_message_referral_id"), "agency_message", ["referral_id"], unique=False)
    op.create_index("ix_agency_message_thread", "agency_message", ["agency_referral_id", "id"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("person", sa.SmallInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_referral_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("program_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("outside_key", sa.LargeBinary(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("same_as_id", sa.Uuid(), nullable=True),
        sa.Column("is_disputed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("stands", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("fund", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("people", sa.SmallInteger(), nullable=True),
        sa.Column("months", sa.SmallInteger(), nullable=True),
        sa.Column("details", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("note", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("names_somebody", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_case_event_amount_not_negative")),
        sa.ForeignKeyConstraint(
            ["about_id"], ["case_event.id"], name=op.f("fk_case_event_about_id_case_event")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_case_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_event_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["agency_referral_id"],
            ["agency_referral.id"],
            name=op.f("fk_case_event_agency_referral_id_agency_referral"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["agency_program.id"], name=op.f("fk_case_event_program_id_agency_program")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_case_event_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["case_event.id"], name=op.f("fk_case_event_reverses_id_case_event")
        ),
        sa.ForeignKeyConstraint(
            ["same_as_id"], ["case_event.id"], name=op.f("fk_case_event_same_as_id_case_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index(
        "ix_case_event_about",
        "case_event",
        ["about_id"],
        unique=False,
        postgresql_where=sa.text("about_id IS NOT NULL"),
    )
    op.create_index(
        "ix_case_event_agency_referral",
        "case_event",
        ["agency_referral_id"],
        unique=False,
        postgresql_where=sa.text("agency_referral_id IS NOT NULL"),
    )
    op.create_index("ix_case_event_case", "case_event", ["referral_id", "id"], unique=False)
    op.create_index(
        "ix_case_event_same_as",
        "case_event",
        ["same_as_id"],
        unique=False,
        postgresql_where=sa.text("same_as_id IS NOT NULL"),
    )
    op.create_index("ix_case_event_year", "case_event", ["track", "step", "happened_on"], unique=False)
    op.create_index("uq_case_event_outside", "case_event", ["outside_key"], unique=True)
    op.create_index("uq_case_event_reverses", "case_event", ["reverses_id"], unique=True)
    op.create_table(
        "packet_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_referral_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("address_key", sa.LargeBinary(), nullable=False),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.Column("content", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_for", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_referral_id"],
            ["agency_referral.id"],
            name=op.f("fk_packet_link_agency_referral_id_agency_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_packet_link_made_by_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_packet_link_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet_link")),
        sa.UniqueConstraint("address_key", name=op.f("uq_packet_link_address_key")),
    )
    op.create_index(
        op.f("ix_packet_link_agency_referral_id"), "packet_link", ["agency_referral_id"], unique=False
    )
    op.create_index(op.f("ix_packet_link_expires_at"), "packet_link", ["expires_at"], unique=False)
    op.create_index(op.f("ix_packet_link_referral_id"), "packet_link", ["referral_id"], unique=False)
    op.create_table(
        "hook_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hook_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency_referral_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_referral_id"],
            ["agency_referral.id"],
            name=op.f("fk_hook_call_agency_referral_id_agency_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["case_event.id"], name=op.f("fk_hook_call_event_id_case_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hook_id"], ["agency_hook.id"], name=op.f("fk_hook_call_hook_id_agency_hook"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_call")),
    )
    op.create_index(
        "ix_hook_call_due",
        "hook_call",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_hook_call_event", "hook_call", ["event_id"], unique=False)
    op.create_index("ix_hook_call_hook", "hook_call", ["hook_id", "id"], unique=False)
    op.create_index("ix_hook_call_referral", "hook_call", ["agency_referral_id"], unique=False)
    op.create_table(
        "track_alarm",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["case_event.id"],
            name=op.f("fk_track_alarm_event_id_case_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_track_alarm_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_alarm")),
        sa.UniqueConstraint(
            "referral_id",
            "clock",
            "event_id",
            "due_at",
            name=op.f("uq_track_alarm_referral_id_clock_event_id_due_at"),
        ),
    )
    op.create_index("ix_track_alarm_event", "track_alarm", ["event_id"], unique=False)
    op.create_index(
        "ix_track_alarm_open",
        "track_alarm",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.alter_column("report_keeping", "by", existing_type=sa.UUID(), nullable=True)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.alter_column("report_keeping", "by", existing_type=sa.UUID(), nullable=False)
    op.drop_index(
        "ix_track_alarm_open", table_name="track_alarm", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_track_alarm_event", table_name="track_alarm")
    op.drop_table("track_alarm")
    op.drop_index("ix_hook_call_referral", table_name="hook_call")
    op.drop_index("ix_hook_call_hook", table_name="hook_call")
    op.drop_index("ix_hook_call_event", table_name="hook_call")
    op.drop_index("ix_hook_call_due", table_name="hook_call", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_table("hook_call")
    op.drop_index(op.f("ix_packet_link_referral_id"), table_name="packet_link")
    op.drop_index(op.f("ix_packet_link_expires_at"), table_name="packet_link")
    op.drop_index(op.f("ix_packet_link_agency_referral_id"), table_name="packet_link")
    op.drop_table("packet_link")
    op.drop_index("uq_case_event_reverses", table_name="case_event")
    op.drop_index("uq_case_event_outside", table_name="case_event")
    op.drop_index("ix_case_event_year", table_name="case_event")
    op.drop_index(
        "ix_case_event_same_as", table_name="case_event", postgresql_where=sa.text("same_as_id IS NOT NULL")
    )
    op.drop_index("ix_case_event_case", table_name="case_event")
    op.drop_index(
        "ix_case_event_agency_referral",
        table_name="case_event",
        postgresql_where=sa.text("agency_referral_id IS NOT NULL"),
    )
    op.drop_index(
        "ix_case_event_about", table_name="case_event", postgresql_where=sa.text("about_id IS NOT NULL")
    )
    op.drop_table("case_event")
    op.drop_index("ix_agency_message_thread", table_name="agency_message")
    op.drop_index(op.f("ix_agency_message_referral_id"), table_name="agency_message")
    op.drop_table("agency_message")
    op.drop_index(op.f("ix_agency_file_referral_id"), table_name="agency_file")
    op.drop_index(op.f("ix_agency_file_agency_referral_id"), table_name="agency_file")
    op.drop_table("agency_file")
    op.drop_index(op.f("ix_program_token_program_id"), table_name="program_token")
    op.drop_index(op.f("ix_program_token_expires_at"), table_name="program_token")
    op.drop_table("program_token")
    op.drop_index(op.f("ix_program_call_at"), table_name="program_call")
    op.drop_table("program_call")
    op.drop_index("ix_case_standing_oldest", table_name="case_standing", postgresql_where=sa.text("owed > 0"))
    op.drop_index(
        "ix_case_standing_largest", table_name="case_standing", postgresql_where=sa.text("owed > 0")
    )
    op.drop_index(
        "ix_case_standing_due",
        table_name="case_standing",
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_case_standing_disputes", table_name="case_standing", postgresql_where=sa.text("disputes > 0")
    )
    op.drop_table("case_standing")
    op.drop_table("case_person")
    op.drop_index(
        "uq_agency_referral_pending",
        table_name="agency_referral",
        postgresql_where=sa.text("state IN ('sent', 'acknowledged')"),
    )
    op.drop_index("ix_agency_referral_inbox", table_name="agency_referral")
    op.drop_index(
        "ix_agency_referral_due",
        table_name="agency_referral",
        postgresql_where=sa.text("state IN ('sent', 'acknowledged')"),
    )
    op.drop_index("ix_agency_referral_case", table_name="agency_referral")
    op.drop_index(
        "ix_agency_referral_after",
        table_name="agency_referral",
        postgresql_where=sa.text("after_id IS NOT NULL"),
    )
    op.drop_table("agency_referral")
    op.drop_index(op.f("ix_agency_program_agency_id"), table_name="agency_program")
    op.drop_table("agency_program")
    op.drop_index(
        "uq_agency_pairing",
        table_name="agency_pairing",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("agency_pairing")
    op.drop_index(op.f("ix_agency_officer_agency_id"), table_name="agency_officer")
    op.drop_table("agency_officer")
    op.drop_index(op.f("ix_agency_hook_agency_id"), table_name="agency_hook")
    op.drop_table("agency_hook")
    op.drop_table("agency")
    op.drop_table("yearly_count")
