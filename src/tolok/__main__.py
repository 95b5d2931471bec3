"""``python -m tolok`` is the command line."""

from tolok.cli import main

main()
