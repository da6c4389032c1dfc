"""Who plays a scenario: the phone in hand, what was heard since the last act, and every button ever shown."""

import re
from typing import Any

from core.messages.wording import never_at_a_glance, never_said
from simulator.faults import Platform
from simulator.phone import Item, Person, Timeline
from tests.scenarios.screen import Seen, asks_for_place, buttons, shown, words_of
from tests.scenarios.stage import Stage
from tests.scenarios.telling import Scenario

_RECEIPT = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
_LINK = re.compile(r"https?://\S+")
_LONGEST, _MAY_BE_LONG = 300, ("lessons/", "rights/")


class Player:
    """One scenario under way. Its person holds the phone; another device is another person to the platforms."""

    def __init__(self, stage: Stage, scenario: Scenario, platform: Platform) -> None:
        self.stage = stage
        self.phones = stage.phones
        self.scenario = scenario
        self.platform = platform
        self.person: Person
        self.first: Person
        # Where the last act was done: a person's own chat, or a group.
        self.chat = ""
        self.group = ""
        self.friend: Person | None = None
        # Of `casework`, once an agency has to do with the matter.
        self.desk: Any = None
        # What the last act was answered with, and how many of its bubbles were told already.
        self.heard: list[Item] = []
        self.told = 0
        self.told_loosely = False
        self.known: dict[str, set[str]] = {}
        # Every button that was ever shown, with the number of the answer.
        self.ever_shown: list[tuple[int, Seen]] = []
        self.answers = 0
        self.receipt = self.link = ""
        self.sent = ""
        self.unsettled = False

    async def begin(self) -> None:
        await self.stage.begin_at(*self.scenario.clock)
        self.person = self.first = await self.new_person(self.platform)
        self.chat = self.person.id

    def turn_over(self) -> None:
        """A new act begins: nothing is heard of it yet. Who tells one bubble exactly tells all of them."""
        left = self.said()[self.told :]
        if self.told and not self.told_loosely:
            assert not left, f"said more than told: {left}"
        self.heard, self.told, self.told_loosely = [], 0, False

    async def look(self) -> None:
        """Let the service work, then look at the phone."""
        if not self.unsettled:
            return
        self.unsettled = False
        await self.stage.settle()
        phone = await self.phone()
        before = self.known.setdefault(self.chat, set())
        new = [item for item in shown(phone) if item.author == "bot" and item.id not in before]
        before |= {item.id for item in new}
        self.heard += new
        self.answers += 1
        self.ever_shown += [(self.answers, seen) for seen in buttons(phone)]
        for item in new:
            if found := _RECEIPT.search(words_of(item)):
                self.receipt = found.group()
            if found := _LINK.search(words_of(item)):
                self.link = found.group()
            assert not (faults := self._faults(item)), f"{faults}: {words_of(item)!r}"
        blunt = [seen.label for seen in buttons(phone) if never_at_a_glance(seen.label)]
        assert not blunt, f"buttons tell too much: {blunt}"

    def _faults(self, item: Item) -> list[str]:
        """What holds for every bubble, whatever is told of it. Only LINE tells texts from cards, which may be longer."""
        said = words_of(item)
        faults = [f"says {word}" for word in never_said(said)]
        faults += [
            f"the lock screen says {word}" for word in never_at_a_glance(item.message.get("altText", ""))
        ]
        is_text = item.message.get("type") == "text"
        if is_text and len(said) > _LONGEST and not self.scenario.name.startswith(_MAY_BE_LONG):
            faults.append(f"longer than {_LONGEST}")
        return faults

    def said(self) -> list[str]:
        return [words_of(item) for item in self.heard if not asks_for_place(item)]

    async def phone(self) -> Timeline:
        return await self.phones.timeline(self.chat)

    async def new_person(self, platform: Platform) -> Person:
        return await self.phones.create_person(platform, "ดาว")
