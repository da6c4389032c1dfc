"""Roles and what each may do; the table is the rule."""

from typing import Literal, get_args

Role = Literal[
    "hotline_officer",
    "supervisor",
    "campaign_manager",
    "campaign_approver",
    "partner_officer",
    "auditor",
    "administrator",
]
Scope = Literal[
    "referrals.read", "referrals.write", "referrals.assign", "campaigns.read", "campaigns.write", "campaigns.approve",
    "partner.read", "partner.write", "audit.read", "accounts.manage", "accounts.confirm", "settings.manage",
    "screening.read", "screening.write", "hotlines.read", "hotlines.write", "retention.read", "retention.write",
    "privacy.read", "agencies.read", "agencies.write", "tracks.read", "tracks.write", "yearly.read",
]  # fmt: skip

ROLES: tuple[Role, ...] = get_args(Role)

SCOPES: dict[Role, frozenset[Scope]] = {
    "hotline_officer": frozenset(
        {
            "referrals.read",
            "referrals.write",
            "screening.read",
            "screening.write",
            "hotlines.read",
            "agencies.read",
            "tracks.read",
            "tracks.write",
        }
    ),
    # Who runs the machine does not also decide which number people in danger call: the directory is a supervisor's.
    "supervisor": frozenset(
        {
            "referrals.read",
            "referrals.write",
            "referrals.assign",
            "screening.read",
            "screening.write",
            "hotlines.read",
            "hotlines.write",
            "accounts.confirm",
            "retention.read",
            "retention.write",
            # With whom data is shared is decided by who answers for the cases, not by who runs the machine.
            "agencies.read",
            "agencies.write",
            "tracks.read",
            "tracks.write",
            "yearly.read",
        }
    ),
    "campaign_manager": frozenset({"campaigns.read", "campaigns.write"}),
    "campaign_approver": frozenset({"campaigns.read", "campaigns.approve"}),
    "partner_officer": frozenset({"partner.read", "partner.write"}),
    "auditor": frozenset({"audit.read", "retention.read", "privacy.read", "yearly.read"}),
    "administrator": frozenset(
        {
            "accounts.manage",
            "accounts.confirm",
            "settings.manage",
            "hotlines.read",
            "retention.read",
            "retention.write",
            "privacy.read",
        }
    ),
}

# Roles that read case content: granting one needs a second person (invariant 12).
READING_ROLES: frozenset[Role] = frozenset(
    r for r, s in SCOPES.items() if {"referrals.read", "partner.read", "screening.read"} & s
)


def scopes_of(role: Role) -> frozenset[Scope]:
    return SCOPES[role]
