"""What citizens read: how much of it is there in each language, and whether a reader of the ministry has signed it."""

from collections.abc import Iterable

from app.cli.findings import Finding
from bots.copy import Spoken, copy
from campaigns.lessons import Pack, packs
from core.settings import Settings


def look_at_readers(settings: Settings) -> list[Finding]:
    """One line a language and one for the lessons; where citizens read it for real, an unsigned text is a problem."""
    served = settings.env == "production"
    return [
        *(_language(spoken, served=served) for spoken in copy().spoken),
        _lessons(packs().values(), served=served),
    ]


def _language(spoken: Spoken, *, served: bool) -> Finding:
    about = spoken.about
    said = f"{spoken.said} of {spoken.of} sayings in {about.name}"
    if spoken.said < spoken.of:
        said += ", the others are said in English"
    if about.reviewed_by:
        return Finding(True, f"text {spoken.code}", f"{said}, read and signed by {about.reviewed_by}")
    file = f"bots/texts/{spoken.code}/about.toml"
    return Finding(
        not served, f"text {spoken.code}", f"{said}, signed by nobody: set reviewed_by in {file} when read"
    )


def _lessons(found: Iterable[Pack], *, served: bool) -> Finding:
    by_pack = {pack.id: [lesson for lesson in pack.lessons if not lesson.reviewed_by] for pack in found}
    number = sum(map(len, by_pack.values()))
    if not number:
        return Finding(True, "lessons", "all are read and signed")
    unsigned = ", ".join(f"{pack_id} {len(lessons)}" for pack_id, lessons in by_pack.items() if lessons)
    return Finding(
        not served,
        "lessons",
        f"{number} are signed by nobody ({unsigned}): set reviewed_by in campaigns/packs when read",
    )
