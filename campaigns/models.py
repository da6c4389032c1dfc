"""Campaigns as rows: the plan and who agreed to it, each time it runs, who belongs to a run, and what came of it.

Plans, audiences and schedules are msgspec structures stored as JSON (campaigns.plans.plan); the message rows of core.messages
hold who was sent what.
"""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.crypto.boxed import Box, Sealed
from core.db.base import Base, Id

# draft → submitted → approved → scheduled → running ⇄ paused → done; cancelled and expired end it too.
CampaignState = Literal[
    "draft", "submitted", "approved", "scheduled", "running", "paused", "done", "cancelled", "expired"
]
RunState = Literal["due", "frozen", "sending", "paused", "done", "cancelled", "expired"]


class Campaign(Base):
    """What is to be said, to whom, when. Any edit raises `revision` and voids what was approved."""

    __tablename__ = "campaign"

    id: Mapped[Id]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="draft")
    # A subject of core.contacts.subjects, or empty: news of no subject in particular.
    subject: Mapped[str] = mapped_column(server_default="")
    # campaigns.plans.plan.Plan, whole.
    plan: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sa.text("'{}'::jsonb"))
    revision: Mapped[int] = mapped_column(server_default="1")
    # SHA-256 of the plan as it was submitted; approvals are for this hash and no other.
    plan_hash: Mapped[bytes | None]
    # "pack:<id>/<lesson>", "wave:<id>", "file", "copy:<id>" or empty.
    origin: Mapped[str] = mapped_column(server_default="")
    # Quiet hours may be overridden only with a reason, by two people.
    emergency_reason: Mapped[str | None]
    emergency_by: Mapped[UUID | None]
    # Since when it may run; what was due before is not made up for.
    scheduled_at: Mapped[datetime | None]
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    changed_at: Mapped[datetime | None]
    # Of a plan that ran before plans were kept: its only batch.
    batch_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("message_batch.id"))

    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('draft','submitted','approved','scheduled','running','paused','done','cancelled','expired')",
            name="known_state",
        ),
        sa.Index("ix_campaign_state", "state", "created_at"),
    )


class CampaignApproval(Base):
    """One person's word on one exact plan. Never changed."""

    __tablename__ = "campaign_approval"

    id: Mapped[Id]
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"))
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    plan_hash: Mapped[bytes]
    # Every submission is a revision of its own: a word on an earlier one counts no more, even of an equal plan.
    revision: Mapped[int]
    # "submitted", "approved", "returned".
    verdict: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "revision", "account_id", "verdict"),
        sa.CheckConstraint("verdict IN ('submitted','approved','returned')", name="known_verdict"),
    )


class CampaignRun(Base):
    """One time that one step of a campaign goes out. Its row is the lock that lets it be frozen once."""

    __tablename__ = "campaign_run"

    id: Mapped[Id]
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"))
    step: Mapped[int] = mapped_column(sa.SmallInteger)
    state: Mapped[str]
    due_at: Mapped[datetime]
    # Later than this it is not sent any more: it ends as "expired", never as a surprise at dawn.
    expires_at: Mapped[datetime]
    plan_hash: Mapped[bytes]
    # How many are to get it, holdout apart; counted when frozen.
    intended: Mapped[int] = mapped_column(server_default="0")
    holdout: Mapped[int] = mapped_column(server_default="0")
    # Of the audience that was frozen: at most so many runs to a person within seven days; 0 is no cap.
    weekly_cap: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")
    frozen_at: Mapped[datetime | None]
    # When a person last let it go on: what went wrong before is forgiven.
    resumed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # Why it stands still or ended early: "manager", "errors", "quota", "token", "content", "account", "empty", "late",
    # "changed" (the plan is not the one that was approved).
    reason: Mapped[str | None]

    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "step", "due_at"),
        sa.CheckConstraint(
            "state IN ('due','frozen','sending','paused','done','cancelled','expired')", name="known_state"
        ),
        sa.Index(
            "ix_campaign_run_going", "due_at",
            postgresql_where=sa.text("state IN ('due', 'frozen', 'sending', 'paused')"),
        ),
    )  # fmt: skip


class CampaignPart(Base):
    """One wording of one run: a variant in a language, and the batch that carries it."""

    __tablename__ = "campaign_part"

    id: Mapped[Id]
    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign_run.id"), index=True)
    variant: Mapped[str]
    language: Mapped[str]
    batch_id: Mapped[UUID] = mapped_column(sa.ForeignKey("message_batch.id"), unique=True)
    # LINE's aggregation unit, `^[A-Za-z0-9_]{1,30}$`: its statistics are of the unit, never of a person.
    unit: Mapped[str | None]
    # Sent to those who waited for the better wording of a trial; the trial itself does not count it.
    of_rest: Mapped[bool] = mapped_column(server_default=sa.false())


class CampaignMember(Base):
    """Who belongs to a run, decided once. Nobody is in a run twice, whatever their addresses."""

    __tablename__ = "campaign_member"

    run_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign_run.id"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    # "" where there is one wording, "a", "b" … otherwise; "holdout" gets nothing and is compared with; "rest" waits for
    # the better wording of a trial, or got it (campaign_part tells which).
    variant: Mapped[str]

    __table_args__ = (sa.Index("ix_campaign_member_contact", "contact_id"),)


class DripStart(Base):
    """When a person's own sequence of a campaign began; each of its steps goes out once."""

    __tablename__ = "drip_start"

    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"), primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    began_on: Mapped[date]
    steps_done: Mapped[int] = mapped_column(sa.SmallInteger, server_default="0")

    __table_args__ = (sa.Index("ix_drip_start_contact", "contact_id"),)


class CampaignAnswer(Base):
    """What a person answered to a question of a campaign; goes with the person, shown only in sums."""

    __tablename__ = "campaign_answer"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]
    # Empty for a survey, which has no right answer.
    right: Mapped[bool | None]
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_campaign_answer_campaign", "campaign_id", "question"),)


class CampaignLink(Base):
    """A short link of our own; how often it was opened is counted, by whom is not."""

    __tablename__ = "campaign_link"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(unique=True)
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    variant: Mapped[str]
    address: Mapped[str]
    created_at: Mapped[datetime]


class LinkDay(Base):
    """How often a link was opened on a day."""

    __tablename__ = "link_day"

    link_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign_link.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    opened: Mapped[int]


class UnitFigure(Base):
    """What LINE last said of an aggregation unit; null where it hides fewer than 20."""

    __tablename__ = "unit_figure"

    unit: Mapped[str] = mapped_column(primary_key=True)
    read_at: Mapped[datetime]
    impressions: Mapped[int | None]
    clicks: Mapped[int | None]


class CampaignMedia(Base):
    """A picture of the library, already in both sizes that platforms take, stripped of what cameras write into it."""

    __tablename__ = "campaign_media"

    id: Mapped[Id]
    # Unguessable: under `/media/<key>` platforms fetch it.
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    alt_th: Mapped[str]
    alt_en: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    picture: Mapped[bytes]
    preview: Mapped[bytes]
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class CampaignTest(Base):
    """A message of a campaign that goes to a member of staff to try it. It counts for nothing and holds no words."""

    __tablename__ = "campaign_test"

    id: Mapped[Id]
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    # Who gets it, at their own proven address of this kind.
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    kind: Mapped[str]
    step: Mapped[int] = mapped_column(sa.SmallInteger)
    variant: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str | None]
    asked_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.CheckConstraint("kind IN ('line', 'telegram')", name="known_kind"),
        sa.CheckConstraint(
            "state IN ('pending', 'sending', 'sent', 'failed', 'unknown')", name="known_state"
        ),
        sa.Index("ix_campaign_test_pace", "asked_by", "asked_at"),
    )


class Segment(Base):
    """An audience under a name. Its rule is campaigns.plans.audience.Audience."""

    __tablename__ = "segment"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]


class ContactTrait(Base):
    """What a person told a campaign about themselves, or a consented list said of them."""

    __tablename__ = "contact_trait"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    # An ISO 3166-2 code without "TH-".
    province: Mapped[str | None]
    # How they want to be called; sealed under their own key.
    name: Mapped[Box | None] = mapped_column(Sealed)
    changed_at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_contact_trait_province", "province"),)


class ContactTag(Base):
    """A word under which people are found again: a consented list, an entry point, a campaign answered."""

    __tablename__ = "contact_tag"

    contact_id: Mapped[UUID] = mapped_column(sa.ForeignKey("contact.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (sa.Index("ix_contact_tag_tag", "tag"),)


class ListImport(Base):
    """A consented list that was taken in: how many, under which tag, and how they agreed. Counts are floored when shown."""

    __tablename__ = "list_import"

    id: Mapped[Id]
    tag: Mapped[str]
    # How and where the people of the list agreed, in the words of whoever brought it.
    proof: Mapped[str]
    wording: Mapped[str]
    rows: Mapped[int]
    taken: Mapped[int]
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]


class EntryPoint(Base):
    """A keyword or a QR code that begins a campaign for whoever uses it."""

    __tablename__ = "entry_point"

    id: Mapped[Id]
    # In links: `t.me/<bot>?start=<code>`, at most 64 of `A-Za-z0-9_-`.
    code: Mapped[str] = mapped_column(unique=True)
    # What people type, and what LINE's link types for them; folded as whole messages are.
    keyword: Mapped[str]
    campaign_id: Mapped[UUID] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    tag: Mapped[str] = mapped_column(server_default="")
    created_by: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        sa.Index(
            "uq_entry_point_open_keyword", "keyword", unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
    )  # fmt: skip


class EntryDay(Base):
    """How often an entry point was used on a day."""

    __tablename__ = "entry_day"

    entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("entry_point.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    used: Mapped[int]


class QuizTally(Base):
    """How often a question of a quiz was answered and answered rightly on a day; of nobody in particular."""

    __tablename__ = "quiz_tally"

    quiz: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    # "before" the explanations of a round, "between" (with them), or "after".
    phase: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int]
    right: Mapped[int]
