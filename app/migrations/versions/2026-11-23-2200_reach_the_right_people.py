"""Reach the right people: plans of campaigns, who agreed to them, each run, who belongs to it, what came of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import core.crypto.boxed

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "unit_figure",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("impressions", sa.Integer(), nullable=True),
        sa.Column("clicks", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("unit", name=op.f("pk_unit_figure")),
    )
    op.create_table(
        "campaign_media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alt_th", sa.Text(), nullable=False),
        sa.Column("alt_en", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("preview", sa.LargeBinary(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_campaign_media_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_media")),
        sa.UniqueConstraint("key", name=op.f("uq_campaign_media_key")),
    )
    op.create_table(
        "contact_tag",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_tag_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", "tag", name=op.f("pk_contact_tag")),
    )
    op.create_index("ix_contact_tag_tag", "contact_tag", ["tag"], unique=False)
    op.create_table(
        "contact_trait",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("province", sa.Text(), nullable=True),
        sa.Column("name", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_contact_trait_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_contact_trait")),
    )
    op.create_index("ix_contact_trait_province", "contact_trait", ["province"], unique=False)
    op.create_table(
        "list_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_list_import_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_import")),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_segment_created_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("name", name=op.f("uq_segment_name")),
    )
    op.create_table(
        "campaign_answer",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_answer_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_campaign_answer_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("contact_id", "campaign_id", "question", name=op.f("pk_campaign_answer")),
    )
    op.create_index(
        "ix_campaign_answer_campaign", "campaign_answer", ["campaign_id", "question"], unique=False
    )
    op.create_table(
        "campaign_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("plan_hash", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('submitted','approved','returned')", name=op.f("ck_campaign_approval_known_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_campaign_approval_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_approval_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_approval")),
        sa.UniqueConstraint(
            "campaign_id",
            "revision",
            "account_id",
            "verdict",
            name=op.f("uq_campaign_approval_campaign_id_revision_account_id_verdict"),
        ),
    )
    op.create_table(
        "campaign_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_link_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_link")),
        sa.UniqueConstraint("slug", name=op.f("uq_campaign_link_slug")),
    )
    op.create_index(op.f("ix_campaign_link_campaign_id"), "campaign_link", ["campaign_id"], unique=False)
    op.create_table(
        "campaign_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan_hash", sa.LargeBinary(), nullable=False),
        sa.Column("intended", sa.Integer(), server_default="0", nullable=False),
        sa.Column("holdout", sa.Integer(), server_default="0", nullable=False),
        sa.Column("weekly_cap", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('due','frozen','sending','paused','done','cancelled','expired')",
            name=op.f("ck_campaign_run_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_run_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_run")),
        sa.UniqueConstraint(
            "campaign_id", "step", "due_at", name=op.f("uq_campaign_run_campaign_id_step_due_at")
        ),
    )
    op.create_index(
        "ix_campaign_run_going",
        "campaign_run",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('due', 'frozen', 'sending', 'paused')"),
    )
    op.create_table(
        "campaign_test",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('line', 'telegram')", name=op.f("ck_campaign_test_known_kind")),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_campaign_test_known_state"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_campaign_test_account_id_account")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name=op.f("fk_campaign_test_asked_by_account")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_test_campaign_id_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_test")),
    )
    op.create_index(op.f("ix_campaign_test_campaign_id"), "campaign_test", ["campaign_id"], unique=False)
    op.create_index("ix_campaign_test_pace", "campaign_test", ["asked_by", "asked_at"], unique=False)
    op.create_table(
        "drip_start",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("steps_done", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_drip_start_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_drip_start_contact_id_contact")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "contact_id", name=op.f("pk_drip_start")),
    )
    op.create_index("ix_drip_start_contact", "drip_start", ["contact_id"], unique=False)
    op.create_table(
        "entry_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("keyword", sa.Text(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_entry_point_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_entry_point_created_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_point")),
        sa.UniqueConstraint("code", name=op.f("uq_entry_point_code")),
    )
    op.create_index(op.f("ix_entry_point_campaign_id"), "entry_point", ["campaign_id"], unique=False)
    op.create_index(
        "uq_entry_point_open_keyword",
        "entry_point",
        ["keyword"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "campaign_member",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_campaign_member_contact_id_contact")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["campaign_run.id"], name=op.f("fk_campaign_member_run_id_campaign_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "contact_id", name=op.f("pk_campaign_member")),
    )
    op.create_index("ix_campaign_member_contact", "campaign_member", ["contact_id"], unique=False)
    op.create_table(
        "campaign_part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("of_rest", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["message_batch.id"], name=op.f("fk_campaign_part_batch_id_message_batch")
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["campaign_run.id"], name=op.f("fk_campaign_part_run_id_campaign_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_part")),
        sa.UniqueConstraint("batch_id", name=op.f("uq_campaign_part_batch_id")),
    )
    op.create_index(op.f("ix_campaign_part_run_id"), "campaign_part", ["run_id"], unique=False)
    op.create_table(
        "entry_day",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry_point.id"], name=op.f("fk_entry_day_entry_id_entry_point")
        ),
        sa.PrimaryKeyConstraint("entry_id", "day", name=op.f("pk_entry_day")),
    )
    op.create_table(
        "link_day",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["campaign_link.id"], name=op.f("fk_link_day_link_id_campaign_link")
        ),
        sa.PrimaryKeyConstraint("link_id", "day", name=op.f("pk_link_day")),
    )
    op.add_column("campaign", sa.Column("state", sa.Text(), server_default="draft", nullable=False))
    op.add_column("campaign", sa.Column("subject", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "campaign",
        sa.Column(
            "plan",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
    )
    op.add_column("campaign", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("campaign", sa.Column("plan_hash", sa.LargeBinary(), nullable=True))
    op.add_column("campaign", sa.Column("origin", sa.Text(), server_default="", nullable=False))
    op.add_column("campaign", sa.Column("emergency_reason", sa.Text(), nullable=True))
    op.add_column("campaign", sa.Column("emergency_by", sa.Uuid(), nullable=True))
    op.add_column("campaign", sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("campaign", sa.Column("changed_by", sa.Uuid(), nullable=True))
    op.add_column("campaign", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.alter_column("campaign", "batch_id", existing_type=sa.UUID(), nullable=True)
    op.create_index("ix_campaign_state", "campaign", ["state", "created_at"], unique=False)
    op.create_foreign_key(
        op.f("fk_campaign_changed_by_account"), "campaign", "account", ["changed_by"], ["id"]
    )
    op.add_column("message_batch", sa.Column("unit", sa.Text(), nullable=True))
    op.add_column(
        "message_batch", sa.Column("silent", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column(
        "message_batch", sa.Column("any_hour", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("message_batch", sa.Column("halted", sa.Text(), nullable=True))
    op.add_column(
        "message_chunk", sa.Column("members", sa.SmallInteger(), server_default="0", nullable=False)
    )

    # What was started before plans were kept has only its batch; it is over, or ends by itself tonight.
    op.execute("UPDATE campaign SET state = 'done' WHERE batch_id IS NOT NULL")
    op.create_check_constraint(
        "known_state",
        "campaign",
        "state IN ('draft','submitted','approved','scheduled','running','paused','done','cancelled','expired')",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.drop_column("message_chunk", "members")
    op.drop_column("message_batch", "halted")
    op.drop_column("message_batch", "any_hour")
    op.drop_column("message_batch", "silent")
    op.drop_column("message_batch", "unit")
    op.drop_constraint(op.f("fk_campaign_changed_by_account"), "campaign", type_="foreignkey")
    op.drop_index("ix_campaign_state", table_name="campaign")
    op.alter_column("campaign", "batch_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("campaign", "changed_at")
    op.drop_column("campaign", "changed_by")
    op.drop_column("campaign", "scheduled_at")
    op.drop_column("campaign", "emergency_by")
    op.drop_column("campaign", "emergency_reason")
    op.drop_column("campaign", "origin")
    op.drop_column("campaign", "plan_hash")
    op.drop_column("campaign", "revision")
    op.drop_column("campaign", "plan")
    op.drop_column("campaign", "subject")
    op.drop_column("campaign", "state")
    op.drop_table("link_day")
    op.drop_table("entry_day")
    op.drop_index(op.f("ix_campaign_part_run_id"), table_name="campaign_part")
    op.drop_table("campaign_part")
    op.drop_index("ix_campaign_member_contact", table_name="campaign_member")
    op.drop_table("campaign_member")
    op.drop_index(
        "uq_entry_point_open_keyword", table_name="entry_point", postgresql_where=sa.text("closed_at IS NULL")
    )
    op.drop_index(op.f("ix_entry_point_campaign_id"), table_name="entry_point")
    op.drop_table("entry_point")
    op.drop_index("ix_drip_start_contact", table_name="drip_start")
    op.drop_table("drip_start")
    op.drop_index("ix_campaign_test_pace", table_name="campaign_test")
    op.drop_index(op.f("ix_campaign_test_campaign_id"), table_name="campaign_test")
    op.drop_table("campaign_test")
    op.drop_index(
        "ix_campaign_run_going",
        table_name="campaign_run",
        postgresql_where=sa.text("state IN ('due', 'frozen', 'sending', 'paused')"),
    )
    op.drop_table("campaign_run")
    op.drop_index(op.f("ix_campaign_link_campaign_id"), table_name="campaign_link")
    op.drop_table("campaign_link")
    op.drop_table("campaign_approval")
    op.drop_index("ix_campaign_answer_campaign", table_name="campaign_answer")
    op.drop_table("campaign_answer")
    op.drop_table("segment")
    op.drop_table("list_import")
    op.drop_index("ix_contact_trait_province", table_name="contact_trait")
    op.drop_table("contact_trait")
    op.drop_index("ix_contact_tag_tag", table_name="contact_tag")
    op.drop_table("contact_tag")
    op.drop_table("campaign_media")
    op.drop_table("unit_figure")
