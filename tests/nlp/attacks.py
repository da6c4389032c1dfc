"""Twenty ways in which senders disguise a text, each a function of the text and a seed; people can still read the result."""

import random
import re
from collections.abc import Callable
from typing import NamedTuple

Attack = Callable[[str, int], str]
_CLUSTER = r"[เ-ไ]?[ก-ฮ](?:[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[ะาำ]?)|[a-zA-Z0-9]"
_WORD = re.compile("[ก-๎]+|[a-zA-Z]+")
_TONES = "่้๊๋"
_EMOJI = "🔥⭐💰✅🎉❤💸"


def _letters(text: str, rng: random.Random, share: float, change: Callable[[str], str]) -> str:
    """Every letter changed with a probability."""
    return "".join(change(c) if (c.isalpha() and rng.random() < share) else c for c in text)


def _words(text: str, rng: random.Random, share: float, change: Callable[[str], str]) -> str:
    """Every run of Thai or Latin letters changed with a probability."""
    return _WORD.sub(lambda match: change(match[0]) if rng.random() < share else match[0], text)


def _apart(word: str, separators: list[str], at_a_time: int = 1) -> str:
    clusters = re.findall(f"{_CLUSTER}|.", word)
    pieces = ["".join(clusters[i : i + at_a_time]) for i in range(0, len(clusters), at_a_time)]
    return "".join(
        f"{separators[i % len(separators)]}{piece}" if i else piece for i, piece in enumerate(pieces)
    )


def zero_width(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return _letters(text, rng, 0.4, lambda c: c + rng.choice("\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"))


def combining_marks(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return _letters(text, rng, 0.4, lambda c: c + rng.choice("\u0335\u0336\u0332\u0308\u20dd\u0489"))


def spaced_letters(text: str, seed: int) -> str:
    return _words(text, random.Random(seed), 0.7, lambda word: _apart(word, [" "]))


def dotted_letters(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return _words(
        text, rng, 0.7, lambda word: _apart(word, rng.choices(list(".-_/|*~·"), k=rng.choice([1, 3])))
    )


def emoji_between(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return _words(text, rng, 0.7, lambda word: _apart(word, rng.choices(_EMOJI, k=2)))


def two_at_a_time(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return _words(text, rng, 0.7, lambda word: _apart(word, [rng.choice([" ", ".", "-", "_", " / "])], 2))


def repeated_letters(text: str, seed: int) -> str:
    rng = random.Random(seed)
    if rng.random() < 0.5:
        return _letters(text, rng, 0.3, lambda c: c * rng.choice([3, 4, 6]))
    return _letters(text, rng, 1.0, lambda c: c * 2)


def extra_tones(text: str, seed: int) -> str:
    rng = random.Random(seed)
    change = {True: lambda c: c + rng.choice(_TONES), False: lambda c: c}
    marked = _letters(text, rng, 0.25, lambda c: change["ก" <= c <= "ฮ"](c))
    return re.sub(f"([{_TONES}])", lambda match: match[0] * rng.choice([1, 1, 2]), marked)


def misplaced_marks(text: str, seed: int) -> str:
    rng = random.Random(seed)
    text = re.sub(f"([ัิ-ู])([{_TONES}])", lambda m: m[2] + m[1] if rng.random() < 0.7 else m[0], text)
    text = re.sub(f"([ก-ฮ])([{_TONES}])", lambda m: m[2] + m[1] if rng.random() < 0.5 else m[0], text)
    return re.sub(f"([{_TONES}])ำ", lambda m: "ำ" + m[1] if rng.random() < 0.7 else m[0], text)


def other_digits(text: str, seed: int) -> str:
    rng = random.Random(seed)
    styles = [
        "๐๑๒๓๔๕๖๗๘๙",
        "０１２３４５６７８９",
        "⓪①②③④⑤⑥⑦⑧⑨",
        "٠١٢٣٤٥٦٧٨٩",
        "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
        "⓿❶❷❸❹❺❻❼❽❾",
        "₀₁₂₃₄₅₆₇₈₉",
    ]
    style = rng.choice([*styles, "emoji"])
    return re.sub("[0-9]", lambda m: f"{m[0]}\ufe0f\u20e3" if style == "emoji" else style[int(m[0])], text)


def styled_letters(text: str, seed: int) -> str:
    """Mathematical, fullwidth, circled or squared letters, small capitals."""
    first = random.Random(seed).choice(
        [0x1D400, 0x1D4D0, 0x1D5D4, 0x1D670, 0xFF21, 0x24B6, 0x1F130, 0x1F150, 0x1F170, 0]
    )
    small = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
    return re.sub(
        "[a-zA-Z]",
        lambda m: chr(first + ord(m[0].upper()) - ord("A")) if first else small.get(m[0].lower(), m[0]),
        text,
    )


def lookalike_letters(text: str, seed: int) -> str:
    rng = random.Random(seed)
    alike = {"a": "аα", "c": "сϲ", "e": "еҽ", "i": "іι", "j": "ј", "k": "кκ", "l": "ӏ", "m": "м", "n": "ո", "o": "оοօ",
             "p": "рρ", "s": "ѕ", "t": "тτ", "u": "υ", "x": "хχ", "y": "уγ", "A": "АΑᎪ", "B": "ВΒ", "E": "ЕΕ", "H": "НΗ",
             "I": "ІΙ", "K": "КΚ", "L": "Ꮮ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "T": "ТΤ", "X": "ХΧ"}  # fmt: skip
    return "".join(rng.choice(alike[c]) if c in alike and rng.random() < 0.8 else c for c in text)


_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,./1234567890-=QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?!@#$%^&*()_+\\|"
_KEDMANEE = 'ๆไำพะัีรนยบลฟหกดเ้่าสวงผปแอิืทมใฝๅ/-ภถุึคตจขช๐"ฎฑธํ๊ณฯญฐ,ฤฆฏโฌ็๋ษศซ.()ฉฮฺ์?ฒฬฦ+๑๒๓๔ู฿๕๖๗๘๙ฃฅ'
_TO_LATIN = {thai: key for key, thai in zip(_KEYS, _KEDMANEE, strict=True) if "ก" <= thai <= "๎"}
_TO_THAI = {key: thai for thai, key in _TO_LATIN.items() if key.isalpha()}


def wrong_keyboard(text: str, seed: int) -> str:
    """Some words typed without switching the layout, both ways."""
    rng = random.Random(seed)

    def typed(match: re.Match[str]) -> str:
        word = match[0]
        if word[0] in _TO_LATIN:
            return (
                "".join(_TO_LATIN.get(c, c) for c in word) if len(word) >= 4 and rng.random() < 0.6 else word
            )
        return (
            "".join(_TO_THAI.get(c, c) for c in word.lower())
            if len(word) >= 4 and rng.random() < 0.6
            else word
        )

    return re.sub(r"(?<!\S)(?:[ก-๎]+|[a-zA-Z]+)(?!\S)", typed, text)


def leetspeak(text: str, seed: int) -> str:
    rng = random.Random(seed)
    leet = {"a": "4@", "e": "3", "i": "1!", "l": "1", "o": "0", "s": "5$", "t": "7"}
    return _words(text, rng, 0.8, lambda word: "".join(
        rng.choice(leet[c.lower()]) if c.lower() in leet and rng.random() < 0.7 else c for c in word))  # fmt: skip


def split_lines(text: str, seed: int) -> str:
    """A line end after every so many letters, also in the midst of a word."""
    width = random.Random(seed).choice([5, 8, 13])
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def swapped_vowels(text: str, seed: int) -> str:
    rng = random.Random(seed)
    return re.sub("([เ-ไ])([ก-ฮ])", lambda m: m[2] + m[1] if rng.random() < 0.5 else m[0], text)


def rare_thai_letters(text: str, seed: int) -> str:
    rng = random.Random(seed)
    alike = {
        "ข": "ฃ",
        "ค": "ฅ",
        "า": "ๅ",
        "แ": "เเ",
        "ำ": "ํา",
        "น": "ณ",
        "ส": "ศ",
        "ย": "ญ",
        "ท": "ธ",
        "ล": "ฬ",
    }
    return "".join(
        alike[c] if c in alike and rng.random() < (0.8 if c in "ขคาแำ" else 0.3) else c for c in text
    )


def lao_letters(text: str, seed: int) -> str:
    rng = random.Random(seed)
    alike = dict(zip("กขคงจซยดตถทนบปผฝพฟมรลวสหอะัาำิีึืุูเแโใไ่้๊๋", "ກຂຄງຈຊຍດຕຖທນບປຜຝພຟມຣລວສຫອະັາຳິີຶືຸູເແໂໃໄ່້໊໋", strict=True))
    return "".join(alike[c] if c in alike and rng.random() < 0.5 else c for c in text)


def phonetic_spelling(text: str, seed: int) -> str:
    """Letters of the same sound, marks of length and silence left out."""
    rng = random.Random(seed)
    alike = {"ใ": "ไ", "ไ": "ใ", "ศ": "ส", "ษ": "ส", "ณ": "น", "ญ": "ย", "ภ": "พ", "ธ": "ท", "ฒ": "ท", "ฏ": "ต", "ฎ": "ด",
             "ฬ": "ล", "็": "", "์": "", "ี": "ิ", "ู": "ุ", "ื": "ึ"}  # fmt: skip
    return "".join(alike[c] if c in alike and rng.random() < 0.6 else c for c in text)


def latin_in_thai(text: str, seed: int) -> str:
    """Latin letters that look like Thai ones inside Thai words: "สuใจ", "รๅยไดั"."""
    rng = random.Random(seed)
    alike = {"น": "u", "ร": "s", "พ": "w", "ง": "J", "ก": "n", "อ": "o"}
    return re.sub("(?<=[ก-๎])[นรพงกอ](?=[ก-๎])", lambda m: alike[m[0]] if rng.random() < 0.4 else m[0], text)


ATTACKS: tuple[Attack, ...] = (
    zero_width, combining_marks, spaced_letters, dotted_letters, emoji_between, two_at_a_time, repeated_letters, extra_tones,
    misplaced_marks, other_digits, styled_letters, lookalike_letters, wrong_keyboard, leetspeak, split_lines, swapped_vowels,
    rare_thai_letters, lao_letters, phonetic_spelling, latin_in_thai,
)  # fmt: skip


class Disguise(NamedTuple):
    """One attack, or two in a row."""

    name: str
    steps: tuple[Attack, ...]

    def apply(self, text: str, seed: int) -> str:
        for step in self.steps:
            text = step(text, seed)
        return text


def single_disguises() -> list[Disguise]:
    return [Disguise(attack.__name__, (attack,)) for attack in ATTACKS]


def paired_disguises() -> list[Disguise]:
    """Every ordered pair of different attacks."""
    return [
        Disguise(f"{first.__name__} + {second.__name__}", (first, second))
        for first in ATTACKS
        for second in ATTACKS
        if first is not second
    ]
