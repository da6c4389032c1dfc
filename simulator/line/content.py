"""What people sent as files, and whether it is ready to be fetched."""

from __future__ import annotations

from simulator.asgi import Request, Response
from simulator.line.account import Content, LineAccount
from simulator.line.errors import RefusalError, answer, error


async def get_content(line: LineAccount, request: Request, message_id: str) -> Response:
    """202 while a video or audio is still being prepared."""
    del request
    content = _find(line, message_id)
    if content.ready_after > line.world.clock.now():
        return Response(202)
    return Response(200, content.body, content.media_type.encode())


async def get_preview(line: LineAccount, request: Request, message_id: str) -> Response:
    del request
    content = _find(line, message_id)
    if content.kind not in ("image", "video"):
        raise RefusalError(error(400, "The content can not be previewed"))
    return Response(200, content.body, content.media_type.encode())


async def get_transcoding(line: LineAccount, request: Request, message_id: str) -> Response:
    del request
    content = _find(line, message_id)
    if content.kind not in ("video", "audio"):
        raise RefusalError(error(400, "Transcoding status doesn't support this type of content"))
    waiting = content.ready_after > line.world.clock.now()
    return answer({"status": "processing" if waiting else "succeeded"})


def _find(line: LineAccount, message_id: str) -> Content:
    content = line.contents.get(message_id)
    if content is None:
        raise RefusalError(error(404, "not found"))
    if content.unsent:
        raise RefusalError(error(410, "The content is gone"))
    return content
