"""npm's lock names no host."""

import orjson

from app.cli.setup.lock import without_addresses


def test_it_keeps_what_an_install_needs_and_drops_addresses() -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {
            "node_modules/a": {
                "version": "1.0.0",
                "integrity": "sha512-x",
                "resolved": "https://registry.example/a.tgz",
                "funding": {"url": "https://sponsors.example"},
            }
        },
    }
    kept = orjson.loads(without_addresses(orjson.dumps(lock)))
    assert kept == {
        "lockfileVersion": 3,
        "packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-x"}},
    }
