"""What was sent to the page: text, pictures, choices. Kept in memory only, and returned also where something is wrong."""

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from app.public.limits import MOST_PICTURES, MOST_TEXT_BYTES
from app.public.refusals import TooManyPicturesError
from core.errors import AppError, InvalidInputError
from referrals.directory.hotlines import Language

_MOST_FIELDS = 12


class PictureFiles(list[UploadFile]):
    """The pictures of one form, in their order."""

    async def close(self) -> None:
        for file in self:
            await file.close()


class Sent:
    """One form. `switches` means that only the language was changed."""

    def __init__(self, fields: dict[str, str], pictures: PictureFiles) -> None:
        self.text = fields.get("text", "").replace("\r\n", "\n").strip()
        self.pictures = pictures
        self.language: Language = "en" if (fields.get("switch") or fields.get("lang")) == "en" else "th"
        self.switches = "switch" in fields
        # Whoever only changes the language has agreed before or not at all.
        self.agrees = fields.get("keep") == "1" and not self.switches
        self.answer = fields.get("answer", "")[:20]
        self.abroad = fields.get("abroad") == "1"
        self.money = fields.get("money") == "1"


class _InMemory(MultiPartParser):
    """Pictures are never written to a disk; how many bytes there are is bounded before they come here."""

    spool_max_size = 1 << 30


async def read_form(request: Request) -> tuple[Sent, AppError | None]:
    """Read the form; where its end is missing or refused, return what came before with the error."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _read_plain(request)
    parser = _InMemory(
        request.headers,
        request.stream(),
        max_files=MOST_PICTURES,
        max_fields=_MOST_FIELDS,
        max_part_size=MOST_TEXT_BYTES,
    )
    trouble: AppError | None = None
    try:
        await parser.parse()
    except AppError as error:
        trouble = error
    except MultiPartException as error:
        many = error.message.startswith("Too many files")
        trouble = TooManyPicturesError("too many pictures") if many else InvalidInputError("no such form")
    return _sent(FormData(parser.items), whole=trouble is None), trouble


async def _read_plain(request: Request) -> tuple[Sent, AppError | None]:
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return Sent({}, PictureFiles()), InvalidInputError("send a form")
    try:
        return _sent(await FormParser(request.headers, request.stream()).parse(), whole=True), None
    except AppError as error:
        return Sent({}, PictureFiles()), error
    except FormParserError:
        return Sent({}, PictureFiles()), InvalidInputError("no such form")


def _sent(form: FormData, *, whole: bool) -> Sent:
    fields: dict[str, str] = {}
    pictures = PictureFiles()
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields[name] = value
        elif whole and name == "pictures" and value.size:
            pictures.append(value)
        else:
            # A browser sends an empty file where none was chosen.
            value.file.close()
    return Sent(fields, pictures)
