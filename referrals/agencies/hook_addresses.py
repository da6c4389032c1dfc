"""Which addresses may be called: https to a public host. A program could else make us knock at doors inside our own house."""

import ipaddress
import re
from urllib.parse import urlsplit

from core.errors import InvalidInputError

LONGEST_ADDRESS = 500
# Written out as IPv4 they would pass for IPv6: 6to4, Teredo, NAT64 and its local form.
_TRANSLATED = tuple(
    ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::/96")
)
_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])", re.ASCII
)
# Never names of the public net (RFC 6761, 6762, 7686, 8375, 9476; ICANN on .internal).
_INSIDE = (
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "onion",
    "alt",
    "arpa",
)


class HookAddressError(InvalidInputError):
    """Not an https address of a public host."""

    code = "hook_address"


def check_address(address: str) -> None:
    """Refuse what is not https to a named public host; raises HookAddressError.

    To where the name leads is looked at again at every call (`hook_posting`): it may change.
    """
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable() or " " in address:
        raise HookAddressError(f"an address has up to {LONGEST_ADDRESS} plain characters")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise HookAddressError("this is no address") from None
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or parts.fragment:
        raise HookAddressError("an address begins with https:// and holds neither a user nor a fragment")
    if not _HOST.fullmatch(host) or host.rpartition(".")[2] in _INSIDE or port == 0:
        raise HookAddressError("an address names a host that can be reached from outside, not a number")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public net."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in net for net in _TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved
