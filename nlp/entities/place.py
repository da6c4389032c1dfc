"""Places: the 77 provinces, countries, and towns where scam compounds were reported."""

from nlp.findings import Entity
from nlp.places import place_named
from nlp.prepared import Prepared


def find(prepared: Prepared) -> list[Entity]:
    found: list[Entity] = []
    last = -1
    for start, end in sorted(prepared.spans("place"), key=lambda span: (span[0], -span[1])):
        if start < last:
            continue
        last = end
        place = place_named(prepared.squeezed.text[start:end])
        first, stop = prepared.squeezed.given(start, end)
        found.append(Entity(place.name, first, stop, {"kind": place.kind, "country": place.country}))
    return found
