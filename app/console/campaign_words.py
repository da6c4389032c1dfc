"""What a plan asks for, said in words: each rule of its audience, and its times."""

from collections.abc import Mapping, Sequence

from app.console.texts import say, spoken
from app.console.thai_time import day as say_day
from app.console.thai_time import exact
from campaigns.plans.audience import (
    AnsweredRule,
    ChannelRule,
    CheckedRule,
    LanguageRule,
    ProvinceRule,
    Rule,
    ScoreRule,
    SeenRule,
    SubjectRule,
    TagRule,
)
from campaigns.plans.times import Drip, Once, Recurring, Schedule
from referrals.questionnaires.places import say_place


def say_rule(rule: Rule, titles: Mapping[str, str] | None = None) -> str:
    """Say one rule; `titles` are of the campaigns that rules name, by id."""
    match rule:
        case SeenRule(days=days):
            return say("campaign_rule.seen", days=days)
        case CheckedRule(days=days):
            return say("campaign_rule.checked", days=days)
        case AnsweredRule(campaign=campaign, question=question, choices=choices):
            key = "answered_with" if choices else "answered"
            title = (titles or {}).get(campaign, say("campaign_rule.another"))
            return say(f"campaign_rule.{key}", title=title, question=question, which=_listed(choices))
        case ScoreRule(campaign=campaign, least=least, most=most):
            title = (titles or {}).get(campaign, say("campaign_rule.another"))
            return say("campaign_rule.score", title=title, least=least, most=most)
    kind, which = _chosen(rule)
    return say(f"campaign_rule.{kind}", which=_listed(which))


def _chosen(rule: SubjectRule | ChannelRule | LanguageRule | ProvinceRule | TagRule) -> tuple[str, list[str]]:
    """The kind of a rule that lists what it holds for, and that in words."""
    match rule:
        case SubjectRule(subjects=subjects):
            return "subject", [say(f"campaign_subject.{one}") for one in subjects]
        case ChannelRule(channels=channels):
            return "channel", [say(f"channel.{one}") for one in channels]
        case LanguageRule(languages=languages):
            return "language", [say(f"rule.language.{one}") for one in languages]
        case ProvinceRule(provinces=provinces):
            return "province", [say_province(one) for one in provinces]
    return "tag", list(rule.tags)


def say_province(code: str) -> str:
    return say_place(f"province:TH-{code}", spoken.get())


def say_times(schedule: Schedule) -> str:
    """Say when a campaign goes out."""
    match schedule:
        case Once(at=None):
            return say("campaign_times.at_once")
        case Once(at=at) if at is not None:
            return exact(at)
        case Recurring() as recurring:
            return _say_recurring(recurring)
        case Drip() as drip:
            days = _listed([say("campaign_times.day_n", n=n) for n in drip.days])
            begins = (
                say("campaign_times.from_date", day=say_day(drip.date))
                if drip.begins == "date" and drip.date
                else say(f"campaign_times.begins.{drip.begins}")
            )
            return say("campaign_times.drip", begins=begins, days=days, clock=f"{drip.at:%H:%M}")
    return say("campaign_times.at_once")


def _say_recurring(recurring: Recurring) -> str:
    match recurring.every:
        case "week":
            weekdays = sorted(set(recurring.weekdays) or {recurring.first.weekday()})
            which = _listed([say(f"campaign_times.weekday.{one}") for one in weekdays])
        case "month":
            which = str(recurring.day)
        case "year":
            which = f"{recurring.day} {say(f'time.months.{recurring.month}')}"
        case _:
            which = ""
    every = say(f"campaign_times.every.{recurring.every}", which=which)
    last = (
        say("campaign_times.until", day=say_day(recurring.last))
        if recurring.last
        else say("campaign_times.no_end")
    )
    return say(
        "campaign_times.recurring",
        every=every,
        clock=f"{recurring.at:%H:%M}",
        first=say_day(recurring.first),
        last=last,
    )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
