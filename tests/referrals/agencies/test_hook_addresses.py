import pytest

from referrals.agencies.hook_addresses import LONGEST_ADDRESS, HookAddressError, check_address, is_public


@pytest.mark.parametrize(
    "address",
    [
        "https://cases.agency.go.th/rootan",
        "https://agency.example:8443/a?b=1",
        "https://xn--12c1fe0br.xn--o3cw4h/x",
    ],
)
def test_https_to_a_named_host_may_be_called(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://agency.example/", "ftp://agency.example/", "https:///x", "https://", "agency.example", "",
        "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
        "https://127.1/", "https://localhost/", "https://printer.local/", "https://db.internal/", "https://intranet/",
        "https://user@agency.example/", "https://u:p@agency.example/", "https://agency.example/#x",
        "https://agency.example:0/", "https://agency.example:99999/", "https://agency.example/ x",
        "https://agency.example/\u0e01", "https://agency.example\\@10.0.0.1/", "https://169.254.169.254/latest/",
        "https://agency.example./", f"https://agency.example/{'x' * LONGEST_ADDRESS}", "https://-a.example/",
    ],
)  # fmt: skip
def test_anything_else_may_not(address: str) -> None:
    with pytest.raises(HookAddressError):
        check_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.150.0.1", "2606:4700::1111"])
def test_addresses_of_the_public_net_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:1::",
        "::7f00:1", "no address",
    ],
)  # fmt: skip
def test_no_address_of_ones_own_house_may_be_reached(address: str) -> None:
    assert not is_public(address)
