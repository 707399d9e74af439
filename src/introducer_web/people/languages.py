"""Languages that people talk in: one code for each, however a sheet writes it.

Codes are ISO 639-1 (639-3 where there is none of two letters). A language that is not in the table
stays as it was written.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from introducer_web.people.known import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LANGUAGES", "language_codes", "language_names"]

#: Languages that are offered when people join.
LANGUAGES = (
    ("en", _("English")), ("es", _("Spanish")), ("fr", _("French")), ("de", _("German")), ("pt", _("Portuguese")),
    ("zh", _("Chinese")), ("ar", _("Arabic")), ("hi", _("Hindi")), ("ur", _("Urdu")), ("ko", _("Korean")),
)  # fmt: skip

#: Every code with the names that a sheet may have for it: in English, then in the language itself.
_WRITTEN = """
am Amharic/አማርኛ
ar Arabic/العربية
bg Bulgarian/български
bn Bengali/Bangla/বাংলা
ca Catalan/Català
cs Czech/Čeština
da Danish/Dansk
de German/Deutsch
el Greek/Ελληνικά
en English
es Spanish/Castilian/Español/Castellano
et Estonian/Eesti
eu Basque/Euskara
fa Persian/Farsi/فارسی
fi Finnish/Suomi
fr French/Français
ga Irish/Gaeilge
gl Galician/Galego
gu Gujarati/ગુજરાતી
he Hebrew/עברית
hi Hindi/हिन्दी
hr Croatian/Hrvatski
ht Haitian Creole/Haitian/Creole/Kreyòl ayisyen
hu Hungarian/Magyar
hy Armenian/Հայերեն
id Indonesian/Bahasa Indonesia
ig Igbo
is Icelandic/Íslenska
it Italian/Italiano
ja Japanese/日本語
ka Georgian/ქართული
kn Kannada/ಕನ್ನಡ
ko Korean/한국어
lt Lithuanian/Lietuvių
lv Latvian/Latviešu
ml Malayalam/മലയാളം
mr Marathi/मराठी
ms Malay/Bahasa Melayu
ne Nepali/नेपाली
nl Dutch/Flemish/Nederlands
no Norwegian/Norsk
pa Punjabi/Panjabi/ਪੰਜਾਬੀ
pl Polish/Polski
ps Pashto/پښتو
pt Portuguese/Português
ro Romanian/Română
ru Russian/Русский
si Sinhala/සිංහල
sk Slovak/Slovenčina
sl Slovenian/Slovene/Slovenščina
so Somali/Soomaali
sq Albanian/Shqip
sr Serbian/Српски
sv Swedish/Svenska
sw Swahili/Kiswahili
ta Tamil/தமிழ்
te Telugu/తెలుగు
th Thai/ไทย
tl Tagalog/Filipino
tr Turkish/Türkçe
uk Ukrainian/Українська
ur Urdu/اردو
vi Vietnamese/Tiếng Việt
yo Yoruba/Yorùbá
zh Chinese/Mandarin/Mandarin Chinese/中文/普通话
yue Cantonese/廣東話
"""


@lru_cache
def _codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _WRITTEN.strip().splitlines():
        code, _space, names = line.partition(" ")
        found |= {folded(name): code for name in (code, *names.split("/"))}
    return found


@lru_cache
def _english() -> Mapping[str, str]:
    rows = (line.partition(" ") for line in _WRITTEN.strip().splitlines())
    return {code: names.partition("/")[0] for code, _space, names in rows}


def language_codes(words: Iterable[str]) -> list[str]:
    """Return the codes of languages, each once, in the order given; what is not known as it was written."""
    return list(dict.fromkeys(_codes().get(folded(word), word) for word in words if word))


def language_names(codes: Iterable[str]) -> list[str]:
    """Return what languages are called; those that are offered in the language of the page."""
    offered = dict(LANGUAGES)
    return [str(offered.get(code) or _english().get(code) or code.capitalize()) for code in codes]
