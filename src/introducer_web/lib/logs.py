"""Lines of the log without what would let their reader in: a link of a mail is a key."""

from __future__ import annotations

import logging
import re

__all__ = ["Line"]

#: Addresses that end in a token, as in the ``urls.py`` of people, relationships, plans, finding, safety, care and site.
_TOKEN = re.compile(r"(?<=/)(a|i|o|r|v|stop|quiet|news|demo|asked|when|cal)/[^/\s?\"']+")


class Line(logging.Formatter):
    """A line of the log, its tracebacks too, where every token of an address is "…"."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return _TOKEN.sub(r"\1/…", super().format(record))
