"""``python -m tolok.locale``: what of the interface has no Indonesian yet."""

import sys

from tolok.locale import missing, written

found = missing()
sys.stdout.write(written(found))
sys.exit(1 if found else 0)
