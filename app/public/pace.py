"""How often one network address may ask. Addresses are known only by a hash under a key that dies with the process."""

import hashlib
import ipaddress
import math
import secrets
from collections import OrderedDict

# Thai mobile networks put hundreds of people behind one address, so a burst of many is ordinary.
TEXTS, TEXTS_PER_MINUTE = 40, 30
PICTURES, PICTURES_PER_MINUTE = 12, 6
_MOST_KNOWN = 20_000
_NETWORK_BITS = 64  # of an IPv6 address: what one household gets

_key = secrets.token_bytes(32)


def address_key(address: str) -> bytes:
    """Name an address without keeping it: a keyed hash of it, of an IPv6 address of its network."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return _hashed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return _hashed(str(parsed.ipv4_mapped))
        return _hashed(str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False)))
    return _hashed(str(parsed))


def _hashed(name: str) -> bytes:
    return hashlib.blake2b(name.encode("utf-8", "replace"), key=_key, digest_size=16).digest()


class Pace:
    """A bucket for each address that fills again; in memory, the longest unseen forgotten first."""

    def __init__(self, burst: int, per_minute: float) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def take(self, who: bytes, now: float, count: int = 1) -> int:
        """Take so many; returns 0, or the seconds to wait where there are too few, and then takes none."""
        left, at = self._buckets.pop(who, (float(self._burst), now))
        left = min(float(self._burst), left + max(now - at, 0.0) * self._per_second)
        enough = left >= count
        self._buckets[who] = (left - count if enough else left, now)
        if len(self._buckets) > _MOST_KNOWN:
            self._buckets.popitem(last=False)
        return 0 if enough else max(1, math.ceil((count - left) / self._per_second))
