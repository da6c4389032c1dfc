from app.cli.doctor.readers import look_at_readers
from app.cli.findings import Finding
from campaigns.lessons import packs
from core.settings import Settings


def found(settings: Settings) -> dict[str, Finding]:
    return {finding.where: finding for finding in look_at_readers(settings)}


def test_each_language_tells_how_much_it_says_and_that_nobody_signed_it(settings: Settings) -> None:
    lines = found(settings)
    for code, name in (("th", "ไทย"), ("en", "English")):
        line = lines[f"text {code}"]
        said, _, of = line.text.split()[:3]
        assert said == of
        assert name in line.text
        assert f"set reviewed_by in bots/texts/{code}/about.toml" in line.text


def test_unsigned_texts_are_a_problem_only_where_citizens_read_them(settings: Settings) -> None:
    assert all(line.ok for line in found(settings).values())
    served = found(settings.model_copy(update={"env": "production"}))
    assert not any(line.ok for line in served.values())


def test_lessons_are_counted_by_pack(settings: Settings) -> None:
    text = found(settings)["lessons"].text
    assert text.startswith(f"{sum(len(pack.lessons) for pack in packs().values())} are signed by nobody")
    assert "family_school 8" in text
