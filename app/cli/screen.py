"""`rootan screen`: the judgement of texts, without a database."""

import json
import sys
from collections.abc import Iterable, Iterator

import orjson
import typer

from core.errors import InvalidInputError
from nlp.advice import describe
from nlp.judgement import judge, to_jsonable

cli = typer.Typer()


@cli.command()
def screen(
    jsonl: bool = typer.Option(  # noqa: FBT001 - typer
        False,
        "--jsonl",
        help='Read lines {"id","text"} and write one line of JSON for each, in the same order.',
    ),
) -> None:
    """Judge one text from standard input; with --jsonl a stream of them."""
    if jsonl:
        raise typer.Exit(_screen_lines())
    text = sys.stdin.buffer.read().decode(errors="replace")
    if not text.strip():
        raise InvalidInputError("give a text on standard input")
    print(describe(judge(text)))


def _screen_lines() -> int:
    """Answer every good line, name every bad one on standard error; 1 when there was a bad one."""
    status = 0
    for number, line in enumerate(_lines(sys.stdin.buffer), 1):
        try:
            answer = answer_line(line)
        except InvalidInputError as error:
            print(f"line {number}: {error}", file=sys.stderr, flush=True)
            status = 1
            continue
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    return status


def _lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Split at line feeds only: other line separators may stand inside a text."""
    return (line.rstrip(b"\r\n") for line in stream)


def answer_line(line: bytes) -> bytes:
    """Return the answer to one line; raises InvalidInputError for one that holds no id and text."""
    try:
        given = json.loads(line)
    except ValueError:
        raise InvalidInputError("this is not JSON") from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or "id" not in given:
        raise InvalidInputError('an object with "id" and "text" is needed')
    return _encode(to_jsonable(given["id"], judge(given["text"])))


def _encode(answer: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # Half of a surrogate pair has no UTF-8 form; escaped it goes through.
        return json.dumps(answer).encode() + b"\n"
