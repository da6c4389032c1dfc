"""A text without what leads to somebody: ids, numbers, links and companies replaced by what they are."""

import re

from nlp.entities.everything import entities_in
from nlp.tables import read_table

_IN_PLACE = {name: str(said) for name, said in read_table("redactions.toml").items()}
# What names somebody or leads to them; also in an example of a deceptive offer it may be a third person's.
_NAMING = (
    "line_id",
    "telegram",
    "facebook",
    "phone",
    "url",
    "email",
    "bank_account",
    "promptpay",
    "employer",
    "licence",
)
# What is left of ids and addresses that the judgement does not know, or knows in part.
_ID_LIKE = re.compile(r"@[\w.\-]{2,}|\w*\d[\d\s\-]{5,}\d|(?:https?://|www\.)\S+", re.IGNORECASE)


def redact(text: str) -> str:
    """Return the text with handles, companies, licence and long numbers replaced by what they are."""
    entities = entities_in(text)
    spans = sorted(
        ((e.start, e.end, key) for key in _NAMING for e in entities.get(key, ())),
        key=lambda span: (span[0], -span[1]),
    )
    parts: list[str] = []
    done = 0
    for start, end, key in spans:
        if end <= done:
            continue
        parts += (text[done : max(start, done)], _IN_PLACE[key])
        done = end
    return _ID_LIKE.sub(_IN_PLACE["number"], "".join([*parts, text[done:]]))
