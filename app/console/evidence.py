"""One piece of evidence: shown or handed over to whoever may read its referral's words, and to nobody else.

It comes from outside, so the browser is told to run nothing, guess nothing and keep nothing.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from app.auditing import audited
from app.auth import Caller, require
from app.runtime import Runtime
from core.errors import NotFoundError
from referrals.cases import read_case
from referrals.cleaning.kinds import Cleaned
from referrals.evidence import open_evidence

router = APIRouter()
Reader = Annotated[Caller, Depends(require("referrals.read"))]
# Styles are those with which the browser itself fits a picture to its window.
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/wav": "wav",
    "audio/amr": "amr", "audio/amr-wb": "awb", "audio/mp4": "m4a", "video/mp4": "mp4", "application/pdf": "pdf",
}  # fmt: skip
_OTHER = "application/octet-stream"


@router.get("/console/referrals/{referral_id}/evidence/{evidence_id}", name="referral.see_evidence")
async def see_evidence(request: Request, referral_id: UUID, evidence_id: UUID, caller: Reader) -> Response:
    """Show a picture, hand over everything else as a file."""
    runtime: Runtime = request.app.state.runtime
    async with audited(request, caller) as session:
        case = await read_case(
            session,
            runtime.keys,
            referral_id,
            caller.account_id,
            oversees="referrals.assign" in caller.scopes,
        )
        if not case.shows_words:
            raise NotFoundError("no such evidence in this referral")
        piece = await open_evidence(session, runtime.keys, case.referral, evidence_id)
    return _answer(piece, evidence_id)


def _answer(piece: Cleaned, evidence_id: UUID) -> Response:
    known = piece.media_type if piece.media_type in _ENDINGS else _OTHER
    name = f"{piece.kind}-{evidence_id.hex[-8:]}.{_ENDINGS.get(known, 'bin')}"
    how = "inline" if piece.kind == "picture" and known.startswith("image/") else "attachment"
    return Response(
        piece.content,
        media_type=known,
        headers={
            "content-disposition": f'{how}; filename="{name}"',
            "content-security-policy": CONTENT_POLICY,
        },
    )
