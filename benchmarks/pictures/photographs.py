"""What phones and networks do to a picture: photographs of paper, pictures shrunk and squeezed."""

import random
from io import BytesIO

import numpy as np
from PIL import Image, ImageFilter

from benchmarks.pictures import posters, typefaces
from benchmarks.pictures.drawn import Drawn, jpeg
from benchmarks.pictures.posters import Look, draw_rows, height_of, set_rows

_EDGE = 90  # pixels of table round the sheet


def draw_photograph(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    """A printed sheet on a table: slanted, a little out of focus, noisy, with a shadow over it."""
    faces = typefaces.READING_HELD_OUT if held_out else typefaces.READING
    ink = chance.choice(("#111111", "#1a1a2e", "#2b2b2b"))
    look = Look(
        chance.choice(faces),
        chance.choice(faces),
        chance.choice((36, 42, 48)),
        ink,
        ink,
        (0, ink),
        chance.random() < 0.5,
    )
    rows = set_rows(text, look)
    sheet = draw_rows(Image.new("RGB", (posters.WIDTH, height_of(rows)), "#f4f1ea"), rows, look)
    taken = _slanted(sheet, chance).filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.5)))
    lit = _with_shadow_and_noise(taken, chance)
    return Drawn(jpeg(lit, chance.choice((70, 80))), "\n".join(row.text for row in rows))


def draw_small(text: str, chance: random.Random, *, held_out: bool) -> Drawn:
    """A sober poster after it was forwarded often: half the size, squeezed hard."""
    drawn = posters.draw_clean(text, chance, held_out=held_out)
    with Image.open(BytesIO(drawn.data)) as picture:
        share = chance.uniform(0.42, 0.55)
        small = picture.resize(
            (int(picture.width * share), int(picture.height * share)), Image.Resampling.BILINEAR
        )
    return Drawn(jpeg(small, chance.choice((30, 40, 50))), drawn.truth)


def _slanted(sheet: Image.Image, chance: random.Random) -> Image.Image:
    """Seen from slightly aside: every corner moves by up to 4 % of the sheet, and it is turned by up to 3°."""
    table = Image.new(
        "RGB", (sheet.width + 2 * _EDGE, sheet.height + 2 * _EDGE), chance.choice(("#5d4037", "#37474f"))
    )
    table.paste(sheet, (_EDGE, _EDGE))
    table = table.rotate(chance.uniform(-3, 3), Image.Resampling.BICUBIC, fillcolor="#4b3a30")
    width, height = table.size
    slack = 0.04 * min(width, height)
    corners: list[tuple[float, float]] = [(0, 0), (width, 0), (width, height), (0, height)]
    moved = [(x + chance.uniform(-slack, slack), y + chance.uniform(-slack, slack)) for x, y in corners]
    return table.transform(
        table.size, Image.Transform.PERSPECTIVE, _projection(corners, moved), Image.Resampling.BICUBIC
    )


def _projection(seen: list[tuple[float, float]], real: list[tuple[float, float]]) -> list[float]:
    """The eight numbers that carry every point of the result to its point of the source."""
    rows, targets = [], []
    for (x, y), (u, v) in zip(seen, real, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        targets += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows), np.array(targets))]


def _with_shadow_and_noise(taken: Image.Image, chance: random.Random) -> Image.Image:
    pixels = np.asarray(taken, np.float32)
    height, width, _ = pixels.shape
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    slope = across * chance.uniform(-0.25, 0.25) + down * chance.uniform(-0.25, 0.25)
    shadow = 0.25 / (
        1 + np.exp(-12 * (across * chance.choice((-1, 1)) + down * 0.4 - chance.uniform(0.1, 0.6)))
    )
    noise = np.random.default_rng(chance.randrange(2**32)).normal(0, chance.uniform(4, 9), pixels.shape)
    lit = pixels * (0.85 + slope - shadow)[..., None] + noise
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))
