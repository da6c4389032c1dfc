import pytest

from nlp.linear import Panel, load_model
from nlp.pieces import Pieces
from nlp.prepared import prepare


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "zqxj",
        "รับสมัครแอดมิน ทำงานปอยเปต รายได้ดี ทักไลน์ @abc99",
        "ช่วยด้วย เขายึดพาสปอร์ตไว้ ออกไปไหนไม่ได้\nหนูอยู่ที่ชเวโก๊กโก่",
    ],
)
def test_models_asked_together_say_what_each_says_alone(text: str) -> None:
    models = [load_model("offers"), load_model("crisis"), load_model("kinds")]
    apart = {name: odds for model in models for name, odds in model.weigh(Pieces(prepare(text))).items()}
    assert dict(Panel(models).weigh(Pieces(prepare(text)))) == apart


def test_a_column_holds_what_the_model_has_for_each_run() -> None:
    offers, crisis = load_model("offers"), load_model("crisis")
    column = Panel([offers, crisis]).column("plea")
    assert (column == crisis.characters.weights[:, crisis.names.index("plea")]).all()


def test_a_model_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        load_model("weather")
