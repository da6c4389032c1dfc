"""What staff who read English call the signs of an offer: sign_names.toml. The Thai names stand with the signs."""

import tomllib
from collections.abc import Mapping
from importlib import resources

# Code of a sign → its English name.
ENGLISH: Mapping[str, str] = tomllib.loads(
    resources.files("screening").joinpath("sign_names.toml").read_text("utf-8")
)
