"""What surrounds the service on its host: picture reading, the spool, room on the disk."""

import shutil
from pathlib import Path

from app.cli.findings import Finding
from app.cli.setup.system import reads_thai
from core.settings import Settings

_ROOM = 1 << 30


def look_at_surroundings(settings: Settings) -> list[Finding]:
    return [_pictures(), _spool(settings.data_dir / "spool"), _disk(settings.data_dir)]


def _pictures() -> Finding:
    if reads_thai():
        return Finding(True, "pictures", "Tesseract reads Thai")
    return Finding(
        False, "pictures", "Tesseract with Thai is missing, pictures are not read: "
        "apt-get install tesseract-ocr tesseract-ocr-tha"
    )  # fmt: skip


def _spool(folder: Path) -> Finding:
    waiting = len(list(folder.glob("[!.]*.spool")))
    aside = len([*folder.glob("*.refused"), *folder.glob("*.unreadable")])
    if aside:
        return Finding(
            False, "spool", f"{aside} files were put aside in {folder}: see “The spool” in docs/runbook.md"
        )
    if waiting:
        return Finding(False, "spool", f"{waiting} batches wait for the database; web processes take them in")
    return Finding(True, "spool", "empty")


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder if folder.exists() else Path()).free
    text = f"{free / (1 << 30):.1f} GiB free for {folder}"
    return Finding(free >= _ROOM, "disk", text if free >= _ROOM else f"{text}: make room, the spool needs it")
