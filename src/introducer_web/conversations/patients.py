"""A look for what would say who a patient is, in what people write to themselves and to each other.

It warns and never blocks: whoever writes sees what was found and where, and decides. It is a net with holes. A name
alone, a face, a rare disease in a small town say who somebody is as well, and no pattern finds them; nothing found
does not mean that nothing is there. Nothing that it reads is kept or logged.

What it looks for are the identifiers of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i), by its letters: names (A) where
something says that they are a patient's, places smaller than a state (B), dates but for the year and ages over 89 (C),
telephone and fax numbers (D, E), e-mail addresses (F), social security numbers (G), numbers of medical records (H),
health plans (I), accounts (J), certificates and licenses (K), vehicles (L) and devices (M), IP addresses (O), and
other numbers of a patient, an accession number among them (R). Addresses of web pages (N) are mostly those of articles
and are let through; fingerprints and pictures (P, Q) are no text. In English and Spanish, with the identity numbers of
Spain and Mexico. Dates, places and bare numbers say nothing by themselves: they count beside words of a patient's care.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.utils.functional import Promise

__all__ = ["WHAT", "Seen", "look", "mark_of"]

#: What each kind is called.
WHAT: dict[str, str | Promise] = {
    "name": _("perhaps a patient's name"),
    "place": _("a place beside words of a patient's care"),
    "birth": _("a date of birth"),
    "date": _("a date beside words of a patient's care"),
    "age": _("an age over 89"),
    "phone": _("a telephone or fax number"),
    "email": _("an e-mail address"),
    "ssn": _("a social security or identity number"),
    "record": _("a number of a medical record"),
    "plan": _("a number of a health plan"),
    "account": _("a number of an account, a certificate, a vehicle or a device"),
    "accession": _("an accession number"),
    "ip": _("an IP address"),
    "number": _("a long number beside words of a patient's care"),
}
#: How far from a date, a place or a number a word of care is looked for, in characters; it stands in the same sentence.
_NEAR = 80
#: How much of the text around is shown, in characters.
_AROUND = 30


@dataclass(frozen=True)
class Seen:
    """Something that may say who a patient is.

    Attributes
    ----------
    kind : str
        A key of ``WHAT``.
    start, end : int
        Where in the text it is.
    line : int
        In which line, from 1.
    before, text, after : str
        It, and what stands around it.
    """

    kind: str
    start: int
    end: int
    line: int
    before: str
    text: str
    after: str

    @property
    def what(self) -> str | Promise:
        """What it may be, in words."""
        return WHAT[self.kind]


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MES = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
_DATE = (
    r"(?:\b(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\b"
    r"|(?<![\d/.-])\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d\d\b"
    r"|(?<![\d/.-])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])"
    rf"|\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+(?:19|20)\d\d)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:19|20)\d\d)?(?!\w)"
    rf"|\b{_MONTH}\s+(?:of\s+)?(?:19|20)\d\d\b"
    rf"|\b\d{{1,2}}\s+de\s+{_MES}(?:\s+(?:de|del)\s+(?:19|20)\d\d)?\b"
    rf"|\b{_MES}\s+(?:de|del)\s+(?:19|20)\d\d\b)"
)
#: A number of something: "MRN 00123", "NHC: 12-345", "acct. #AB1234".
_OF = (
    r"\s*(?:no\.?|n[.ºo°]+|num(?:ber)?\.?|n[úu]m(?:ero)?\.?|#|id)?\s*(?:is|was|es|de)?\s*[:#=]?\s*"
    r"(?P<it>(?=[\w-]*\d)[\w-]{3,20})"
)
_NAMED = r"[A-ZÁÉÍÓÚÑÜ][\w’'-]+"
#: The same, of that of which there are short numbers as well: "group 3", "Insurance 101".
_LONG_OF = _OF.replace("{3,20}", "{5,20}")
#: What follows "patient" with a capital letter and is no name.
_NO_NAME = (
    r"(?:Safety|Care|Communication|Education|Advoca\w+|Experience|Relations?|Portal|Selection|Consent|Privacy|Rights"
    r"|Navigat\w+|Reported|Centered|Services?|Satisfaction|Engagement|Outcomes?|Flow|Volume|Follow|Mix|And|Or|Is|Was"
    r"|Had|Has|With|Who|The|A|In|On|At|For|To|I|IR|OR|ED|ER|ICU|CT|MR|MRI|US|PET|TIPS|PAE|UFE|UAE|TACE|TARE|HCC|DVT|PE"
    r"|IVC|AVF|HIPAA|PHI|EHR|EMR|Q)\b"
)

#: What is looked for wherever it stands.
_ANYWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "birth",
        re.compile(
            rf"\b(?:d\.?o\.?b\.?|date\s+of\s+birth|born(?:\s+on)?|f\.?\s?n\.?|f(?:echa)?\.?\s+(?:de\s+)?nac(?:imiento)?\.?"
            rf"|nacid[oa](?:\s+el)?|naci[óo]\s+el)\s*[:=]?\s*(?P<it>{_DATE})",
            re.IGNORECASE,
        ),
    ),
    ("ssn", re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-\d{2}-\d{4}(?![\d-])")),
    (
        "ssn",
        re.compile(rf"\b(?:ssn|social\s+security|seguro\s+social|nss|seguridad\s+social){_OF}", re.IGNORECASE),
    ),
    ("ssn", re.compile(r"\b(?:[XYZ]-?\d{7}|\d{8})-?[A-HJ-NP-TV-Z]\b")),  # DNI and NIE of Spain
    ("ssn", re.compile(r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d\b")),  # CURP of Mexico
    (
        "record",
        re.compile(
            rf"\b(?:mrn|m\.r\.n\.|med(?:ical)?\.?\s+rec(?:ord)?|chart|epic\s+id|hospital\s+id|patient\s+id|nhc|cipa?"
            rf"|historia(?:\s+cl[íi]nica)?|n\.?[ºo°]?\s*(?:de\s+)?historia(?:\s+cl[íi]nica)?|expediente){_OF}",
            re.IGNORECASE,
        ),
    ),
    (
        "accession",
        re.compile(rf"\b(?:accession|acc|study\s+id|n[úu]mero\s+de\s+(?:estudio|acceso)){_OF}", re.IGNORECASE),
    ),
    (
        "plan",
        re.compile(
            rf"\b(?:member|subscriber|policy|beneficiary|medicare|medicaid|group|insurance|p[óo]liza|tarjeta\s+sanitaria"
            rf"|afiliad[oa]){_LONG_OF}",
            re.IGNORECASE,
        ),
    ),
    (  # Medicare
        "plan",
        re.compile(
            r"\b[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?"
            r"[AC-HJKMNP-RT-Y]{2}\d{2}\b"
        ),
    ),
    (
        "account",
        re.compile(
            rf"\b(?:acct|account|s/n|serial|device\s+id|udi|license\s+plate|driver'?s\s+license|vin|cuenta|matr[íi]cula"
            rf"|n[úu]mero\s+de\s+serie)\.?{_OF}",
            re.IGNORECASE,
        ),
    ),
    (
        "age",
        re.compile(
            r"\b(?P<it>(?:9\d|1[01]\d)[\s-]*(?:years?|yrs?)?[\s-]*(?:old|y/?o|y\.o\.))\b"
            r"|\b(?:aged?|age\s+of)[:\s]+(?P<it2>9\d|1[01]\d)\b"
            r"|\b(?:de|tiene|ten[íi]a)\s+(?P<it3>(?:9\d|1[01]\d)\s+años)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "name",
        re.compile(
            rf"\b(?:[Pp]atients?|PATIENT|[Pp]t\.?|[Pp]acientes?|[Pp]cte\.?)(?:\s+(?:named|called|is|was|llamad[oa]|es))?,?\s+"
            rf"(?P<it>(?:(?:Mr|Mrs|Ms|Sra?|Srta|Don|Doña|Do[ñn]a)\.?\s+)?(?!{_NO_NAME}){_NAMED}(?:\s+{_NAMED})*)"
        ),
    ),
    (
        "name",
        re.compile(
            # Whom one greets is hardly a patient.
            r"(?<!Dear )(?<!Hello )(?<!Hi )(?<!Estimado )(?<!Estimada )(?<!Querido )(?<!Querida )"
            rf"\b(?P<it>(?:Mr|Mrs|Ms|Miss|Sr|Sra|Srta)\.?\s+(?!Chair|President|Secretary|Presidente){_NAMED}(?:\s+{_NAMED})?)"
        ),
    ),
    ("name", re.compile(r"\b(?:[Pp]atient|[Pp]t\.?|[Pp]aciente)\s+(?P<it>[A-Z]\.\s?[A-Z]\.?)(?!\w)")),
    (
        "name",
        re.compile(r"\b(?P<it>[A-Z]\.?[A-Z]\.?),?\s+(?:is\s+an?\s+|a\s+)?\d{1,3}\s*-?(?:y/?o\b|(?:yr|year)s?[\s-]?old|[FM]\b|años)"),
    ),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "phone",
        re.compile(
            r"(?<![\w.+/-])(?:\+(?=[1-9](?:\D?\D?\d){7})\d{1,3}[\s.-]?(?:\(?\d{1,4}\)?[\s.-]?){2,5}\d{2,4}"
            r"|\(\d{3}\)\s?\d{3}[\s.-]\d{4}|\d{3}[.-]\d{3}[.-]\d{4}|\d{3}\s\d{3}\s\d{4}"
            r"|[6789]\d{2}\s\d{3}\s\d{3}|[6789]\d{2}\s\d{2}\s\d{2}\s\d{2})(?![\w/-])"
        ),
    ),
    (
        "phone",
        re.compile(
            r"\b(?:phone|tel|cell|mobile|pager|beeper|fax|tel[ée]fono|m[óo]vil|celular)\b\.?\s*(?:no\.?|number|n[úu]mero)?"
            r"\s*(?:is|es)?\s*[:#]?\s*(?P<it>\+?\(?\d[\d\s().-]{5,16}\d)",
            re.IGNORECASE,
        ),
    ),
    ("ip", re.compile(r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])")),
)  # fmt: skip

#: What is looked for beside words of a patient's care alone.
_BESIDE_CARE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date", re.compile(_DATE, re.IGNORECASE)),
    (
        "place",
        re.compile(
            r"\b\d{1,5}\s+(?:[NSEW]\.?\s+)?[A-Z][\w’']+(?:\s+[A-Z][\w’']+)?\s+"
            r"(?:St(?:reet)?|Ave(?:nue)?|R(?:oa)?d|Blvd|Boulevard|Lane|Ln|Dr(?:ive)?|Court|Ct|Way)\b\.?"
            r"|\b(?:[Cc]alle|C/|[Aa]venida|Avda\.?|[Pp]laza|[Pp]aseo)\s+[\w’'. ]{2,40}?,?\s*(?:n\.?[ºo°]\s*)?\d{1,4}\b"
            r"|\b(?:zip|ZIP|C\.?P\.?)(?:\s+code)?:?\s*\d{5}(?:-\d{4})?\b"
            r"|\b(?:[Ll]ives|[Rr]esides|[Vv]ive|[Rr]eside)\s+(?:in|en)\s+"
            rf"(?P<it>{_NAMED}(?:\s+{_NAMED})*)"
        ),
    ),
    ("number", re.compile(r"(?<![\w.,#/-])#?\d{6,12}(?![\w/-]|[.,]\d)")),
)
#: What is of a patient itself, so that a date beside it is one more.
_OF_A_PATIENT = {"name", "birth", "record", "accession"}
#: Words of a patient's care. "Patients" are many, and "patient communication" is a topic.
_CARE = re.compile(
    r"\b(?:patient(?!\s+(?:communicat|care|safety|educat|advoca|experience|select|relation|satisf|engag|outcome|centered"
    r"|volume|flow|portal|privacy|consent))\b|pt\b|admi(?:tted|ssion\s+(?:on|date))\b|discharged\b|discharge\s+(?:on|date)\b"
    r"|died\b|deceased\b|expired\s+on\b|passed\s+away\b|underwent\b|presented\s+with\b|presented\s+to\s+the\s+e[dr]\b"
    r"|biops(?:y|ied)\s+(?:on|of|from)\b|biopsied\b|was\s+(?:treated|seen|scanned|embolized|transferred|intubated)\b"
    r"|operated\s+on\b|(?:surgery|procedure|exam|scan)\s+(?:date|on|from)\b|post-?op\b|consulted\s+on\b|accession\b|mrn\b"
    r"|paciente\b|pcte\b|ingres(?:ó|ad[oa])\b|ingreso\s+(?:el|en)\b|alta\s+el\b|dad[oa]\s+de\s+alta\b|falleci(?:ó|d[oa])\b"
    r"|operad[oa]\b|intervenid[oa]\b|biopsiad[oa]\b|se\s+le\s+(?:hizo|realizó)\b|acudió\b|exitus\b)",
    re.IGNORECASE,
)  # fmt: skip
_ENDS = re.compile(r"[!?\n]|\.(?=\s+[A-ZÁÉÍÓÚÑ])")


def look(text: str) -> list[Seen]:
    """Return what may say who a patient is, in the order of the text; of two that overlap the first named.

    Examples
    --------
    >>> [(seen.kind, seen.text) for seen in look("Pt was admitted 3/14/2026, MRN 00123456.")]
    [('date', '3/14/2026'), ('record', '00123456')]
    >>> look("Patient communication is what I would like to learn before March 14.")
    []
    """
    taken: list[tuple[int, int]] = []
    found = []
    for kind, start, end in _found(text):
        if all(end <= first or start >= last for first, last in taken):
            taken.append((start, end))
            found.append(_seen(text, kind, start, end))
    return sorted(found, key=lambda seen: seen.start)


def mark_of(found: Iterable[Seen]) -> str:
    """Return a mark of what was found: whoever agreed to it has agreed to nothing that came after."""
    told = "\n".join(f"{seen.kind} {seen.text}" for seen in found)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _found(text: str) -> Iterator[tuple[str, int, int]]:
    care = [match.span() for match in _CARE.finditer(text)]
    for kind, pattern in _ANYWHERE:
        for match in pattern.finditer(text):
            start, end = _span(match)
            yield kind, start, end
            if kind in _OF_A_PATIENT:
                care.append((start, end))
    for kind, pattern in _BESIDE_CARE if care else ():
        for match in pattern.finditer(text):
            start, end = _span(match)
            if any(_same_sentence(text, begin, until, start, end) for begin, until in care):
                yield kind, start, end


def _span(match: re.Match[str]) -> tuple[int, int]:
    """Return where the identifier itself is: the group that begins with "it", else the whole."""
    for name, group in match.groupdict().items():
        if group is not None:
            return match.span(name)
    return match.span()


def _same_sentence(text: str, begin: int, until: int, start: int, end: int) -> bool:
    first, last = (until, start) if until <= start else (end, begin)
    return last - first <= _NEAR and not _ENDS.search(text, first, max(first, last))


def _seen(text: str, kind: str, start: int, end: int) -> Seen:
    return Seen(
        kind=kind, start=start, end=end, line=text.count("\n", 0, start) + 1,
        before=("…" if start > _AROUND else "") + _shown(text[max(0, start - _AROUND) : start]), text=text[start:end],
        after=_shown(text[end : end + _AROUND]) + ("…" if end + _AROUND < len(text) else ""),
    )  # fmt: skip


def _shown(text: str) -> str:
    """Return a text in one line."""
    return " ".join(text.splitlines())
