"""Plans of campaigns as this interface takes and describes them: the structures of `campaigns.plans`, strictly read."""

from typing import Annotated, Any

import msgspec
from pydantic import WithJsonSchema

from campaigns.plans.plan import Plan
from campaigns.porting import check_extent
from core.errors import InvalidInputError

_REFERENCE = "#/components/schemas/Campaign{name}"
# Of what is wrong, so much is told.
_LONGEST_FAULT = 200


class PlanError(InvalidInputError):
    """Not a plan: a field is missing, unknown or of the wrong kind."""

    code = "plan"


# A plan as JSON; `describe_plans` puts its description there.
_MARK = "campaign-plan"
PlanGiven = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "format": _MARK})]


def read_plan(given: dict[str, Any]) -> Plan:
    """Raises PlanError that says where it goes wrong, PlanExtentError."""
    try:
        plan = msgspec.convert(given, Plan)
    except (msgspec.ValidationError, RecursionError) as wrong:
        raise PlanError(f"this is no plan: {str(wrong)[:_LONGEST_FAULT]}") from None
    check_extent(plan)
    return plan


def describe_plans(schemas: dict[str, Any]) -> dict[str, Any]:
    """The schemas of the interface's description with those of a plan and its parts, and plans referring to them."""
    (plan,), parts = msgspec.json.schema_components([Plan], ref_template=_REFERENCE)
    for schema in schemas.values():
        for name, field in schema.get("properties", {}).items():
            if field.get("format") == _MARK:
                schema["properties"][name] = plan
    return schemas | {f"Campaign{name}": schema for name, schema in parts.items()}
