"""What a look at the service found, one line each."""

from collections.abc import Iterable
from typing import NamedTuple


class Finding(NamedTuple):
    """`text` says what is, and where it is not well, what to do."""

    ok: bool
    where: str
    text: str


def report(findings: Iterable[Finding]) -> bool:
    """Print the findings and tell whether all is well."""
    good = True
    for finding in findings:
        print(f"{'ok     ' if finding.ok else 'problem'}  {finding.where:<10} {finding.text}", flush=True)
        good = good and finding.ok
    return good
