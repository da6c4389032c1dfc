"""The job engine's own tables, as single statements for a migration."""

import re

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment

# Functions hold semicolons of their own, so only the ones before a statement at the margin divide.
_NEXT = re.compile(r";\s*\n+(?=CREATE |DROP )")


def install_statements() -> list[str]:
    return _NEXT.split(QueryBuilderEnvironment().build_install_query().strip().removesuffix(";"))


def uninstall_statements() -> list[str]:
    return _NEXT.split(QueryBuilderEnvironment().build_uninstall_query().strip().removesuffix(";"))
