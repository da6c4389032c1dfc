"""Everything that is wrong with what a plan says, each with its place and a code, before anybody may approve it.

Whom it is for and when it goes out is not looked at here (`campaigns.audience`, `campaigns.plans.hours`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase

from campaigns.composer import limits
from campaigns.composer.block_faults import faults_of_block, of_glance, of_ids, of_said
from campaigns.composer.fault import Fault as Fault
from campaigns.composer.fault import too_long
from campaigns.composer.fit_faults import faults_of_fit
from campaigns.media import MediaFacts
from campaigns.plans.blocks import QuizBlock, SurveyBlock, Wording
from campaigns.plans.plan import Plan, Step
from core.messages.fitting import utf16_units
from core.messages.wording import count_graphemes

# A year's weeks; and more wordings than five make groups too small to tell apart. Our own limits.
MOST_STEPS, MOST_WORDINGS = 60, 5


def faults_of(plan: Plan, *, media: Mapping[str, MediaFacts]) -> list[Fault]:
    """Hints too (`stops` False); `media` is what `campaigns.media.read_media` knows of the plan's pictures."""
    return list(_faults_of(plan, media))


def stops(faults: Iterable[Fault]) -> bool:
    """Whether a plan with these faults may not be submitted."""
    return any(fault.stops for fault in faults)


def _faults_of(plan: Plan, media: Mapping[str, MediaFacts]) -> Iterator[Fault]:
    if not plan.steps:
        yield Fault("", "no_steps")
    if len(plan.steps) > MOST_STEPS:
        yield Fault("", "too_many_steps", values={"count": len(plan.steps), "limit": MOST_STEPS})
    yield from _of_trial(plan)
    yield from _of_questions(plan)
    for number, step in enumerate(plan.steps):
        yield from _of_step(str(number), step, media)


def _of_trial(plan: Plan) -> Iterator[Fault]:
    """Two wordings need a trial that says who gets which, and a trial needs two wordings."""
    several = any(len(step.wordings) > 1 for step in plan.steps)
    if several and plan.trial is None:
        yield Fault("trial", "trial_missing")
    if plan.trial is not None:
        if not several:
            yield Fault("trial", "trial_alone")
        if not 1 <= plan.trial.share <= 100 or plan.trial.hours < 1:
            yield Fault("trial", "trial_wrong")


def _of_questions(plan: Plan) -> Iterator[Fault]:
    """Who gets one wording gets each question once, and of what is measured both a before and an after."""
    variants = {wording.variant for step in plan.steps for wording in step.wordings}
    for variant in sorted(variants - {""}) or [""]:
        asked = [
            block
            for step in plan.steps
            for wording in step.wordings
            if wording.variant in {variant, ""}
            for block in wording.blocks
            if isinstance(block, QuizBlock | SurveyBlock)
        ]
        for question, often in Counter(block.id for block in asked).items():
            if often > 1:
                yield Fault("questions", "question_twice", values={"id": question})
        phases = Counter((q.measures, q.phase) for q in asked if isinstance(q, QuizBlock) and q.measures)
        for measured in sorted({name for name, _ in phases}):
            if phases[measured, "before"] != 1 or phases[measured, "after"] != 1:
                yield Fault("questions", "measure_incomplete", values={"measures": measured}, stops=False)


def _of_step(place: str, step: Step, media: Mapping[str, MediaFacts]) -> Iterator[Fault]:
    named = [wording.variant for wording in step.wordings]
    if not named:
        yield Fault(place, "no_wording")
    if len(named) > MOST_WORDINGS:
        yield Fault(place, "too_many_wordings", values={"count": len(named), "limit": MOST_WORDINGS})
    elif named and named != ([""] if len(named) == 1 else list(ascii_lowercase[: len(named)])):
        yield Fault(place, "variant_wrong")
    for wording in step.wordings:
        yield from _of_wording(f"{place}.{wording.variant}", wording, media)


def _of_wording(place: str, wording: Wording, media: Mapping[str, MediaFacts]) -> Iterator[Fault]:
    if not wording.blocks:
        yield Fault(place, "no_blocks")
    yield from _of_notice(f"{place}.notice", wording.notice)
    yield from of_ids(place, (block.id for block in wording.blocks))
    for block in wording.blocks:
        yield from faults_of_block(f"{place}.{block.id}", block, media)
    yield from faults_of_fit(place, wording, media)


def _of_notice(place: str, notice: Mapping[str, str]) -> Iterator[Fault]:
    """The one line that everybody around the phone may read."""
    yield from of_said(place, dict(notice))
    for language, text in notice.items():
        length, units = count_graphemes(text), utf16_units(text)
        if length > limits.NOTICE_GRAPHEMES:
            yield too_long(f"{place}.{language}", "notice_too_long", length, limits.NOTICE_GRAPHEMES)
        if units > limits.LINE_NOTICE_UNITS:
            yield too_long(f"{place}.{language}", "notice_too_long", units, limits.LINE_NOTICE_UNITS, "line")
        yield from of_glance(f"{place}.{language}", text)
