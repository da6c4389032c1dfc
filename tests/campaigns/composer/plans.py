"""Plans to be wrong in one place at a time."""

from typing import Any

from campaigns.composer.checking import Fault, faults_of
from campaigns.media import MediaFacts
from campaigns.plans.blocks import Block, Choice, Press, QuizBlock, Said, TextBlock, Wording
from campaigns.plans.plan import Plan, Step
from core.clock import utc_now
from core.ids import new_id


def said(thai: str, english: str = "fine") -> Said:
    return {"th": thai, "en": english}


def wording(*blocks: Block, notice: Said | None = None, variant: str = "") -> Wording:
    return Wording(blocks=blocks, notice=notice or said("มีข่าวถึงคุณ"), variant=variant)


def plan(*blocks: Block, **more: Any) -> Plan:
    return Plan(steps=(Step(wordings=(wording(*blocks, **more),)),))


def press(**more: Any) -> Press:
    return Press(**({"label": said("ดูเพิ่ม"), "opens": "check"} | more))


def quiz(**more: Any) -> QuizBlock:
    choices = (
        Choice("pay", said("โอนเลย"), said("รอก่อน")),
        Choice("wait", said("รอก่อน"), said("ใช่ค่ะ"), right=True),
    )
    return QuizBlock(**({"id": "q1", "question": said("ทำอย่างไรดี"), "choices": choices} | more))


def picture(**more: Any) -> MediaFacts:
    url = f"https://rootan.example/media/{'k' * 32}"
    facts: dict[str, Any] = {
        "id": new_id(), "name": "โปสเตอร์", "alt": said("คนถือโทรศัพท์"), "url": url, "preview_url": f"{url}/small",
        "width": 1_024, "height": 724, "size": 200_000, "preview_size": 30_000, "created_at": utc_now(),
    }  # fmt: skip
    return MediaFacts(**(facts | more))


def found(*blocks: Block, media: dict[str, MediaFacts] | None = None, **more: Any) -> list[Fault]:
    return faults_of(plan(*blocks, **more), media=media or {})


def codes(faults: list[Fault]) -> set[str]:
    return {fault.code for fault in faults}


def text(thai: str, english: str = "fine") -> TextBlock:
    return TextBlock("t1", said(thai, english))
