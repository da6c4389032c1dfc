"""`make bench`: every budget that exists by now, measured on this machine, in one table."""

import argparse
import asyncio
import statistics
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from benchmarks.answering import measure_answering
from benchmarks.campaigns import Pace, measure_campaigns
from benchmarks.cases import measure_cases
from benchmarks.desk import measure_desk
from benchmarks.lookups import measure_lookups
from benchmarks.processes import bench
from benchmarks.receiving import measure_receiving
from benchmarks.screening import measure_screening
from benchmarks.starting import measure_start
from benchmarks.turns import Rates, measure_turns


class Row(NamedTuple):
    what: str
    measured: str
    budget: str
    met: bool


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):,.0f} ({min(values):,.0f} to {max(values):,.0f})"


def _ratio_row(what: str, rates: Rates, budget: float) -> Row:
    ratios = rates.ratios
    measured = (
        f"{rates.ratio:.2f} ({min(ratios):.2f} to {max(ratios):.2f}); ours {_spread(rates.ours)}/s,"
        f" peer {_spread(rates.echo)}/s"
    )
    return Row(what, measured, f"≥ {budget}", rates.ratio >= budget)


async def receiving() -> list[Row]:
    async with bench() as ground:
        measured = await measure_receiving(ground)
    return [
        _ratio_row("durable webhooks ÷ SDK echo storing nothing", measured.rates, 1.5),
        Row(
            "webhook p99 at half of peak",
            f"{measured.p99_at_half:.1f} ms",
            "≤ 100 ms",
            measured.p99_at_half <= 100,
        ),
    ]


async def turns() -> list[Row]:
    async with bench() as ground:
        rates = await measure_turns(ground)
    return [_ratio_row("full turns ÷ SDK echo replying, storing nothing", rates, 1.0)]


async def answering() -> list[Row]:
    async with bench() as ground:
        measured = await measure_answering(ground)
    return [
        Row(
            "message in → reply out at 100/s",
            f"p50 {measured.p50:.0f} ms, p95 {measured.p95:.0f} ms",
            "p95 ≤ 300 ms",
            measured.p95 <= 300,
        ),
        Row("resident memory, web", f"{measured.web_mb:.0f} MB", "≤ 200 MB", measured.web_mb <= 200),
        Row("resident memory, worker", f"{measured.worker_mb:.0f} MB", "≤ 400 MB", measured.worker_mb <= 400),
    ]


async def screening() -> list[Row]:
    measured = measure_screening()
    return [
        Row(
            "offers screened on one core",
            f"{measured.per_second:,.0f}/s",
            "≥ 1,000/s",
            measured.per_second >= 1000,
        ),
        Row("screening p99", f"{measured.p99:.2f} ms", "≤ 5 ms", measured.p99 <= 5),
    ]


async def lookups() -> list[Row]:
    measured = await measure_lookups()
    among = f"among {measured.rows:,} stored, p95"
    return [
        Row(f"like offers {among}", f"{measured.offers:.1f} ms", "≤ 20 ms", measured.offers <= 20),
        Row(f"handles {among}", f"{measured.handles:.1f} ms", "≤ 20 ms", measured.handles <= 20),
        Row(f"figures of the radar {among}", f"{measured.radar:.1f} ms", "≤ 300 ms", measured.radar <= 300),
    ]


async def desk() -> list[Row]:
    measured = await measure_desk()
    slowest = max(measured.queue, key=lambda view: measured.queue[view])
    among = f"among {measured.reports:,} reports, {measured.messages:,} messages, p95"
    return [
        Row(
            f"queue page {among}",
            f"{measured.queue[slowest]:.0f} ms ({slowest}, the slowest of {len(measured.queue)} lists)",
            "≤ 150 ms",
            measured.queue[slowest] <= 150,
        ),
        Row(f"case page {among}", f"{measured.case:.0f} ms", "≤ 150 ms", measured.case <= 150),
    ]


def _pace_row(what: str, pace: Pace) -> Row:
    return Row(
        f"{what} at a cap of {pace.cap}/s, two workers",
        f"{pace.mean / pace.cap:.1%} of it; at the most {pace.most / pace.cap:.1%} over ten seconds",
        "≥ 95 %, never above",
        0.95 * pace.cap <= pace.mean and pace.most <= pace.cap,
    )


async def campaigns() -> list[Row]:
    measured = await measure_campaigns()
    answers = measured.answers
    change = answers.beside / answers.alone - 1
    return [
        Row(
            f"audience of {measured.people:,} frozen",
            f"{measured.seconds:.1f} s; memory + {measured.growth_mb:.0f} MB",
            "≤ 60 s, ± 50 MB",
            measured.seconds <= 60 and measured.growth_mb <= 50,
        ),
        _pace_row("LINE multicasts", measured.line),
        _pace_row("Telegram messages", measured.telegram),
        Row(
            f"replies beside {answers.multicasts:.1f} multicasts and {answers.messages:.1f} messages/s, p95",
            f"{answers.beside:.0f} ms, alone {answers.alone:.0f} ms ({change:+.0%})",
            "± 20 %",
            change <= 0.2,
        ),
    ]


async def cases() -> list[Row]:
    measured = await measure_cases()
    slowest = max(measured.worklist.values())
    among = f"among {measured.cases:,} cases, {measured.events:,} events"
    return [
        Row(f"timeline {among}, p95", f"{measured.timeline:.0f} ms", "≤ 150 ms", measured.timeline <= 150),
        Row(f"ordered and not paid {among}, p95", f"{slowest:.0f} ms", "≤ 200 ms", slowest <= 200),
        Row(f"yearly report {among}, slowest", f"{measured.yearly:.1f} s", "≤ 30 s", measured.yearly <= 30),
    ]


async def starting() -> list[Row]:
    seconds = await measure_start()
    return [Row("start to first page", f"{seconds:.1f} s", "≤ 10 s", seconds <= 10)]


PARTS: dict[str, Callable[[], Awaitable[list[Row]]]] = {
    "screening": screening,
    "receiving": receiving,
    "turns": turns,
    "answering": answering,
    "lookups": lookups,
    "desk": desk,
    "campaigns": campaigns,
    "cases": cases,
    "starting": starting,
}


async def run(names: list[str]) -> bool:
    rows: list[Row] = []
    for name in names:
        print(f"measuring {name} …", flush=True)
        rows += await PARTS[name]()
    widths = max(len(row.what) for row in rows), max(len(row.measured) for row in rows)
    print()
    for row in rows:
        mark = "met   " if row.met else "MISSED"
        print(f"{mark}  {row.what:<{widths[0]}}  {row.measured:<{widths[1]}}  {row.budget}")
    return all(row.met for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Measure the budgets; medians, with spread, of alternating runs."
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=f"only these of: {', '.join(PARTS)}")
    names = [name for name in PARTS if name in parser.parse_args().parts] or list(PARTS)
    if not asyncio.run(run(names)):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
