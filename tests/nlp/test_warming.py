"""In a process of its own: here other tests have loaded everything already."""

import subprocess
import sys

LOADED = """
from nlp.intents import intents_model
from nlp.known_words import words_by_key
from nlp.warming import load_all
from nlp.wording import every_text, kinds_model
load_all()
print([part.cache_info().currsize for part in (words_by_key, every_text, kinds_model, intents_model)])
"""


def test_word_lists_and_every_model_are_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[1, 1, 1, 1]"
