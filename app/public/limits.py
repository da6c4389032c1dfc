"""How much the page takes."""

# Longer texts are cut by nobody but the person; the judgement looks closely at the first 4,000 characters.
MOST_CHARACTERS = 10_000
MOST_PICTURES = 4
# Pictures of one offer; and text alone, of which a form makes nine bytes a Thai letter.
MOST_BYTES = 16 * 1024 * 1024
MOST_TEXT_BYTES = 1536 * 1024
# Of all uploads of one process together: its memory is budgeted.
MOST_HELD_BYTES = 24 * 1024 * 1024
