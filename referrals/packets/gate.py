"""Whether a report may be handed to an agency: by the person's word, else on a ground that a supervisor answers for."""

from collections.abc import Collection, Sequence
from typing import Literal, get_args

from core.errors import ForbiddenError, InvalidInputError
from referrals.reports import Consent

Ground = Literal["life_danger", "child", "court_order"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
AGENCIES = ("msdhs", "police", "labour", "consular", "ngo")


class AgencyError(InvalidInputError):
    """An agency has to be chosen."""

    code = "packet_agency"


class ConsentError(ForbiddenError):
    """The person did not agree that this agency learns of the report."""

    code = "packet_consent"


class IdentityError(ForbiddenError):
    """The person agreed, but not to being named."""

    code = "packet_identity"


class OverrideError(ForbiddenError):
    """Only a supervisor goes past what the person said."""

    code = "packet_override"


def pass_gate(
    consents: Sequence[Consent],
    *,
    agency: str,
    with_identity: bool,
    ground: str,
    oversees: bool,
    among: Collection[str] = AGENCIES,
) -> Ground | None:
    """Return the ground that was needed; None where the person agreed. `among` are the agencies to choose from.

    Raises AgencyError, ConsentError, IdentityError, OverrideError.
    """
    if agency not in among:
        raise AgencyError("choose an agency")
    consent = next((one for one in consents if one.agency == agency), None)
    agreed = consent is not None and consent.granted
    if agreed and (not with_identity or (consent is not None and consent.with_identity)):
        return None
    chosen = next((one for one in GROUNDS if one == ground), None)
    if chosen is None:
        raise (
            IdentityError("the person did not agree to being named")
            if agreed
            else ConsentError("the person did not agree that this agency learns of it")
        )
    if not oversees:
        raise OverrideError("only a supervisor may go past what the person said")
    return chosen
