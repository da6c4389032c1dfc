"""Two baselines in the same run: a plain list of keywords, and TF-IDF of letters with logistic regression."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from benchmarks.judgement.figures import Flags, Floats

# What a leaflet would warn of; compare with the indicators, which weigh combinations.
KEYWORDS = (
    "รายได้ดี", "รายได้สูง", "ด่วน", "ไม่จำกัดวุฒิ", "ไม่ใช้วุฒิ", "ทำที่บ้าน", "งานออนไลน์", "แอดมิน", "ปอยเปต", "เมียวดี",
    "คาสิโน", "ที่พักฟรี", "ตั๋วเครื่องบิน", "ไม่มีค่าใช้จ่าย", "มัดจำ", "แอดไลน์", "วันละ", "รับจำนวนจำกัด", "ผีน้อย", "บัญชี",
)  # fmt: skip


def count_keywords(texts: Sequence[str]) -> Floats:
    return np.array([sum(word in text for word in KEYWORDS) for text in texts], dtype=np.float64)


def score_by_letters(taught: Sequence[str], truth: Flags, texts: Sequence[str]) -> Floats:
    """Probability by TF-IDF of runs of 1 to 5 letters and logistic regression."""
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), min_df=2, sublinear_tf=True)
    fitted = LogisticRegression(C=10.0, max_iter=1_000).fit(vectors.fit_transform(taught), truth)
    return np.asarray(fitted.predict_proba(vectors.transform(texts))[:, 1])
