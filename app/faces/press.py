"""The program that draws one document: `python -m app.faces.press SECONDS`, apart from the web process.

Typefaces and the word list for the ends of lines take 90 MB, which a web process may not keep.
"""

import sys

import msgspec

from app.faces.document import Document
from app.faces.paper import draw_document

if __name__ == "__main__":
    sys.stdout.buffer.write(draw_document(msgspec.json.decode(sys.stdin.buffer.read(), type=Document)))
