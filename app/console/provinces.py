"""Provinces as offers name them, by their Thai names: said in the language of the page."""

from collections.abc import Iterable
from functools import cache

from app.console.texts import spoken
from referrals.questionnaires.places import every_place, place_table, say_place


def say_province(name: str) -> str:
    """Say a province; a name that the directory of places does not have stays as it is."""
    code = _codes().get(name)
    return name if code is None else say_place(code, spoken.get())


def provinces_to_choose(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return each name with its words, in the order of a dictionary of the page's language."""
    order = {code: place for place, (code, _) in enumerate(every_place(spoken.get()))}
    sorted_names = sorted(names, key=lambda name: (order.get(_codes().get(name, ""), len(order)), name))
    return [(name, say_province(name)) for name in sorted_names]


@cache
def _codes() -> dict[str, str]:
    """Code of the directory by Thai name."""
    return {thai: f"province:{code}" for code, (thai, _) in place_table()["province"].items()}
