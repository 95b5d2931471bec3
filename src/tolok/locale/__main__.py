"""``python -m tolok.locale``: what of the interface, and of what the engine says, has no Indonesian yet."""

import sys

from tolok.locale import missing, sentences, written

found = missing()
sys.stdout.write(written(found))
unsaid = {("", text): where for text, where in sentences.missing().items()}
if unsaid:
    sys.stdout.write(f"# into {sentences.FILE.name}\n" + written(unsaid))
sys.exit(1 if found or unsaid else 0)
