from datetime import UTC, datetime

import pytest

from core.errors import AppError
from referrals.packets.gate import (
    AGENCIES,
    AgencyError,
    ConsentError,
    IdentityError,
    OverrideError,
    pass_gate,
)
from referrals.reports import Consent

AT = datetime(2026, 11, 23, tzinfo=UTC)
UNNAMED, NAMED, NO = (
    Consent("police", True, False, AT),
    Consent("police", True, True, AT),
    Consent("police", False, False, AT),
)


@pytest.mark.parametrize(
    ("consents", "with_identity", "ground", "oversees", "passes"),
    [
        ([UNNAMED], False, "", False, None),
        ([NAMED], True, "", False, None),
        # A ground that nobody needed is not written down.
        ([NAMED], True, "child", True, None),
        ([], False, "life_danger", True, "life_danger"),
        ([NO], True, "court_order", True, "court_order"),
        ([UNNAMED], True, "child", True, "child"),
        ([], False, "", True, ConsentError),
        ([NO], False, "", False, ConsentError),
        ([UNNAMED], True, "", True, IdentityError),
        ([], False, "because", True, ConsentError),
        ([], False, "life_danger", False, OverrideError),
        ([UNNAMED], True, "life_danger", False, OverrideError),
    ],
)
def test_the_gate(
    *,
    consents: list[Consent],
    with_identity: bool,
    ground: str,
    oversees: bool,
    passes: str | type[AppError] | None,
) -> None:
    def walk() -> str | None:
        return pass_gate(
            consents, agency="police", with_identity=with_identity, ground=ground, oversees=oversees
        )

    if isinstance(passes, type):
        with pytest.raises(passes):
            walk()
    else:
        assert walk() == passes


def test_consent_for_one_agency_is_none_for_another() -> None:
    for agency in set(AGENCIES) - {"police"}:
        with pytest.raises(ConsentError):
            pass_gate([NAMED], agency=agency, with_identity=False, ground="", oversees=True)


def test_an_agency_has_to_be_chosen() -> None:
    for agency in ("", "everybody"):
        with pytest.raises(AgencyError):
            pass_gate([NAMED], agency=agency, with_identity=False, ground="child", oversees=True)
