"""Where a session begins: network and browser under one keyed hash, and the browser in words for one's own list.

How wide a network is, and why, stands in docs/decisions/0019.
"""

import ipaddress
import re
from dataclasses import dataclass

from core.crypto.keyset import Keyset

# Of the address, as many bits as one provider hands out in one area.
_BITS = {4: 16, 6: 32}
_LONGEST_AGENT = 500

# The first that fits: browsers name themselves after each other.
_BROWSERS = (
    ("Edge", r"\bEdg(?:e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("LINE", r"\bLine/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bChromium/|\bHeadlessChrome/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """`key` tells one place from another and nothing else; `device` is for its owner's eyes."""

    key: bytes
    device: str


def place_of(keyset: Keyset, *, agent: str, address: str) -> Place:
    """Name the place of a request by its `User-Agent` and network address."""
    agent = agent[:_LONGEST_AGENT]
    return Place(
        keyset.index("session-place", f"{network_of(address)}\0{agent}"),
        describe_browser(agent),
    )


def network_of(address: str) -> str:
    """Return the network that an address belongs to; empty where there is no address (a socket of this machine)."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, _BITS[parsed.version]), strict=False))


def describe_browser(agent: str) -> str:
    """Return "Chrome · Windows" or a part of it; empty for a browser that says neither."""
    named = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return " · ".join(name for name in named if name)


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, agent)), "")
