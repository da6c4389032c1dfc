"""Staff the desk: teams, shifts, clocks, notes, tasks, flags, search, interfaces."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.crypto.boxed

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "breach",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("risk_by", sa.Uuid(), nullable=True),
        sa.Column("risk_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('drill', 'real')", name=op.f("ck_breach_known_kind")),
        sa.CheckConstraint("risk IN ('high', 'not_high')", name=op.f("ck_breach_known_risk")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
    )
    op.create_table(
        "hotline_warning",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", "verified_at", "stage", name=op.f("pk_hotline_warning")),
    )
    op.create_table(
        "retention_tally",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "code", name=op.f("pk_retention_tally")),
    )
    op.create_table(
        "statistics_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("block", sa.LargeBinary(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_statistics_day")),
    )
    op.create_index(op.f("ix_statistics_day_counted_at"), "statistics_day", ["counted_at"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_fallback", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("on_call_after", sa.Integer(), server_default="10", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_index(
        "uq_team_fallback",
        "team",
        ["is_fallback"],
        unique=True,
        postgresql_where=sa.text("is_fallback AND closed_at IS NULL"),
    )
    op.create_table(
        "breach_step",
        sa.Column("breach_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"], name=op.f("fk_breach_step_breach_id_breach")),
        sa.PrimaryKeyConstraint("breach_id", "step", name=op.f("pk_breach_step")),
    )
    op.create_table(
        "address_proof",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("code_key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_address_proof_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "kind", name=op.f("pk_address_proof")),
        sa.UniqueConstraint("code_key", name=op.f("uq_address_proof_code_key")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_duty", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_calendar_day_by_account")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_canned_answer_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
    )
    op.create_table(
        "hotline_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('added', 'edited', 'verified', 'handed', 'withdrawn', 'restored')",
            name=op.f("ck_hotline_version_known_act"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_hotline_version_made_by_account")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_hotline_version_owner_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotline_version")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_hotline_version_key_number")),
    )
    op.create_table(
        "retention_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holds_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR confirmed_by <> asked_by", name=op.f("ck_retention_change_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_retention_change_asked_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["account.id"], name=op.f("fk_retention_change_confirmed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["account.id"], name=op.f("fk_retention_change_withdrawn_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_change")),
    )
    op.create_index("ix_retention_change_code", "retention_change", ["code", "id"], unique=False)
    op.create_index(
        "uq_retention_change_waiting",
        "retention_change",
        ["code"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "routing_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("places", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("priorities", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_routing_rule_created_by_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_routing_rule_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index(op.f("ix_saved_view_account_id"), "saved_view", ["account_id"], unique=False)
    op.create_table(
        "search_pace",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("spent", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_search_pace_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_search_pace")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_call", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shift_shift_in_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_shift_account_id_account")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_shift_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_account_id"), "shift", ["account_id"], unique=False)
    op.create_index("ix_shift_team", "shift", ["team_id", "ends_at"], unique=False)
    op.create_table(
        "staff_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_address_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_address")),
        sa.UniqueConstraint("account_id", "kind", name=op.f("uq_staff_address_account_id_kind")),
    )
    op.create_index(op.f("ix_staff_address_account_id"), "staff_address", ["account_id"], unique=False)
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("leads", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_member_account_id_account")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "account_id", name=op.f("pk_team_member")),
    )
    op.create_index(op.f("ix_team_member_account_id"), "team_member", ["account_id"], unique=False)
    op.create_table(
        "idempotent_call",
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_token.id"], name=op.f("fk_idempotent_call_token_id_api_token")
        ),
        sa.PrimaryKeyConstraint("token_id", "key_hash", name=op.f("pk_idempotent_call")),
    )
    op.create_table(
        "clock_miss",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_clock_miss_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_miss")),
        sa.UniqueConstraint(
            "referral_id", "clock", "due_at", "told", name=op.f("uq_clock_miss_referral_id_clock_due_at_told")
        ),
    )
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("to_account", sa.Uuid(), nullable=True),
        sa.Column("to_team", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_as", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(to_account IS NULL) <> (to_team IS NULL)", name=op.f("ck_hand_over_one_receiver")
        ),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_hand_over_by_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_hand_over_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["to_account"], ["account.id"], name=op.f("fk_hand_over_to_account_account")),
        sa.ForeignKeyConstraint(["to_team"], ["team.id"], name=op.f("fk_hand_over_to_team_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    op.create_index(
        "ix_hand_over_account",
        "hand_over",
        ["to_account"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_hand_over_referral", "hand_over", ["referral_id"], unique=False)
    op.create_index(
        "ix_hand_over_team",
        "hand_over",
        ["to_team"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_hand_over_standing",
        "hand_over",
        ["referral_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "packet_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("with_identity", sa.Boolean(), nullable=False),
        sa.Column("override", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("parts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("redactions", sa.Integer(), nullable=False),
        sa.Column("reason", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("file_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_packet_export_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_packet_export_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet_export")),
    )
    op.create_index(op.f("ix_packet_export_referral_id"), "packet_export", ["referral_id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_presence_account_id_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_presence_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "account_id", name=op.f("pk_presence")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"], unique=False)
    op.create_table(
        "referral_flag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("message", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", core.crypto.boxed.Sealed(), nullable=True),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_referral_flag_by_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_flag_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by"], ["account.id"], name=op.f("fk_referral_flag_resolved_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_flag")),
    )
    op.create_index(
        "ix_referral_flag_open",
        "referral_flag",
        ["referral_id"],
        unique=False,
        postgresql_where=sa.text("resolved_at IS NULL"),
    )
    op.create_index(op.f("ix_referral_flag_referral_id"), "referral_flag", ["referral_id"], unique=False)
    op.create_table(
        "referral_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("body", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "level IN ('citizen', 'partners', 'team', 'me')", name=op.f("ck_referral_note_known_level")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_note_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_note_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_note")),
    )
    op.create_index(op.f("ix_referral_note_referral_id"), "referral_note", ["referral_id"], unique=False)
    op.create_table(
        "referral_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("what", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_referral_task_account_id_account")
        ),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name=op.f("fk_referral_task_done_by_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_referral_task_made_by_account")),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_referral_task_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_task")),
    )
    op.create_index(
        "ix_referral_task_due",
        "referral_task",
        ["account_id", "due_on"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index(op.f("ix_referral_task_referral_id"), "referral_task", ["referral_id"], unique=False)
    op.create_table(
        "report_keeping",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'hold') = (until IS NULL)", name=op.f("ck_report_keeping_hold_without_end")
        ),
        sa.CheckConstraint("kind IN ('hold', 'postponed')", name=op.f("ck_report_keeping_known_kind")),
        sa.ForeignKeyConstraint(["by"], ["account.id"], name=op.f("fk_report_keeping_by_account")),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_report_keeping_ended_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_report_keeping_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_keeping")),
    )
    op.create_index(op.f("ix_report_keeping_referral_id"), "report_keeping", ["referral_id"], unique=False)
    op.create_table(
        "search_term",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("term_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_search_term_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("referral_id", "kind", "term_key", name=op.f("pk_search_term")),
    )
    op.create_index("ix_search_term_key", "search_term", ["term_key", "kind"], unique=False)
    op.create_table(
        "staff_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=True),
        sa.Column("outside", sa.Text(), server_default="none", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_staff_alert_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.id"],
            name=op.f("fk_staff_alert_referral_id_referral"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_alert")),
    )
    op.create_index("ix_staff_alert_account", "staff_alert", ["account_id", "id"], unique=False)
    op.create_index(
        "ix_staff_alert_referral",
        "staff_alert",
        ["referral_id"],
        unique=False,
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )
    op.create_index(
        "ix_staff_alert_unread",
        "staff_alert",
        ["account_id", "id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "alert_post",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="pending", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"],
            ["staff_alert.id"],
            name=op.f("fk_alert_post_alert_id_staff_alert"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alert_id", "kind", name=op.f("pk_alert_post")),
    )
    op.create_index("ix_alert_post_at", "alert_post", ["at"], unique=False)
    op.create_index(
        "ix_alert_post_open",
        "alert_post",
        ["at"],
        unique=False,
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.add_column("account", sa.Column("role_given_by", sa.Uuid(), nullable=True))
    op.add_column("account", sa.Column("openid_subject", sa.Text(), nullable=True))
    op.create_unique_constraint(op.f("uq_account_openid_subject"), "account", ["openid_subject"])
    op.add_column("account_session", sa.Column("device", sa.Text(), server_default="", nullable=False))
    op.add_column("account_session", sa.Column("place_key", sa.LargeBinary(), nullable=True))
    op.drop_index(op.f("ix_audit_event_actor_id"), table_name="audit_event")
    op.create_index(
        "ix_audit_event_actor", "audit_event", ["actor_id", "at", "stream", "number"], unique=False
    )
    op.create_index("ix_audit_event_at", "audit_event", ["at", "stream", "number"], unique=False)
    op.add_column("conversation", sa.Column("tidy_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_conversation_tidy_on",
        "conversation",
        ["tidy_on"],
        unique=False,
        postgresql_where=sa.text("tidy_on IS NOT NULL"),
    )
    op.create_index(
        "ix_data_key_destroyed",
        "data_key",
        ["destroyed_at"],
        unique=False,
        postgresql_where=sa.text("destroyed_at IS NOT NULL AND purpose = 'case'"),
    )
    op.add_column("erasure_request", sa.Column("menus_gone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("unheld_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("awaits_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("team_id", sa.Uuid(), nullable=True))
    op.add_column("referral", sa.Column("title", core.crypto.boxed.Sealed(), nullable=True))
    op.add_column("referral", sa.Column("tags", core.crypto.boxed.Sealed(), nullable=True))
    op.add_column("referral", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("snoozed_for", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("open_flags", sa.Integer(), server_default="0", nullable=False))
    op.add_column("referral", sa.Column("terms_of", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("bot_dialogue", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("closing_as", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("closing_by", sa.Uuid(), nullable=True))
    op.add_column("referral", sa.Column("closing_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("closing_text", core.crypto.boxed.Sealed(), nullable=True))
    op.add_column("referral", sa.Column("follow_up_on", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("kept_for", sa.Text(), nullable=True))
    op.add_column("referral", sa.Column("kept_by", sa.Uuid(), nullable=True))
    op.add_column("referral", sa.Column("words_gone_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(
        op.f("ix_referral_ended"),
        table_name="referral",
        postgresql_where="(state = ANY (ARRAY['closed'::text, 'cancelled'::text]))",
    )
    op.create_index(
        "ix_referral_ended",
        "referral",
        ["closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('closed', 'cancelled')"),
    )
    op.drop_index(op.f("ix_referral_queue"), table_name="referral")
    op.create_index("ix_referral_queue", "referral", ["state", "priority", "opened_at", "id"], unique=False)
    op.create_index(
        "ix_referral_awaits",
        "referral",
        ["priority", "awaits_since"],
        unique=False,
        postgresql_where=sa.text("state = 'claimed' AND awaits_since IS NOT NULL"),
    )
    op.create_index(
        "ix_referral_bot",
        "referral",
        ["priority", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("bot_dialogue IS NOT NULL AND state IN ('open', 'claimed')"),
    )
    op.create_index(
        "ix_referral_data_key",
        "referral",
        ["data_key_id"],
        unique=False,
        postgresql_where=sa.text("words_gone_at IS NULL"),
    )
    op.create_index(
        "ix_referral_flagged",
        "referral",
        ["priority", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("open_flags > 0"),
    )
    op.create_index(
        "ix_referral_held",
        "referral",
        ["claimed_by", "priority", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "ix_referral_kept",
        "referral",
        ["closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL AND words_gone_at IS NULL"),
    )
    op.create_index(
        "ix_referral_kept_for",
        "referral",
        ["kept_for"],
        unique=False,
        postgresql_where=sa.text("kept_for IS NOT NULL"),
    )
    op.create_index("ix_referral_opened", "referral", ["opened_at"], unique=False)
    op.create_index(
        "ix_referral_snoozed",
        "referral",
        ["priority", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("snoozed_until IS NOT NULL AND state = 'claimed'"),
    )
    op.create_index(
        "ix_referral_team",
        "referral",
        ["team_id", "priority", "opened_at", "id"],
        unique=False,
        postgresql_where=sa.text("state IN ('open', 'claimed')"),
    )
    op.create_index(
        "ix_referral_terms_due",
        "referral",
        ["last_entry_at"],
        unique=False,
        postgresql_where=sa.text("terms_of IS DISTINCT FROM last_entry_at"),
    )
    op.create_foreign_key(op.f("fk_referral_team_id_team"), "referral", "team", ["team_id"], ["id"])
    op.create_foreign_key(op.f("fk_referral_kept_by_account"), "referral", "account", ["kept_by"], ["id"])
    op.create_foreign_key(
        op.f("fk_referral_closing_by_account"), "referral", "account", ["closing_by"], ["id"]
    )
    op.add_column("reported_handle", sa.Column("proposed_by", sa.Uuid(), nullable=True))
    op.add_column("reported_handle", sa.Column("grounds", sa.Text(), nullable=True))
    op.add_column("reported_handle", sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_reported_handle_proposed_by_account"), "reported_handle", "account", ["proposed_by"], ["id"]
    )
    op.add_column("sign_in_attempt", sa.Column("account_key", sa.LargeBinary(), nullable=True))
    op.create_index("ix_sign_in_attempt_account", "sign_in_attempt", ["account_key", "at"], unique=False)
    op.add_column("wave", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("wave", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.add_column("wave", sa.Column("merged_by", sa.Uuid(), nullable=True))
    op.add_column("wave", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_wave_merged",
        "wave",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_foreign_key(op.f("fk_wave_merged_by_account"), "wave", "account", ["merged_by"], ["id"])
    op.create_foreign_key(
        op.f("fk_wave_merged_into_wave"), "wave", "wave", ["merged_into"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_constraint(op.f("fk_wave_merged_into_wave"), "wave", type_="foreignkey")
    op.drop_constraint(op.f("fk_wave_merged_by_account"), "wave", type_="foreignkey")
    op.drop_index("ix_wave_merged", table_name="wave", postgresql_where=sa.text("merged_into IS NOT NULL"))
    op.drop_column("wave", "merged_at")
    op.drop_column("wave", "merged_by")
    op.drop_column("wave", "merged_into")
    op.drop_column("wave", "name")
    op.drop_index("ix_sign_in_attempt_account", table_name="sign_in_attempt")
    op.drop_column("sign_in_attempt", "account_key")
    op.drop_constraint(op.f("fk_reported_handle_proposed_by_account"), "reported_handle", type_="foreignkey")
    op.drop_column("reported_handle", "proposed_at")
    op.drop_column("reported_handle", "grounds")
    op.drop_column("reported_handle", "proposed_by")
    op.drop_constraint(op.f("fk_referral_closing_by_account"), "referral", type_="foreignkey")
    op.drop_constraint(op.f("fk_referral_kept_by_account"), "referral", type_="foreignkey")
    op.drop_constraint(op.f("fk_referral_team_id_team"), "referral", type_="foreignkey")
    op.drop_index(
        "ix_referral_terms_due",
        table_name="referral",
        postgresql_where=sa.text("terms_of IS DISTINCT FROM last_entry_at"),
    )
    op.drop_index(
        "ix_referral_team", table_name="referral", postgresql_where=sa.text("state IN ('open', 'claimed')")
    )
    op.drop_index(
        "ix_referral_snoozed",
        table_name="referral",
        postgresql_where=sa.text("snoozed_until IS NOT NULL AND state = 'claimed'"),
    )
    op.drop_index("ix_referral_opened", table_name="referral")
    op.drop_index(
        "ix_referral_kept_for", table_name="referral", postgresql_where=sa.text("kept_for IS NOT NULL")
    )
    op.drop_index(
        "ix_referral_kept",
        table_name="referral",
        postgresql_where=sa.text("closed_at IS NOT NULL AND words_gone_at IS NULL"),
    )
    op.drop_index("ix_referral_held", table_name="referral", postgresql_where=sa.text("state = 'claimed'"))
    op.drop_index("ix_referral_flagged", table_name="referral", postgresql_where=sa.text("open_flags > 0"))
    op.drop_index(
        "ix_referral_data_key", table_name="referral", postgresql_where=sa.text("words_gone_at IS NULL")
    )
    op.drop_index(
        "ix_referral_bot",
        table_name="referral",
        postgresql_where=sa.text("bot_dialogue IS NOT NULL AND state IN ('open', 'claimed')"),
    )
    op.drop_index(
        "ix_referral_awaits",
        table_name="referral",
        postgresql_where=sa.text("state = 'claimed' AND awaits_since IS NOT NULL"),
    )
    op.drop_index("ix_referral_queue", table_name="referral")
    op.create_index(op.f("ix_referral_queue"), "referral", ["state", "priority", "opened_at"], unique=False)
    op.drop_index(
        "ix_referral_ended",
        table_name="referral",
        postgresql_where=sa.text("state IN ('closed', 'cancelled')"),
    )
    op.create_index(
        op.f("ix_referral_ended"),
        "referral",
        ["closed_at"],
        unique=False,
        postgresql_where="(state = ANY (ARRAY['closed'::text, 'cancelled'::text]))",
    )
    op.drop_column("referral", "words_gone_at")
    op.drop_column("referral", "kept_by")
    op.drop_column("referral", "kept_for")
    op.drop_column("referral", "kept_until")
    op.drop_column("referral", "follow_up_on")
    op.drop_column("referral", "closing_text")
    op.drop_column("referral", "closing_at")
    op.drop_column("referral", "closing_by")
    op.drop_column("referral", "closing_as")
    op.drop_column("referral", "bot_dialogue")
    op.drop_column("referral", "terms_of")
    op.drop_column("referral", "open_flags")
    op.drop_column("referral", "snoozed_for")
    op.drop_column("referral", "snoozed_until")
    op.drop_column("referral", "tags")
    op.drop_column("referral", "title")
    op.drop_column("referral", "team_id")
    op.drop_column("referral", "awaits_since")
    op.drop_column("referral", "unheld_since")
    op.drop_column("erasure_request", "menus_gone_at")
    op.drop_index(
        "ix_data_key_destroyed",
        table_name="data_key",
        postgresql_where=sa.text("destroyed_at IS NOT NULL AND purpose = 'case'"),
    )
    op.drop_index(
        "ix_conversation_tidy_on", table_name="conversation", postgresql_where=sa.text("tidy_on IS NOT NULL")
    )
    op.drop_column("conversation", "tidy_on")
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.drop_index("ix_audit_event_actor", table_name="audit_event")
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"], unique=False)
    op.drop_column("account_session", "place_key")
    op.drop_column("account_session", "device")
    op.drop_constraint(op.f("uq_account_openid_subject"), "account", type_="unique")
    op.drop_column("account", "openid_subject")
    op.drop_column("account", "role_given_by")
    op.drop_index(
        "ix_alert_post_open",
        table_name="alert_post",
        postgresql_where=sa.text("state IN ('pending', 'sending')"),
    )
    op.drop_index("ix_alert_post_at", table_name="alert_post")
    op.drop_table("alert_post")
    op.drop_index(
        "ix_staff_alert_unread", table_name="staff_alert", postgresql_where=sa.text("read_at IS NULL")
    )
    op.drop_index(
        "ix_staff_alert_referral",
        table_name="staff_alert",
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )
    op.drop_index("ix_staff_alert_account", table_name="staff_alert")
    op.drop_table("staff_alert")
    op.drop_index("ix_search_term_key", table_name="search_term")
    op.drop_table("search_term")
    op.drop_index(op.f("ix_report_keeping_referral_id"), table_name="report_keeping")
    op.drop_table("report_keeping")
    op.drop_index(op.f("ix_referral_task_referral_id"), table_name="referral_task")
    op.drop_index(
        "ix_referral_task_due", table_name="referral_task", postgresql_where=sa.text("done_at IS NULL")
    )
    op.drop_table("referral_task")
    op.drop_index(op.f("ix_referral_note_referral_id"), table_name="referral_note")
    op.drop_table("referral_note")
    op.drop_index(op.f("ix_referral_flag_referral_id"), table_name="referral_flag")
    op.drop_index(
        "ix_referral_flag_open", table_name="referral_flag", postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.drop_table("referral_flag")
    op.drop_index(op.f("ix_presence_seen_at"), table_name="presence")
    op.drop_table("presence")
    op.drop_index(op.f("ix_packet_export_referral_id"), table_name="packet_export")
    op.drop_table("packet_export")
    op.drop_index(
        "uq_hand_over_standing", table_name="hand_over", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_index("ix_hand_over_team", table_name="hand_over", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_hand_over_referral", table_name="hand_over")
    op.drop_index(
        "ix_hand_over_account", table_name="hand_over", postgresql_where=sa.text("ended_at IS NULL")
    )
    op.drop_table("hand_over")
    op.drop_table("clock_miss")
    op.drop_table("idempotent_call")
    op.drop_index(op.f("ix_team_member_account_id"), table_name="team_member")
    op.drop_table("team_member")
    op.drop_index(op.f("ix_staff_address_account_id"), table_name="staff_address")
    op.drop_table("staff_address")
    op.drop_index("ix_shift_team", table_name="shift")
    op.drop_index(op.f("ix_shift_account_id"), table_name="shift")
    op.drop_table("shift")
    op.drop_table("search_pace")
    op.drop_index(op.f("ix_saved_view_account_id"), table_name="saved_view")
    op.drop_table("saved_view")
    op.drop_table("routing_rule")
    op.drop_index(
        "uq_retention_change_waiting",
        table_name="retention_change",
        postgresql_where=sa.text("confirmed_at IS NULL AND withdrawn_at IS NULL"),
    )
    op.drop_index("ix_retention_change_code", table_name="retention_change")
    op.drop_table("retention_change")
    op.drop_table("hotline_version")
    op.drop_table("canned_answer")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_api_token_account_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("address_proof")
    op.drop_table("breach_step")
    op.drop_index(
        "uq_team_fallback", table_name="team", postgresql_where=sa.text("is_fallback AND closed_at IS NULL")
    )
    op.drop_table("team")
    op.drop_index(op.f("ix_statistics_day_counted_at"), table_name="statistics_day")
    op.drop_table("statistics_day")
    op.drop_table("retention_tally")
    op.drop_table("hotline_warning")
    op.drop_table("breach")
