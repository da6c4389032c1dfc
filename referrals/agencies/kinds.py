"""What kinds of agencies there are; the steps that they may make hang on it (tracks/steps.toml)."""

from typing import Literal, get_args

AgencyKind = Literal[
    "msdhs", "police", "prosecutor", "court", "execution", "labour", "amlo", "consular", "health", "ngo"
]
AGENCY_KINDS: tuple[AgencyKind, ...] = get_args(AgencyKind)

# Who makes a step: the hotline, the person in the chat, the clock, or an agency of a kind.
Maker = Literal["hotline", "citizen", "clock"] | AgencyKind


def read_kind(code: str) -> AgencyKind:
    """Return the kind of a stored code; raises StopIteration for none."""
    return next(kind for kind in AGENCY_KINDS if kind == code)
