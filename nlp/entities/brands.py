"""Addresses that borrow the name of a firm or office they don't belong to."""

import re

from nlp.tables import read_rows

_BRANDS = [(name, frozenset(domains.split("|"))) for name, domains in read_rows("brands.tsv")]
_OWN = frozenset().union(*(domains for _, domains in _BRANDS))
# What passes for another letter in an address, after Unicode UTS 39; "rn" for "m" and "vv" for "w" beside it.
_ALIKE = str.maketrans("013457îíìáàäéèöóüúłćçñ", "oleastiiiaaaeeoouulccn")
_CYRILLIC_AND_GREEK = str.maketrans("аеіјорсухѕԁһкмнтвгіνοαι", "aeijopcyxsdhkmhtbrivoai")
_PART = re.compile(r"[.\-_0-9]+")
_SHORTEST_INSIDE = 5  # letters of a name that may stand inside a longer label
_SHORTEST_NEAR, _SHORTEST_FAR = 6, 9  # letters of a name from which one, two letters may differ


def brand_imitated(host: str, domain: str) -> str:
    """The name that a host borrows, "" for none and for hosts that are the owner's or a public body's."""
    if domain in _OWN or host in _OWN or domain.endswith(".go.th"):
        return ""
    shown = _shown(host)
    return next((name for name, domains in _BRANDS if _borrows(shown, name, domains)), "")


def _shown(host: str) -> str:
    """The host as a reader sees it, in plain letters."""
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return host
    return host.translate(_CYRILLIC_AND_GREEK).translate(_ALIKE).replace("rn", "m").replace("vv", "w")


def _borrows(shown: str, name: str, domains: frozenset[str]) -> bool:
    if any(
        f"{domain}." in shown or domain.replace(".", "-") in shown
        for domain in domains
        if domain.count(".") >= 2
    ):
        return True
    parts = _PART.split(shown)
    name = name.replace("rn", "m")
    if len(name) >= _SHORTEST_INSIDE and any(
        part.startswith(name) or part.endswith(name) for part in parts[:-1]
    ):
        return True
    allowed = 2 if len(name) >= _SHORTEST_FAR else 1 if len(name) >= _SHORTEST_NEAR else 0
    return (name in parts[:-1] and len(name) >= 4) or any(
        0 < _distance(part, name) <= allowed for part in parts[:-1]
    )


def _distance(one: str, other: str) -> int:
    """Letters to put in, leave out, change or swap with the next (Damerau and Levenshtein, without overlaps)."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
