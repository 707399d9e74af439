"""``python -m introducer_web`` is ``introducer-web``."""

from introducer_web.cli import main

main()
