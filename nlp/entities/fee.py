"""Money asked before work: a fee word that is not denied, with the sum beside it when there is one."""

from nlp.contexts import is_denied, is_waived
from nlp.findings import Entity
from nlp.lexicon import Span
from nlp.prepared import Prepared

_MOST = 40  # fee words looked at
_REACH = 28  # characters of the text as given between the word and its sum

_KEPT = frozenset({"amount", "amount_to", "currency"})


def find(prepared: Prepared, sums: list[Entity]) -> list[Entity]:
    found: list[Entity] = []
    for span in _widest(prepared.spans("upfront"))[:_MOST]:
        if is_denied(prepared, span) or is_waived(prepared, span):
            continue
        start, end = prepared.squeezed.given(*span)
        near = next(
            (money for money in sums if -_REACH < money.start - end <= _REACH and money.end > start), None
        )
        word = prepared.squeezed.text[span[0] : span[1]]
        if near is None:
            found.append(Entity(word, start, end))
        else:
            detail = {name: part for name, part in near.detail.items() if name in _KEPT}
            found.append(
                Entity(
                    near.value.split("/")[0],
                    min(start, near.start),
                    max(end, near.end),
                    {**detail, "kind": word},
                )
            )
    return found


def _widest(spans: list[Span]) -> list[Span]:
    """Words that lie inside or touch a longer one count once."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
