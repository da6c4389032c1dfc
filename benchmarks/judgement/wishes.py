"""How often the intent of a message is recognised, on the hold-out of messages."""

from collections import Counter

from nlp.intents import recognise_intent
from nlp.training.corpus import read_folder


def print_wishes() -> None:
    examples = [example for example in read_folder("holdout") if example.source == "intents"]
    if not examples:
        return
    found = [(example.label, recognise_intent(example.text)) for example in examples]
    right = sum(wanted == got for wanted, got in found)
    print(f"\nIntents, hold-out: {right} of {len(found)} right ({right / len(found):.3f})")
    of_label = Counter(wanted for wanted, _ in found)
    hit = Counter(wanted for wanted, got in found if wanted == got)
    print("  " + ", ".join(f"{label} {hit[label]}/{n}" for label, n in sorted(of_label.items())))
    wrong = Counter((wanted, got) for wanted, got in found if wanted != got)
    print("most often taken for another: ", end="")
    print(", ".join(f"{wanted} → {got} {n}" for (wanted, got), n in wrong.most_common(6)))
