"""A picture drawn anew: what is seen stays, and nothing of where, when and by which telephone it was taken."""

from io import BytesIO

from PIL import Image, ImageFile, ImageOps
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from referrals.cleaning.kinds import Cleaned, Refused

MOST_PIXELS = 40_000_000
# Higher would only grow the file (Pillow: above 95 compression is largely off).
_QUALITY = 92
_PLUGINS: dict[str, type[ImageFile.ImageFile]] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/gif": GifImageFile,
    "image/webp": WebPImageFile,
}
_BROKEN = (
    OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, Image.DecompressionBombError,
)  # fmt: skip


def clean_picture(data: bytes, media_type: str) -> Cleaned:
    """Decode and encode anew, upright; of a moving picture the first. Raises Refused.

    The plugin is called directly, so that no other decoder of Pillow is ever tried. Photographs stay JPEG; all else
    becomes PNG, so that letters stay sharp.
    """
    try:
        with _PLUGINS[media_type](BytesIO(data)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("too_many_pixels")
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _encode(upright, media_type)
    except _BROKEN as error:
        raise Refused("broken") from error


def _encode(picture: Image.Image, media_type: str) -> Cleaned:
    is_photograph = media_type == "image/jpeg"
    plain = picture.convert("RGB" if is_photograph else "RGBA")
    plain.info = {}
    out = BytesIO()
    if is_photograph:
        plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
        return Cleaned("picture", "image/jpeg", out.getvalue())
    is_opaque = plain.getchannel("A").getextrema() == (255, 255)
    (plain.convert("RGB") if is_opaque else plain).save(out, "PNG")
    return Cleaned("picture", "image/png", out.getvalue())
