"""Full text on two databases: SQLite's FTS5 and PostgreSQL's tsvector, over one column that stands folded already.

The column ``Listing.words`` holds words of letters and digits alone, without case and accents, so that both
databases split it in the same way, and a question is folded as the column was. Neither knows a stem: the beginning of
a word finds it. On SQLite an index without text of its own is kept beside the table by triggers, so that a row that
goes takes its words with it; on PostgreSQL an index over the expression does all of that by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from introducer_web.people.known import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MOST", "STATEMENTS", "UNDO", "found_by", "plain", "terms"]

#: Words of a question that count.
MOST = 8

#: What makes the index, by kind of database.
STATEMENTS = {
    "sqlite": (
        """CREATE VIRTUAL TABLE finding_words USING fts5(
        words, content='finding_listing', content_rowid='id', tokenize='unicode61 remove_diacritics 0',
        prefix='2 3')""",
        """CREATE TRIGGER finding_words_new AFTER INSERT ON finding_listing BEGIN
        INSERT INTO finding_words(rowid, words) VALUES (NEW.id, NEW.words); END""",
        """CREATE TRIGGER finding_words_set AFTER UPDATE OF words ON finding_listing BEGIN
        INSERT INTO finding_words(finding_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
        INSERT INTO finding_words(rowid, words) VALUES (NEW.id, NEW.words); END""",
        # Who is forgotten is forgotten by the index too: what it only marks as gone is written anew without it.
        """CREATE TRIGGER finding_words_gone AFTER DELETE ON finding_listing BEGIN
        INSERT INTO finding_words(finding_words, rowid, words) VALUES ('delete', OLD.id, OLD.words);
        INSERT INTO finding_words(finding_words) VALUES ('optimize'); END""",
    ),
    "postgresql": ("CREATE INDEX finding_words ON finding_listing USING gin (to_tsvector('simple', words))",),
}
#: And what takes it away.
UNDO = {
    "sqlite": (
        "DROP TRIGGER finding_words_new",
        "DROP TRIGGER finding_words_set",
        "DROP TRIGGER finding_words_gone",
        "DROP TABLE finding_words",
    ),
    "postgresql": ("DROP INDEX finding_words",),
}
_ASKED = {
    "sqlite": "SELECT rowid FROM finding_words WHERE finding_words MATCH %s",
    "postgresql": "SELECT id FROM finding_listing WHERE to_tsvector('simple', words) @@ to_tsquery('simple', %s)",
}


def terms(text: str) -> list[str]:
    """Return the words of a text, folded: letters and digits, nothing else, each once."""
    return list(dict.fromkeys(re.findall(r"[^\W_]+", folded(text))))


def plain(texts: Iterable[str]) -> str:
    """Return what is kept of some texts in the column."""
    return " ".join(dict.fromkeys(term for text in texts for term in terms(text)))


def found_by(text: str) -> Q:
    """Return the condition on participants that every word of a question begins a word of their listing.

    A question without a word is no condition.
    """
    asked = terms(text)[:MOST]
    if not asked:
        return Q()
    sql: Any = RawSQL(_ASKED[connection.vendor], [_expression(asked)])  # noqa: S611 - fixed text; the words are given
    return Q(listing__pk__in=sql)


def _expression(asked: list[str]) -> str:
    if connection.vendor == "sqlite":
        return " ".join(f'"{term}"*' for term in asked)
    return " & ".join(f"{term}:*" for term in asked)
