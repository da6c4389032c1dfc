"""`python -m simulator`: both fake platforms in a process of their own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from simulator.options import Options
from simulator.serving import run


def main() -> None:
    given = _parser().parse_args()
    options = Options(
        line_webhook=given.line_webhook,
        line_secret=given.line_secret,
        line_token=given.line_token,
        line_timeout_s=given.line_timeout,
        line_quota=given.line_quota,
        telegram_webhook=given.telegram_webhook,
        telegram_secret=given.telegram_secret,
        telegram_token=given.telegram_token,
        telegram_group_privacy=given.telegram_group_privacy,
        record_file=given.record,
        seed=given.seed,
        keep_rows=given.keep_rows,
    )
    run(options, given.port, _print_line)


def _print_line(line: bytes) -> None:
    sys.stdout.buffer.write(line + b"\n")
    sys.stdout.buffer.flush()


def _parser() -> argparse.ArgumentParser:
    defaults = Options()
    parser = argparse.ArgumentParser(
        prog="simulator", description="Fake LINE and Telegram platforms on loopback."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--line-webhook", default="", help="where LINE webhooks go; empty sends none")
    parser.add_argument(
        "--line-secret", default=defaults.line_secret, help="channel secret that signs webhooks"
    )
    parser.add_argument(
        "--line-token", default=defaults.line_token, help="channel access token expected from the bot"
    )
    parser.add_argument(
        "--line-timeout", type=float, default=defaults.line_timeout_s,
        help="seconds until a LINE webhook is given up",
    )  # fmt: skip
    parser.add_argument("--line-quota", type=int, default=None, help="messages a month; without it: no limit")
    parser.add_argument("--telegram-webhook", default="", help="where Telegram updates go; empty sends none")
    parser.add_argument(
        "--telegram-secret", default=defaults.telegram_secret, help="secret token header of webhooks"
    )
    parser.add_argument(
        "--telegram-token", default=defaults.telegram_token, help="bot token expected from the bot"
    )
    parser.add_argument(
        "--record", type=Path, default=None, help="append the record of truth to this JSON Lines file"
    )
    parser.add_argument(
        "--seed", type=int, default=defaults.seed, help="makes all ids repeat from run to run"
    )
    parser.add_argument(
        "--keep-rows", type=int, default=defaults.keep_rows, help="rows of the record kept in memory"
    )
    privacy = "in groups the bot hears only what is addressed to it"
    parser.add_argument("--telegram-group-privacy", action="store_true", help=privacy)
    return parser


if __name__ == "__main__":
    main()
