"""Who sees what of a case: visibility.toml is the rule, for pages, APIs, files and notifications alike."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, get_args

import msgspec

from referrals.agencies.kinds import AgencyKind

Level = Literal["full", "state", "none"]
Viewer = (
    Literal[
        "hotline_officer", "supervisor", "campaign_manager", "campaign_approver", "auditor", "administrator", "citizen"
    ]
    | AgencyKind
)  # fmt: skip
Group = Literal[
    "thread", "identity", "report", "referral", "victim", "prosecution", "compensation", "assets", "notes", "files",
    "audit", "statistics",
]  # fmt: skip
_OF_HOUSE, _OF_AGENCIES = get_args(Viewer)
VIEWERS: tuple[Viewer, ...] = (*get_args(_OF_HOUSE), *get_args(_OF_AGENCIES))
GROUPS: tuple[Group, ...] = get_args(Group)
# Steps of the compensation track that tell of the accused's property.
ASSET_STEPS = frozenset({"assets_traced", "seized", "sold"})
Track = Literal["report", "referral", "victim", "prosecution", "compensation"]


class Cell(NamedTuple):
    """What a viewer sees of a group, and why."""

    level: Level
    why: str


def sees(viewer: Viewer, group: Group) -> Level:
    """Say how much of a group of fields a viewer sees; raises KeyError for an unknown viewer or group."""
    return load_matrix()[group][viewer].level


def group_of(track: Track, step: str) -> Group:
    """Return the group that a step of a track belongs to."""
    return "assets" if track == "compensation" and step in ASSET_STEPS else track


def shown_state(viewer: Viewer, track: Track, state: str | None) -> str:
    """Return where a track stands as far as a viewer may know it; "" where that is nothing.

    Whoever sees compensation but nothing of property sees that execution was opened, however far it came.
    """
    if not state or sees(viewer, track) == "none":
        return ""
    return state if sees(viewer, group_of(track, state)) != "none" else "execution_opened"


@cache
def load_matrix() -> Mapping[Group, Mapping[Viewer, Cell]]:
    return read_matrix(resources.files(__package__).joinpath("visibility.toml").read_bytes())


def read_matrix(text: bytes) -> Mapping[Group, Mapping[Viewer, Cell]]:
    """Read a matrix; raises ValueError where a cell is missing, of nobody, of an unknown level or unexplained."""
    matrix = msgspec.toml.decode(text, type=dict[Group, dict[str, Cell]])
    for group in GROUPS:
        row = matrix.get(group, {})
        if row.keys() != set(VIEWERS):
            raise ValueError(f"{group}: state exactly these viewers: {', '.join(VIEWERS)}")
        if not all(cell.why.strip() for cell in row.values()):
            raise ValueError(f"{group}: say why, in every cell")
    return msgspec.convert(matrix, type=dict[Group, dict[Viewer, Cell]])
