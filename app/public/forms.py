"""What was sent to the page: text, pictures, choices. Kept in memory only, and returned also where something is wrong."""

import regex
from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from bots.dialogues.offer import QUESTIONS, REPLIES, Question, Reply
from bots.engine.steps import Language
from core.errors import AppError, InvalidInputError

MOST_CHARACTERS = 10_000
MOST_PICTURES = 4
_MOST_FIELDS = 12
_MOST_FIELD_BYTES = 1536 * 1024
# Control and direction characters, unpaired and private ones: they could hide or turn words around.
_UNFIT = regex.compile(r"[[\p{Cc}--\n\t]\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069]", regex.V1)
_SIGNS_OF_BINARY = regex.compile(r"[[\p{Cc}--\n\t]\p{Cs}\p{Co}\p{Cn}\ufffd]", regex.V1)


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
        self.abroad = fields.get("abroad") == "1"
        self.money = fields.get("money") == "1"
        asked = fields.get("answer", "").partition(".")
        self.question: Question | None = next((one for one in QUESTIONS if one == asked[0]), None)
        self.reply: Reply | None = next((one for one in REPLIES if one == asked[2]), None)


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
        max_part_size=_MOST_FIELD_BYTES,
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


class TooManyPicturesError(InvalidInputError):
    code = "too_many_pictures"


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


def harmless(text: str) -> str:
    """The text without characters that hide, turn or break what stands around it; the page escapes the rest."""
    return _UNFIT.sub("", text)


def is_binary(text: str) -> bool:
    """Whether more than a fifth of it can't be text."""
    return len(_SIGNS_OF_BINARY.findall(text)) * 5 > len(text)
