"""What a picture looks like without its letters, and where something stands out from that.

A ground is a large region without strong edges: a poster's colour or gradient, a sheet of paper, each bubble of a chat. Letters
are what differs from the nearest ground, whether darker or lighter.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from nlp.reading_components import Mask, find_regions, labels

Grey = npt.NDArray[np.uint8]
Colours = npt.NDArray[np.float32]

_LEAST_RANGE = 12  # of 255: smaller differences between neighbours are no edge, even in a noiseless picture
_NOISE_SHARE = 35  # percentile of the range between neighbours that is taken for noise
_THICKNESS = 7  # pixels of the halved picture; strokes of letters are thinner, so they are no ground
_GROUND_AREA = 0.003  # of the picture's squared width
_GROUND_STEP = 28  # of 255: two grounds meet here
_LEAST_CONTRAST = 26  # of 255
_CONTRAST_SHARE = 0.45  # of the strongest contrast near by
_NEAR = 60  # pixels
_COARSE = 4  # pixels; the strongest contrast near by is looked for in blocks


def find_ground(picture: Image.Image) -> Image.Image:
    """The grounds alone, each spread to where letters stood."""
    half = picture.resize((max(1, picture.width // 2), max(1, picture.height // 2)), Image.Resampling.BOX)
    weight = _grounds(half).astype(np.float32)
    if not weight.any():
        weight[:] = 1
    spread = _spread(np.asarray(half, np.float32) * weight[..., None], weight)
    whole = Image.fromarray(np.clip(spread, 0, 255).astype(np.uint8))
    return whole.resize(picture.size, Image.Resampling.BILINEAR)


def contrast(picture: Image.Image, ground: Image.Image) -> Grey:
    """How far every pixel is from its ground, 0 to 255, by the channel that differs most; 0 where grounds meet."""
    difference = np.asarray(picture, np.int16) - np.asarray(ground, np.int16)
    far: Grey = np.abs(difference).max(axis=2).astype(np.uint8)
    far[_seams(ground)] = 0
    return far


def stand_out(far: Grey) -> Mask:
    """Pixels that differ from their ground clearly, compared with what stands near by."""
    clear: Mask = far > np.maximum(_LEAST_CONTRAST, _CONTRAST_SHARE * _strongest_near(far))
    return clear


def _grounds(half: Image.Image) -> Mask:
    reach = _range(half)
    flat = reach < max(_LEAST_RANGE, 2.0 * float(np.percentile(reach, _NOISE_SHARE)))
    regions = find_regions(flat)
    number = labels(regions, flat.shape)
    eroded = Image.fromarray(flat.astype(np.uint8) * 255).filter(ImageFilter.MinFilter(_THICKNESS))
    thick = np.zeros(len(regions.area) + 1, bool)
    thick[np.unique(number[(np.asarray(eroded) > 0) & (number >= 0)])] = True
    # The last place is that of -1, the pixels outside all regions.
    thick[:-1] &= regions.area >= _GROUND_AREA * half.width**2
    thick[-1] = False
    found: Mask = thick[number]
    return found


def _range(picture: Image.Image) -> npt.NDArray[np.int16]:
    """The largest difference between neighbours, over the channels."""
    high = np.asarray(picture.filter(ImageFilter.MaxFilter(3)), np.int16)
    low = np.asarray(picture.filter(ImageFilter.MinFilter(3)), np.int16)
    found: npt.NDArray[np.int16] = (high - low).max(axis=2)
    return found


def _spread(colours: Colours, weight: npt.NDArray[np.float32]) -> Colours:
    """Fill what has no weight from ever coarser pictures of what has (pull-push)."""
    height, width = weight.shape
    if min(height, width) <= 2:
        mean = colours.sum(axis=(0, 1)) / max(float(weight.sum()), 1e-6)
        return np.broadcast_to(mean, colours.shape).astype(np.float32)
    even = (height + height % 2, width + width % 2)
    padded, padded_weight = np.zeros((*even, 3), np.float32), np.zeros(even, np.float32)
    padded[:height, :width], padded_weight[:height, :width] = colours, weight
    blocks = padded.reshape(even[0] // 2, 2, even[1] // 2, 2, 3).sum(axis=(1, 3))
    block_weight = padded_weight.reshape(even[0] // 2, 2, even[1] // 2, 2).sum(axis=(1, 3))
    capped = np.minimum(block_weight, 1)
    scale = (capped / np.maximum(block_weight, 1e-6))[..., None]
    coarse = _double(_double(_spread(blocks * scale, capped), 0), 1)[:height, :width]
    own = colours / np.maximum(weight, 1e-6)[..., None]
    return np.where(weight[..., None] > 0, own, coarse)


def _double(coarse: Colours, axis: int) -> Colours:
    """Twice as large along an axis, without steps: they would pass for seams and cut letters in two."""
    before = np.concatenate([coarse.take([0], axis), coarse.take(range(coarse.shape[axis] - 1), axis)], axis)
    after = np.concatenate([coarse.take(range(1, coarse.shape[axis]), axis), coarse.take([-1], axis)], axis)
    pairs = np.stack([0.75 * coarse + 0.25 * before, 0.75 * coarse + 0.25 * after], axis + 1)
    shape = list(coarse.shape)
    shape[axis] *= 2
    return pairs.reshape(shape).astype(np.float32)


def _seams(ground: Image.Image) -> Mask:
    """Where two grounds meet, as at the edge of a bubble or a sheet: no letter stands there."""
    half = ground.resize((max(1, ground.width // 2), max(1, ground.height // 2)), Image.Resampling.BOX)
    seams = Image.fromarray((_range(half) > _GROUND_STEP).astype(np.uint8) * 255)
    return np.asarray(seams.resize(ground.size, Image.Resampling.NEAREST)) > 0


def _strongest_near(far: Grey) -> npt.NDArray[np.float32]:
    height, width = far.shape
    framed = np.zeros((-(-height // _COARSE) * _COARSE, -(-width // _COARSE) * _COARSE), np.uint8)
    framed[:height, :width] = far
    blocks = framed.reshape(framed.shape[0] // _COARSE, _COARSE, framed.shape[1] // _COARSE, _COARSE).max(
        axis=(1, 3)
    )
    size = (_NEAR // _COARSE) | 1
    near = Image.fromarray(blocks).filter(ImageFilter.MaxFilter(size)).filter(ImageFilter.BoxBlur(size // 2))
    full = near.resize((framed.shape[1], framed.shape[0]), Image.Resampling.BILINEAR)
    return np.asarray(full, np.float32)[:height, :width]
