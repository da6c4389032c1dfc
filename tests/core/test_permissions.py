"""The table of scopes keeps who runs, checks or advertises the service away from what people told it. Guards 12."""

import pytest

from core.permissions import READING_ROLES, ROLES, SCOPES, Role

_CONTENT = ("referrals.", "partner.", "screening.")


@pytest.mark.parametrize("role", ["administrator", "auditor", "campaign_manager", "campaign_approver"])
def test_a_role_that_runs_checks_or_advertises_reads_no_case(role: Role) -> None:
    assert role not in READING_ROLES
    assert not [scope for scope in SCOPES[role] if scope.startswith(_CONTENT)]


def test_every_role_that_touches_content_needs_a_second_person() -> None:
    assert {r for r in ROLES if any(s.startswith(_CONTENT) for s in SCOPES[r])} == READING_ROLES


def test_only_an_auditor_reads_the_audit_and_only_an_administrator_gives_roles() -> None:
    assert [r for r in ROLES if "audit.read" in SCOPES[r]] == ["auditor"]
    assert [r for r in ROLES if "accounts.manage" in SCOPES[r]] == ["administrator"]


def test_whoever_writes_also_reads() -> None:
    for role in ROLES:
        written = {scope.partition(".")[0] for scope in SCOPES[role] if scope.endswith(".write")}
        assert {f"{room}.read" for room in written} <= SCOPES[role], role
