"""``python -m tolok.app COMMAND …``: Django's own commands over a throwaway workspace, for making migrations."""

import sys
import tempfile
from pathlib import Path

from tolok.app.configure import configure
from tolok.settings import create

with tempfile.TemporaryDirectory() as place:
    create(Path(place) / "w", name="w", currency="USD")
    configure(Path(place) / "w")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["python -m tolok.app", *sys.argv[1:]])
