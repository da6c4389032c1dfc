"""Money as people here read and type it: baht with satang; kept as whole satang."""

import regex

from core.errors import InvalidInputError

# Figures as old papers and some keyboards write them.
_THAI_ZERO = 0x0E50
_THAI_FIGURES = str.maketrans({chr(_THAI_ZERO + n): str(n) for n in range(10)})
_AMOUNT = regex.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,2}))?")


class AmountError(InvalidInputError):
    """What was typed is no amount of money."""

    code = "amount_form"
    field = "amount"


def say_baht(satang: int) -> str:
    """Say satang as baht: 850,000.00"""
    sign = "-" if satang < 0 else ""
    return f"{sign}{abs(satang) // 100:,}.{abs(satang) % 100:02}"


def in_plain_figures(typed: str) -> str:
    """Return what was typed with 0 to 9 for Thai figures."""
    return typed.translate(_THAI_FIGURES)


def read_baht(typed: str) -> int | None:
    """Return what was typed as satang, None where nothing was; raises AmountError."""
    plain = in_plain_figures(typed.strip())
    if not plain:
        return None
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise AmountError("give baht such as 850000.00")
    satang = int(found[2].replace(",", "")) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -satang if found[1] else satang
