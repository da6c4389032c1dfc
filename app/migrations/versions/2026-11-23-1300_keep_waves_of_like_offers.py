"""Keep waves of like offers, reported handles, labels, trends and the licence register."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import core.crypto.boxed

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # Waiting for a lock would stop the service; the migration fails instead and is tried again.
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.create_table(
        "handle_report",
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("print", "contact_id", name=op.f("pk_handle_report")),
    )
    op.create_index("ix_handle_report_contact", "handle_report", ["contact_id"], unique=False)
    op.create_index(
        "ix_handle_report_first_at", "handle_report", ["first_at"], unique=False, postgresql_using="brin"
    )
    op.create_table(
        "licence_register",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_register")),
    )
    op.create_table(
        "screening_text",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("text", core.crypto.boxed.Sealed(), nullable=False),
        sa.PrimaryKeyConstraint("screening_id", name=op.f("pk_screening_text")),
    )
    op.create_table(
        "screening_trend",
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("province", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("screenings", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("senders", sa.Integer(), nullable=False),
        sa.CheckConstraint("span IN ('day', 'week')", name=op.f("ck_screening_trend_known_span")),
        sa.PrimaryKeyConstraint("span", "starts_on", "province", "kind", name=op.f("pk_screening_trend")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("senders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
    )
    op.create_index(
        "ix_wave_large",
        "wave",
        ["last_day", "senders"],
        unique=False,
        postgresql_where=sa.text("senders >= 3"),
    )
    op.create_index("ix_wave_lone", "wave", ["id"], unique=False, postgresql_where=sa.text("senders < 3"))
    op.create_table(
        "wave_band",
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("band", "wave_id", name=op.f("pk_wave_band")),
    )
    op.create_table(
        "wave_day",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("senders", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "day", name=op.f("pk_wave_day")),
    )
    op.create_table(
        "wave_print",
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("print", name=op.f("pk_wave_print")),
    )
    op.create_index(op.f("ix_wave_print_wave_id"), "wave_print", ["wave_id"], unique=False)
    op.create_table(
        "wave_sender",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("wave_id", "contact_id", name=op.f("pk_wave_sender")),
    )
    op.create_index(
        "ix_wave_sender_first_at", "wave_sender", ["first_at"], unique=False, postgresql_using="brin"
    )
    op.create_index(
        "ix_wave_sender_recent",
        "wave_sender",
        ["wave_id", "last_at"],
        unique=False,
        postgresql_include=["known_since"],
    )
    op.create_table(
        "licensed_recruiter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("name_grams", sa.SmallInteger(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["register_id"],
            ["licence_register.id"],
            name=op.f("fk_licensed_recruiter_register_id_licence_register"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licensed_recruiter")),
        sa.UniqueConstraint("number_key", name=op.f("uq_licensed_recruiter_number_key")),
    )
    op.create_table(
        "licence_gram",
        sa.Column("gram", sa.Text(), nullable=False),
        sa.Column("recruiter_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recruiter_id"],
            ["licensed_recruiter.id"],
            name=op.f("fk_licence_gram_recruiter_id_licensed_recruiter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("gram", "recruiter_id", name=op.f("pk_licence_gram")),
    )
    op.create_index(op.f("ix_licence_gram_recruiter_id"), "licence_gram", ["recruiter_id"], unique=False)
    op.create_table(
        "reported_handle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", core.crypto.boxed.Sealed(), nullable=True),
        sa.Column("senders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("verdict", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('open', 'confirmed', 'cleared')", name=op.f("ck_reported_handle_known_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_reported_handle_decided_by_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_handle")),
        sa.UniqueConstraint("print", name=op.f("uq_reported_handle_print")),
    )
    op.create_index("ix_reported_handle_desk", "reported_handle", ["verdict", "senders"], unique=False)
    op.create_table(
        "wave_example",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("text", core.crypto.boxed.Sealed(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["account.id"], name=op.f("fk_wave_example_approved_by_account")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_example_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_example")),
    )
    op.create_index(op.f("ix_wave_example_wave_id"), "wave_example", ["wave_id"], unique=False)
    op.create_table(
        "screening_label",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("screening_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("judged_band", sa.Text(), nullable=False),
        sa.Column("judged_score", sa.Double(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("author IN ('citizen', 'staff')", name=op.f("ck_screening_label_known_author")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_screening_label_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["screening_id"],
            ["screening.id"],
            name=op.f("fk_screening_label_screening_id_screening"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_label")),
    )
    op.create_index(
        op.f("ix_screening_label_screening_id"), "screening_label", ["screening_id"], unique=False
    )
    op.create_index(
        "uq_screening_label_citizen",
        "screening_label",
        ["screening_id"],
        unique=True,
        postgresql_where=sa.text("author = 'citizen'"),
    )
    op.add_column("screening", sa.Column("kind", sa.Text(), nullable=False, server_default="other"))
    op.alter_column("screening", "kind", server_default=None)
    op.add_column("screening", sa.Column("province", sa.Text(), nullable=True))
    op.add_column("screening", sa.Column("wave_id", sa.Uuid(), nullable=True))
    op.drop_index(op.f("ix_screening_fingerprint"), table_name="screening")
    op.create_index(
        "ix_screening_wave",
        "screening",
        ["wave_id", "id"],
        unique=False,
        postgresql_where=sa.text("wave_id IS NOT NULL"),
    )
    op.drop_column("screening", "fingerprint")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '4s'")
    op.add_column(
        "screening",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False, server_default=sa.text("''::bytea")),
    )
    op.alter_column("screening", "fingerprint", server_default=None)
    op.drop_index(
        "ix_screening_wave", table_name="screening", postgresql_where=sa.text("wave_id IS NOT NULL")
    )
    op.create_index(
        op.f("ix_screening_fingerprint"), "screening", ["fingerprint", "created_at"], unique=False
    )
    op.drop_column("screening", "wave_id")
    op.drop_column("screening", "province")
    op.drop_column("screening", "kind")
    op.drop_index(
        "uq_screening_label_citizen",
        table_name="screening_label",
        postgresql_where=sa.text("author = 'citizen'"),
    )
    op.drop_index(op.f("ix_screening_label_screening_id"), table_name="screening_label")
    op.drop_table("screening_label")
    op.drop_index(op.f("ix_wave_example_wave_id"), table_name="wave_example")
    op.drop_table("wave_example")
    op.drop_index("ix_reported_handle_desk", table_name="reported_handle")
    op.drop_table("reported_handle")
    op.drop_index(op.f("ix_licence_gram_recruiter_id"), table_name="licence_gram")
    op.drop_table("licence_gram")
    op.drop_table("licensed_recruiter")
    op.drop_index("ix_wave_sender_recent", table_name="wave_sender", postgresql_include=["known_since"])
    op.drop_index("ix_wave_sender_first_at", table_name="wave_sender", postgresql_using="brin")
    op.drop_table("wave_sender")
    op.drop_index(op.f("ix_wave_print_wave_id"), table_name="wave_print")
    op.drop_table("wave_print")
    op.drop_table("wave_day")
    op.drop_table("wave_band")
    op.drop_index("ix_wave_lone", table_name="wave", postgresql_where=sa.text("senders < 3"))
    op.drop_index("ix_wave_large", table_name="wave", postgresql_where=sa.text("senders >= 3"))
    op.drop_table("wave")
    op.drop_table("screening_trend")
    op.drop_table("screening_text")
    op.drop_table("licence_register")
    op.drop_index("ix_handle_report_first_at", table_name="handle_report", postgresql_using="brin")
    op.drop_index("ix_handle_report_contact", table_name="handle_report")
    op.drop_table("handle_report")
