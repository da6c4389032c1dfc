"""The provinces of Thailand as shapes to draw: from the map that set-up brings (@svg-maps/thailand, CC BY 4.0)."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from app.faces.drawing import VENDOR

# By the letters of the plates and registers that the map uses → ISO 3166-2.
_CODES = {
    "bkk": 10, "spk": 11, "nbi": 12, "pte": 13, "aya": 14, "atg": 15, "lri": 16, "sbr": 17, "cnt": 18, "sri": 19,
    "cbi": 20, "ryg": 21, "cti": 22, "trt": 23, "cco": 24, "pri": 25, "nyk": 26, "skw": 27, "nma": 30, "brm": 31,
    "srn": 32, "ssk": 33, "ubn": 34, "yst": 35, "cpm": 36, "acr": 37, "bkn": 38, "nbp": 39, "kkn": 40, "udn": 41,
    "lei": 42, "nki": 43, "mkm": 44, "ret": 45, "ksn": 46, "snk": 47, "npm": 48, "mdh": 49, "cmi": 50, "lpn": 51,
    "lpg": 52, "utd": 53, "pre": 54, "nan": 55, "pyo": 56, "cri": 57, "msn": 58, "nsn": 60, "uti": 61, "kpt": 62,
    "tak": 63, "sti": 64, "plk": 65, "pct": 66, "pnb": 67, "rbr": 70, "kri": 71, "spb": 72, "npt": 73, "skn": 74,
    "skm": 75, "pbi": 76, "pkn": 77, "nrt": 80, "kbi": 81, "pna": 82, "pkt": 83, "sni": 84, "rng": 85, "cpn": 86,
    "ska": 90, "stn": 91, "trg": 92, "plg": 93, "ptn": 94, "yla": 95, "nwt": 96,
}  # fmt: skip
_FILE = VENDOR / "thailand.svg"
_PARTS = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")
_FIGURE = re.compile(r"-?\d*\.?\d+")
# Units of the map below which a corner is not seen.
_STEP = 2.2


@dataclass(frozen=True, slots=True)
class Map:
    """Outlines by ISO 3166-2 code, as SVG path data, and the box that they lie in."""

    box: str
    outlines: Mapping[str, str]


@cache
def load_map() -> Map | None:
    """Return the map; None where set-up did not bring it."""
    if not _FILE.is_file():
        return None
    root = ET.parse(_FILE).getroot()  # noqa: S314 - our own file, from a locked package
    outlines = {
        f"TH-{_CODES[str(shape.get('id'))]}": _slim(str(shape.get("d")))
        for shape in root
        if shape.get("id") in _CODES
    }
    return Map(str(root.get("viewBox")), outlines)


def _slim(path: str) -> str:
    """Leave out corners too near to be seen: a fifth of the size, so that a page can hold the map itself."""
    drawn: list[str] = []
    for ring in _rings(path):
        kept = ring[:1]
        for x, y in ring[1:]:
            if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= _STEP:
                kept.append((x, y))
        if len(kept) > 2:
            drawn.append("M" + " ".join(f"{x:.0f},{y:.0f}" for x, y in kept) + "z")
    return "".join(drawn)


def _rings(path: str) -> list[list[tuple[float, float]]]:
    """Return the corners of each outline; the map has straight lines only, each from where the last one ended."""
    rings: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, said in _PARTS.findall(path):
        figures = [float(figure) for figure in _FIGURE.findall(said)]
        if command in "zZ":
            x, y = rings[-1][0]
            continue
        for at in range(0, len(figures) - 1, 2):
            x, y = x + figures[at], y + figures[at + 1]
            if command == "m" and at == 0:
                rings.append([])
            rings[-1].append((x, y))
    return rings
