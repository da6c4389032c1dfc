"""How every face draws its pages: one way to read templates, one way to name static files."""

from functools import cache
from pathlib import Path

import jinja2
import msgspec

VENDOR = Path(__file__).parent.parent / "static" / "vendor"
_HERE = Path(__file__).parent
# Messages as phones show them: any face may draw these, which need `dress.js` and the two sheets beside it.
SHARED = _HERE / "static"


def make_environment(templates: Path) -> jinja2.Environment:
    """Return an environment that escapes everything and refuses missing values; `kind` tells a bubble's tag.

    Beside a face's own templates it finds those of messages, "phone/…".
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([templates, _HERE / "templates"]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kind"] = _kind
    return environment


def _kind(part: msgspec.Struct) -> str:
    return str(part.__struct_config__.tag)


@cache
def static_address(own: Path, name: str) -> str:
    """Return the address of a static file, changed whenever the file does.

    `name` begins with the folder under /static: "vendor", "faces", or the face's own, whose files lie in `own`.
    """
    folder, _, rest = name.partition("/")
    file = {"vendor": VENDOR, "faces": SHARED}.get(folder, own) / rest
    version = f"{file.stat().st_mtime_ns:x}"[-10:] if file.exists() else "none"
    return f"/static/{name}?v={version}"
