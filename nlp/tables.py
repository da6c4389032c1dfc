"""The files in `nlp/lexicons`: rows of the TSV ones, tables of the TOML ones."""

import tomllib
from importlib import resources


def read_table(name: str) -> dict[str, object]:
    """A TOML file."""
    return tomllib.loads(resources.files("nlp").joinpath("lexicons", name).read_text("utf-8"))


def read_rows(name: str) -> list[list[str]]:
    """The cells of every line that is neither empty nor a comment."""
    table = resources.files("nlp").joinpath("lexicons", name).read_text("utf-8")
    return [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]


def read_pairs(name: str) -> dict[str, str]:
    """First cell → second cell."""
    return {row[0]: row[1] for row in read_rows(name)}


def read_words(name: str) -> list[str]:
    """Every word of a file that holds several to a line, blanks between."""
    return [word for row in read_rows(name) for word in row[0].split()]
