"""`make eval`: how well texts are judged. Real texts are read beside the project and skipped where they are absent."""

from benchmarks.judgement.offers import print_offers
from benchmarks.judgement.pleas import print_pleas
from benchmarks.judgement.wishes import print_wishes
from benchmarks.screening import measure_screening
from nlp.classifier import MODEL, RULES


def main() -> None:
    print(f"rules {RULES}, model {MODEL}; intervals hold 95 % of 500 resamplings of the texts")
    print_offers()
    print_pleas()
    print_wishes()
    speed = measure_screening(texts=1_000, rounds=3)
    print(
        f"\nspeed, one core: {speed.per_second:,.0f} offers/s, p99 {speed.p99:.2f} ms (budget ≥ 1,000, ≤ 5)"
    )
    print("pictures: python -m benchmarks.pictures · disguises: python -m benchmarks.attacks")


if __name__ == "__main__":
    main()
