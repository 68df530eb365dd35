"""``python -m flows`` is ``suar``."""

from flows.cli import main

main()
