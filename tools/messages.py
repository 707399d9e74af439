"""The catalogs of the platform's texts: what stands in the source, what is translated, what is compiled.

Texts are those of the platform's code and pages, the sentences of the engine that the platform
shows, and the words of the shipped templates.

``python tools/messages.py`` brings every catalog under ``locale`` up to date and compiles it;
``--check`` changes nothing and fails where a text lacks its translation, or a file is behind.
Needs Django and Babel, no gettext tools.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tomllib
from pathlib import Path

import django
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[1] / "src" / "introducer_web"
ENGINE = SOURCE.with_name("introducer")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
#: A value that a sentence takes in: ``%(name)s``, ``{name}``, ``%s``.
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w*(?:!r)?(?::[^{}]*)?\}|%[sd]")
TAG = re.compile(r"</?[a-z]+[^>]*>")


class Texts(Catalog):
    """A catalog whose head says nothing of dates and tools, so that it changes only with its texts."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The head: what readers need."""
        return [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
        ]


def in_source() -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return every marked text, in the order of the files: by context and singular, all its forms."""
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            # What is no text comes back as a row of X; its margins would be no Python.
            lines = templatize(path.read_text(encoding="utf-8")).splitlines()
            text = "\n".join(line.lstrip() for line in lines)
        else:
            continue
        for _line, said, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            forms = (said,) if isinstance(said, str) else tuple(said)
            known = found.get((context, forms[0]), ())
            found[context, forms[0]] = max(known, forms, key=len)
    for text in (*_of_the_engine(), *_of_templates()):
        found.setdefault((None, text), (text,))
    return found


def _of_the_engine() -> list[str]:
    """Return the sentences that the engine says in whatever language is spoken."""
    return [
        node.args[0].value
        for path in sorted(ENGINE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "worded")
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def _of_templates() -> list[str]:
    """Return the names and texts of the words of the newest shipped templates."""
    return [
        text
        for path in sorted((ENGINE / "templates").glob("*/*.toml"))
        for text in _named(tomllib.loads(path.read_text(encoding="utf-8")))
    ]


def _named(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part[key] for key in ("name", "text") if isinstance(part.get(key), str)]
        return own + [text for value in part.values() for text in _named(value)]
    return [text for each in part for text in _named(each)] if isinstance(part, list) else []


def merged(path: Path) -> Catalog:
    """Return the catalog of a file with the texts that stand in the source: new ones empty, others gone."""
    with path.open("rb") as file:
        old = read_po(file, locale=path.parts[-3])
    new = Texts(locale=old.locale, header_comment="# Texts of the platform, in the order of its files.", fuzzy=False)
    for (context, one), forms in in_source().items():
        known = old.get(one, context)
        empty: str | tuple[str, ...] = "" if len(forms) == 1 else ("",) * new.num_plurals
        said = known.string if known is not None and isinstance(known.string, type(empty)) else empty
        new.add(one if len(forms) == 1 else forms, said, context=context)
    return new


def faults(catalog: Catalog) -> list[str]:
    """Return what is wrong with each message: no translation, other values or tags than the text has."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        if message.fuzzy or not all(said):
            found.append(f"not translated: {texts[0]!r}")
            continue
        found += [f"{what} differ: {texts[0]!r}" for what in _differences(texts, said, message)]
    return found


def _differences(texts: list[str], said: list[str], message: Message) -> list[str]:
    wrong = []
    for what, pattern in (("values", VALUE), ("tags", TAG)):
        wanted = [sorted(pattern.findall(text)) for text in texts]
        # A form for one may leave the number out, as the text's own form for one may.
        loose = wanted if message.pluralizable else wanted[:1]
        if any(sorted(pattern.findall(each)) not in loose for each in said):
            wrong.append(what)
    ends = [(text[:1].isspace(), text[-1:].isspace()) for text in texts]
    if any((each[:1].isspace(), each[-1:].isspace()) not in ends for each in said):
        wrong.append("margins")
    return wrong


def files(catalog: Catalog) -> tuple[bytes, bytes]:
    """Return the catalog as a file to edit and as the file that is read at run time."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=120, no_location=True, omit_header=False)
    write_mo(compiled, catalog)
    return text.getvalue(), compiled.getvalue()


def main() -> int:
    """Bring the catalogs up to date, or check them."""
    settings.configure()
    django.setup()
    status = 0
    for path in sorted((SOURCE / "locale").glob("*/LC_MESSAGES/django.po")):
        catalog = merged(path)
        wrong = faults(catalog)
        text, compiled = files(catalog)
        to_run = path.with_suffix(".mo")
        if "--check" in sys.argv:
            behind = path.read_bytes() != text or not to_run.exists() or to_run.read_bytes() != compiled
            wrong += [f"{path.parts[-3]}: behind the source; run python tools/messages.py"] if behind else []
        else:
            path.write_bytes(text)
            to_run.write_bytes(compiled)
        print(f"{path.parts[-3]}: {len(catalog)} texts, {len(wrong)} faults", *wrong, sep="\n  ")
        status |= bool(wrong)
    return status


if __name__ == "__main__":
    sys.exit(main())
