"""The words between the web process and the examiner."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import msgspec

from campaigns.composer.fault import Fault
from campaigns.plans.plan import Plan
from referrals.desk.term_keys import Term
from referrals.directory.hotlines import Language
from referrals.packets.graphemes import Suggestion
from screening.standing import HandleKind

Answer = TypeVar("Answer")


class Asked(msgspec.Struct, Generic[Answer], frozen=True):
    """What the examiner is asked; `told` is the type of what it tells."""

    told: ClassVar[type[Any]]


class Examines(Protocol):
    """Whoever examines: a process apart, in tests also the same one."""

    def prepare(self) -> None:
        """Begin while somebody still types; returns at once."""

    async def ask(self, asked: Asked[Answer]) -> Answer:
        """Pass a question on; raises BusyError, FailedError."""


class Told(msgspec.Struct, frozen=True):
    """The page that answers; `retry` in seconds, 0 for none."""

    status: int
    html: str
    retry: int = 0


class Ask(Asked[Told], frozen=True, omit_defaults=True, tag=True):
    """One offer to be examined, or the answer to our question (`answer`, as "fee.yes").

    `who` names the network address by a keyed hash; `unread` says of each picture, in order, why it gave no words,
    "" where it gave some.
    """

    told: ClassVar[type[Any]] = Told
    language: Language
    who: bytes
    text: str = ""
    in_picture: bool = False
    unread: tuple[str, ...] = ()
    agrees: bool = False
    answer: str = ""
    abroad: bool = False
    money: bool = False


class Weighed(msgspec.Struct, frozen=True):
    """Whether words are an offer of danger, and why; nothing of the words themselves."""

    danger: bool
    reasons: tuple[str, ...] = ()


class Weigh(Asked[Weighed], frozen=True, tag=True):
    """Words said in a group, for whoever judges."""

    told: ClassVar[type[Any]] = Weighed
    text: str


class Judged(msgspec.Struct, frozen=True):
    """The line that `rootan screen --jsonl` writes for one text."""

    line: dict[str, Any]


class Judge(Asked[Judged], frozen=True, tag=True):
    """An offer to be judged; nothing is kept."""

    told: ClassVar[type[Any]] = Judged
    text_id: str
    text: str


class CallRead(msgspec.Struct, frozen=True):
    """Answers as codes, the first question whose answer can't be read, and kinds of danger heard in the story."""

    answers: dict[str, tuple[str, ...]]
    unread: str = ""
    heard: tuple[str, ...] = ()


class ReadCall(Asked[CallRead], frozen=True, tag=True):
    """What was typed for each question of a telephone report, and the story."""

    told: ClassVar[type[Any]] = CallRead
    typed: Mapping[str, Sequence[str]]
    story: str = ""


class PlacesFound(msgspec.Struct, frozen=True):
    """The code of each place, "" for what is none."""

    codes: tuple[str, ...]


class FindPlaces(Asked[PlacesFound], frozen=True, tag=True):
    """Names of provinces and countries as typed."""

    told: ClassVar[type[Any]] = PlacesFound
    names: Sequence[str]


class Masked(msgspec.Struct, frozen=True):
    """Texts with ids, numbers, links and companies replaced by what they are."""

    texts: list[str]


class Mask(Asked[Masked], frozen=True, tag=True):
    """Texts that staff are to see without what leads to somebody."""

    told: ClassVar[type[Any]] = Masked
    texts: Sequence[str]


class Quoted(msgspec.Struct, frozen=True):
    """Words that show why texts are lures, and lead to nobody."""

    quotes: list[str]


class Quote(Asked[Quoted], frozen=True, tag=True):
    """Masked texts of a wave that is to be warned of."""

    told: ClassVar[type[Any]] = Quoted
    texts: Sequence[str]


class HandleRead(msgspec.Struct, frozen=True):
    """The form in which a handle is kept, "" for what is none of its kind."""

    value: str


class ReadHandle(Asked[HandleRead], frozen=True, tag=True):
    """A handle as staff wrote it."""

    told: ClassVar[type[Any]] = HandleRead
    kind: HandleKind
    written: str


class Meant(msgspec.Struct, frozen=True):
    """What somebody may look for: exact things, and words of a title."""

    terms: frozenset[Term]
    words: frozenset[str]


class ReadQuery(Asked[Meant], frozen=True, tag=True):
    """What was typed into the search."""

    told: ClassVar[type[Any]] = Meant
    query: str


class Suggested(msgspec.Struct, frozen=True):
    """Of each text the places that may tell who somebody is."""

    found: dict[str, list[Suggestion]]


class Suggest(Asked[Suggested], frozen=True, tag=True):
    """Texts of a packet, by id."""

    told: ClassVar[type[Any]] = Suggested
    texts: Mapping[str, str]


class Spelt(msgspec.Struct, frozen=True):
    """Hints, each at its place in the plan."""

    faults: list[Fault]


class Spell(Asked[Spelt], frozen=True, tag=True):
    """What a campaign says, to be looked through for words that look misspelt."""

    told: ClassVar[type[Any]] = Spelt
    plan: Plan


class Compared(msgspec.Struct, frozen=True):
    """A keyword in the form in which it is compared; empty where it means something to us already."""

    keyword: str


class Compare(Asked[Compared], frozen=True, tag=True):
    """What somebody wants people to type to begin a campaign."""

    told: ClassVar[type[Any]] = Compared
    typed: str


Question = (
    Ask
    | Weigh
    | Judge
    | ReadCall
    | FindPlaces
    | Mask
    | Quote
    | ReadHandle
    | ReadQuery
    | Suggest
    | Spell
    | Compare
)


class Ground(msgspec.Struct, frozen=True):
    """What an examiner starts with. It travels by a pipe, so that neither a command line nor an environment holds it."""

    database: str
    keyset: str
