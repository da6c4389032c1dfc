"""Letters with an outline: their fill alone is what can be read, since outlines run into each other."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from nlp.reading_components import Mask
from nlp.reading_ground import Colours, Grey
from nlp.reading_lines import Line

_FEWEST = 60  # pixels that tell two colours apart
_APART = 70  # of 441, the distance of two colours
_ROUNDS = 8
_SAME = 60  # of 255 in every channel: still the same colour
_SHARE = 0.15  # of a line's pixels; both colours of an outlined line have more
_OFF = 90  # of 255: further from the way between outline and fill it is something else
_FILLED = 0.55

Colour = npt.NDArray[np.float32]


class _Pair(NamedTuple):
    outline: Colour
    fill: Colour


class _Patch(NamedTuple):
    """The surroundings of a line: where they lie, the pixels that stand out, their colours and those of the ground."""

    place: tuple[slice, slice]
    mask: Mask
    colours: Colours
    ground: Colours


def fill_outlined(
    picture: Image.Image, ground: Image.Image, far: Grey, mask: Mask, lines: list[Line]
) -> tuple[Grey, Mask] | None:
    """Contrast and mask where outlined letters are replaced by their fill; None where nothing is outlined.

    A line whose colours can't be told apart by themselves, say over confetti, is tried with those of the other lines.
    """
    patches = list(_patches(np.asarray(picture), np.asarray(ground), mask, lines))
    pairs = [_outlined(patch) for patch in patches]
    known = [pair for pair in pairs if pair is not None]
    if not known:
        return None
    far, mask = far.copy(), mask.copy()
    for patch, own in zip(patches, pairs, strict=True):
        pair = own or next((pair for pair in known if _fits(patch, pair)), None)
        if pair is not None:
            _keep_fill(patch, pair, far, mask)
    return far, mask


def grow(mask: Mask, size: int) -> Mask:
    """The mask with a rim; `size` is odd, twice the rim and one."""
    return np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(size))) > 0


def _patches(
    pixels: npt.NDArray[np.uint8], ground: npt.NDArray[np.uint8], mask: Mask, lines: list[Line]
) -> Iterator[_Patch]:
    for line in lines:
        ends = line.base_at(line.left), line.base_at(line.right)
        rows = slice(max(0, int(min(ends) - 1.5 * line.height)), int(max(ends) + 0.6 * line.height))
        columns = slice(max(0, line.left - 4), line.right + 4)
        place = rows, columns
        if mask[place].sum() >= _FEWEST:
            yield _Patch(
                place, mask[place], pixels[place].astype(np.float32), ground[place].astype(np.float32)
            )


def _outlined(patch: _Patch) -> _Pair | None:
    colours = patch.colours[patch.mask]
    split = _two_colours(colours)
    if split is None:
        return None
    first, second, is_first = split
    rim = grow(~patch.mask, 3)[patch.mask]
    # The outline touches the ground along its length, the fill hardly anywhere.
    touching = float(rim[is_first].mean()), float(rim[~is_first].mean())
    pair = _Pair(first, second) if touching[0] > touching[1] else _Pair(second, first)
    if min(touching) >= 0.5 * max(touching) or _is_soft_edge(pair, patch.ground[patch.mask].mean(axis=0)):
        return None
    return pair


def _two_colours(colours: Colours) -> tuple[Colour, Colour, Mask] | None:
    """Split pixels into two colours (2-means, begun with the dark and the light fifth); None where there is one."""
    brightness = colours @ np.array([0.3, 0.6, 0.1], np.float32)
    first = colours[brightness <= np.percentile(brightness, 20)].mean(axis=0)
    second = colours[brightness >= np.percentile(brightness, 80)].mean(axis=0)
    is_first = brightness < 0
    for _ in range(_ROUNDS):
        is_first = ((colours - first) ** 2).sum(axis=1) < ((colours - second) ** 2).sum(axis=1)
        if is_first.all() or not is_first.any():
            return None
        first, second = colours[is_first].mean(axis=0), colours[~is_first].mean(axis=0)
    return None if np.linalg.norm(first - second) < _APART else (first, second, is_first)


def _is_soft_edge(pair: _Pair, ground: Colour) -> bool:
    """Smoothed edges lie between ground and letter in colour too; an outline is a colour of its own."""
    way = pair.fill - ground
    length = max(float(way @ way), 1.0)
    share = float((pair.outline - ground) @ way) / length
    aside = float(np.linalg.norm(pair.outline - ground - share * way))
    return 0.1 < share < 0.95 and aside < 0.3 * length**0.5


def _fits(patch: _Patch, pair: _Pair) -> bool:
    colours = patch.colours[patch.mask]
    return all(float((np.abs(colours - colour).max(axis=1) < _SAME).mean()) > _SHARE for colour in pair)


def _keep_fill(patch: _Patch, pair: _Pair, far: Grey, mask: Mask) -> None:
    way = pair.fill - pair.outline
    share = np.clip((patch.colours - pair.outline) @ way / float(way @ way), 0, 1)
    off = np.abs(patch.colours - pair.outline - share[..., None] * way).max(axis=2)
    share = np.where(off < _OFF, share, 0)
    near = grow(patch.mask, 3)
    far[patch.place] = np.where(near, (share * 255).astype(np.uint8), far[patch.place])
    mask[patch.place] = np.where(near, share > _FILLED, mask[patch.place])
