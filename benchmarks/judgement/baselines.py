"""What any judgement must beat, in the same run: plain lists of words, and TF-IDF of letters with logistic regression."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV

from benchmarks.judgement.figures import Flags, Floats
from benchmarks.judgement.page import tell
from nlp.training.teaching import Lesson, teach_crisis, teach_offers

# What a leaflet would warn of; compare with the indicators, which weigh combinations.
OFFER_WORDS = (
    "รายได้ดี", "รายได้สูง", "ด่วน", "ไม่จำกัดวุฒิ", "ไม่ใช้วุฒิ", "ทำที่บ้าน", "งานออนไลน์", "แอดมิน", "ปอยเปต", "เมียวดี",
    "คาสิโน", "ที่พักฟรี", "ตั๋วเครื่องบิน", "ไม่มีค่าใช้จ่าย", "มัดจำ", "แอดไลน์", "วันละ", "รับจำนวนจำกัด", "ผีน้อย", "บัญชี",
)  # fmt: skip
# What a first list against crisis would hold.
CRISIS_WORDS = (
    "ช่วยด้วย", "ฆ่าตัวตาย", "อยากตาย", "จะตาย", "ไม่อยากอยู่", "โดนขัง", "ถูกขัง", "กักขัง", "โดนตี", "ทำร้าย", "ข่มขืน", "ลวนลาม",
    "ค้ามนุษย์", "ยึดพาสปอร์ต", "บังคับ", "หนีออกมา", "กลับบ้านไม่ได้", "ขู่ฆ่า", "โดนขู่", "แจ้งตำรวจ", "โดนหลอก", "ฆ่า",
)  # fmt: skip
# The first that stands in a text names its wish.
WISH_WORDS: Mapping[str, tuple[str, ...]] = {
    "stop": ("หยุด", "เลิก", "ยกเลิก", "stop"),
    "thanks": ("ขอบคุณ", "ขอบใจ", "thank"),
    "talk_to_staff": ("เจ้าหน้าที่", "คุยกับคน", "แอดมิน"),
    "case_status": ("สถานะ", "คืบหน้า", "เรื่องที่แจ้ง", "ถึงไหน"),
    "report": ("แจ้ง", "ร้องเรียน", "รายงาน"),
    "need_help": ("ช่วยด้วย", "ช่วย", "เดือดร้อน"),
    "check_offer": ("งาน", "จริงไหม", "หลอก", "รับสมัคร"),
    "campaign_answer": ("ตอบ", "ข้อ"),
    "service_question": ("ยังไง", "ไหม", "อะไร", "?"),
}
_TWO = 2  # words of the list, from which somebody who goes by a leaflet would warn
_STRENGTHS = (1.0, 10.0, 100.0)
Scoring = Callable[[Sequence[str]], Floats]


def count_words(words: Sequence[str], texts: Sequence[str]) -> Floats:
    return np.array([sum(word in text for word in words) for text in texts], dtype=np.float64)


def flag_offers(counted: Floats) -> Flags:
    return counted >= _TWO


def wish_by_words(text: str) -> str:
    low = text.lower()
    return next((wish for wish, words in WISH_WORDS.items() if any(w in low for w in words)), "small_talk")


def count_letters() -> TfidfVectorizer:
    """Runs of 1 to 5 letters that stand in two texts or more."""
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=2, sublinear_tf=True)


def regress() -> LogisticRegression:
    return LogisticRegression(C=10.0, solver="liblinear")


def teach_letters(taught: Sequence[str], truth: Flags, weight: Floats | None = None) -> Scoring:
    """Return what gives texts their probability."""
    vectors = count_letters()
    fitted = regress().fit(vectors.fit_transform(taught), truth, sample_weight=weight)
    return lambda texts: np.asarray(fitted.predict_proba(vectors.transform(texts))[:, 1])


@cache
def offers_by_letters() -> Scoring:
    """Taught on the texts that the trained model of offers is taught on, weighed alike."""
    return _same_texts("offers", teach_offers())


@cache
def pleas_by_letters() -> Scoring:
    """Taught on the texts that the trained model of pleas is taught on, weighed alike."""
    return _same_texts("crisis", teach_crisis())


def _same_texts(about: str, lesson: Lesson) -> Scoring:
    tell(f"{about}: teaching the baseline of letters on {len(lesson.texts):,} texts")
    column = lesson.columns[0]
    return teach_letters(lesson.texts, column.target, column.weight)


def score_nested(
    taught: Sequence[str], asked: Sequence[str], truth: Flags, folds: npt.NDArray[np.int64]
) -> Floats:
    """Each fold of the asked texts scored by letters of the others as taught; how strongly to regularise is chosen by a
    cross-validation within those others.
    """
    score = np.zeros(len(asked))
    for fold in sorted(set(folds.tolist())):
        rest, mine = np.flatnonzero(folds != fold).tolist(), np.flatnonzero(folds == fold).tolist()
        vectors = count_letters()
        counted = vectors.fit_transform([taught[at] for at in rest])
        search = GridSearchCV(regress(), {"C": _STRENGTHS}, scoring="roc_auc").fit(counted, truth[rest])
        score[mine] = search.predict_proba(vectors.transform([asked[at] for at in mine]))[:, 1]
    return score


def regress_many() -> LogisticRegression:
    """For more than two answers."""
    return LogisticRegression(C=10.0, max_iter=1_000)
