# ruff: noqa: INP001 - a file by itself
"""A small client of the partner API, to read and to begin with. It needs Python 3.11 and nothing else.

    client = PartnerClient("https://rootan.example", client_id, secret)
    for case in client.cases("waiting"):
        client.accept(case["id"])
        client.tell(case["id"], "prosecution", step="inquiry", happened_on="2026-11-23", outside_id="A-1")

A call that got no answer is made again under the same key, so that nothing is done twice. `is_genuine` checks what comes
to your own address. docs/partner-api.md says the rest.
"""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

TRIES = 4
SECONDS = 30.0
REPLAY_WINDOW_SECONDS = 300
# Refused for good; everything else of these is worth another try.
TRY_AGAIN = (429, 500, 502, 503, 504)


class RefusedError(Exception):
    """The other side said no: `code` is stable, the text says what to do."""

    def __init__(self, status: int, code: str, text: str, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}: {text}")
        self.status, self.code, self.problem = status, code, problem


class PartnerClient:
    """One program of an agency."""

    def __init__(self, address: str, client_id: str, secret: str, scope: str = "") -> None:
        self.base = f"{address.rstrip('/')}/partner/v1"
        self._client_id, self._secret, self._scope = client_id, secret, scope
        self._token, self._ends = "", 0.0

    def cases(self, box: str = "waiting") -> Iterator[dict[str, Any]]:
        """Go through a box, page by page: "waiting", "working" or "ended"."""
        cursor = ""
        while True:
            page = self.get("/cases", box=box, cursor=cursor)
            yield from page["cases"]
            cursor = page["next"]
            if not cursor:
                return

    def case(self, case_id: str) -> dict[str, Any]:
        return self.get(f"/cases/{case_id}")

    def events(self, case_id: str) -> list[dict[str, Any]]:
        return self.get(f"/cases/{case_id}/events")["events"]

    def accept(self, case_id: str) -> None:
        self.post(f"/cases/{case_id}/accept")

    def decline(self, case_id: str, reason: str, note: str = "") -> None:
        self.post(f"/cases/{case_id}/decline", {"reason": reason, "note": note})

    def write(self, case_id: str, text: str) -> str:
        return self.post(f"/cases/{case_id}/messages", {"text": text})["id"]

    def tell(self, case_id: str, track: str, **step: Any) -> str:
        """Tell a step; with an `outside_id` of your own it counts once, however often it is told."""
        return self.post(f"/cases/{case_id}/{track}", step)["id"]

    def correct(self, case_id: str, track: str, event_id: str, reason: str) -> str:
        return self.post(f"/cases/{case_id}/{track}/{event_id}/correct", {"reason": reason})["id"]

    def add_hook(self, address: str) -> dict[str, str]:
        """Return the address's id and its secret, which is told this once."""
        return self.post("/hooks", {"address": address})

    def hand_in(
        self, content: bytes, *, apply: bool = False, kind: str = "application/jsonl"
    ) -> dict[str, Any]:
        """Try a file of steps out, or take it: whole or not at all."""
        mode = "apply" if apply else "check"
        return self._call("POST", f"/imports?mode={mode}", content, {"Content-Type": kind})

    def get(self, path: str, **query: str) -> Any:
        asked = urllib.parse.urlencode({name: value for name, value in query.items() if value})
        return self._call("GET", f"{path}?{asked}" if asked else path, None, {})

    def post(self, path: str, body: dict[str, Any] | None = None, *, key: str = "") -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return self._call("POST", path, content, headers)

    def _call(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Any:
        """Make one call, again where that may help; raises RefusedError, OSError."""
        for number in range(1, TRIES + 1):
            token = self._token_now()
            try:
                return self._once(method, path, content, headers | {"Authorization": f"Bearer {token}"})
            except RefusedError as refused:
                # A token that ended early, for the program was revoked or the clocks differ.
                self._token = "" if refused.status == 401 else self._token
                worth_it = refused.status in TRY_AGAIN or refused.code in {"token", "in_progress"}
                if number == TRIES or not worth_it:
                    raise
                time.sleep(float(refused.problem.get("wait") or 2**number / 4))
            except OSError:
                if number == TRIES:
                    raise
                time.sleep(2**number / 4)
        raise AssertionError

    def _token_now(self) -> str:
        if not self._token or time.monotonic() > self._ends:
            form = {"grant_type": "client_credentials"} | ({"scope": self._scope} if self._scope else {})
            pair = (
                f"{urllib.parse.quote(self._client_id, safe='')}:{urllib.parse.quote(self._secret, safe='')}"
            )
            told = self._once(
                "POST", "/token", urllib.parse.urlencode(form).encode(),
                {
                    "Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )  # fmt: skip
            # A minute early, so that none ends on its way.
            self._token, self._ends = told["access_token"], time.monotonic() + told["expires_in"] - 60
        return self._token

    def _once(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Any:
        request = urllib.request.Request(self.base + path, data=content, headers=headers, method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - the address is the caller's own
                body = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        return json.loads(body) if body else None


def _refusal(error: urllib.error.HTTPError) -> RefusedError:
    try:
        problem = json.loads(error.read() or b"{}")
    except ValueError:
        problem = {}
    code = problem.get("title") or problem.get("error") or "unknown"
    problem["wait"] = error.headers.get("Retry-After")
    return RefusedError(
        error.code, code, problem.get("detail") or problem.get("error_description") or "", problem
    )


def make_file(steps: list[dict[str, Any]]) -> bytes:
    """Return steps as JSON Lines, with the last line that says how many they are."""
    body = "".join(json.dumps(step, ensure_ascii=False) + "\n" for step in steps).encode()
    end = {"end": len(steps), "sha256": hashlib.sha256(body).hexdigest()}
    return body + json.dumps(end).encode() + b"\n"


def is_genuine(secret: str, headers: dict[str, str], body: bytes, now: float) -> bool:
    """Tell whether a call to your address comes from us and is new; `headers` by small letters, `now` in seconds.

    Remember `webhook-id` for as long, and do nothing for one that you had: a call may come twice.
    """
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdecimal() or abs(now - int(stamp)) > REPLAY_WINDOW_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    mac = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return any(hmac.compare_digest(mac, one) for one in headers.get("webhook-signature", "").split())
