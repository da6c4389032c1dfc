"""What the demo prints once its first page answers."""

from collections.abc import Sequence

from core.accounts.demo import DemoAccount


def greeting(address: str, accounts: Sequence[DemoAccount], seconds: float) -> str:
    """Return addresses and accounts, ready to copy."""
    widths = [max(len(str(row[n])) for row in map(_row, accounts)) for n in range(4)]
    rows = (
        "  " + "  ".join(f"{cell:<{w}}" for cell, w in zip(_row(a), widths, strict=True)) for a in accounts
    )
    return "\n".join(
        [
            "",
            f"รู้ทัน RooTan runs, first page after {seconds:.1f} s. Ctrl-C stops it.",
            "",
            f"  Phones   {address}/sandbox",
            f"  Console  {address}/console",
            "",
            "Accounts (address, password, secret for an authenticator app, role):",
            *(row.rstrip() for row in rows),
            "",
            "A sign-in code without an app:  .venv/bin/rootan staff code " + accounts[0].email,
            "",
        ]
    )


def _row(account: DemoAccount) -> tuple[str, str, str, str]:
    return account.email, account.password, account.totp_secret, account.role
