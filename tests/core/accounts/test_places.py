import pytest

from core.accounts.places import describe_browser, network_of, place_of
from core.crypto.keyset import Keyset

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
EDGE = f"{CHROME} Edg/142.0.0.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome · Windows"),
        (EDGE, "Edge · Windows"),
        (IPHONE, "Safari · iPhone"),
        (SAMSUNG, "Samsung Internet · Android"),
        (FIREFOX, "Firefox · Linux"),
        (MAC, "Safari · macOS"),
        ("curl/8.5", ""),
        ("", ""),
        ("Line/ <script>", "LINE"),
    ],
)
def test_it_says_a_browser_in_words(agent: str, words: str) -> None:
    assert describe_browser(agent) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.0.0/16"),
        ("::ffff:203.0.113.9", "203.0.0.0/16"),
        ("2001:db8:1:2::3", "2001:db8::/32"),
        ("fe80::1%eth0", "fe80::/32"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_it_finds_the_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_a_place_is_a_browser_in_a_network(keyset: Keyset) -> None:
    def key(agent: str, address: str) -> bytes:
        return place_of(keyset, agent=agent, address=address).key

    here = key(CHROME, "203.0.113.9")
    assert here == key(CHROME, "203.0.7.1")
    assert len({here, key(EDGE, "203.0.113.9"), key(CHROME, "203.1.113.9"), key("", "203.0.113.9")}) == 4
    assert key("x" * 100_000, "") == key("x" * 500, "")
