"""Find everything in an article that names something, resolved to what it names.

    Article, Tagger -> [Mention]

Agencies are read first, so that a place inside the name of one is its seat and nothing more. Figures of
persons, dates and money come from the sentences; kinds of scam, channels, promised jobs and means of
control from the lexicon. Names that no list holds are asked of a learned finder, where one is lent.
``text[start:end] == surface`` holds for every mention.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import yaml

from pipeline import agencies, lexicon, places, segments, unlisted
from pipeline.dates import DateExpression
from pipeline.numbers import Quantity
from pipeline.protocols import NameFinder, TaggedSpan, Tagger
from pipeline.records import Article, Mention, MentionKind
from pipeline.segments import Sentence

VERSION = "1"
# Where persons of a text come from unless it says otherwise: the outlet's country where that sends
# workers, else Indonesia.
HOME = "IDN"
_HOMES = frozenset({"IDN", "MYS", "PHL"})

# Groups of the lexicon that are mentions in their own right.
_GROUPS = {
    "scam_type": MentionKind.SCAM_TYPE,
    "channel": MentionKind.CHANNEL,
    "offered_job": MentionKind.OFFERED_JOB,
    "control_means": MentionKind.CONTROL_MEANS,
}
# Lines that point to other articles or credit their makers; what they name is not the article's.
_ASIDE = re.compile(
    r"^[ \t>*•-]*(?:(?:baca|lihat|simak|tonton)\s?juga|also read|read also|read more|related|pewarta|penulis|"
    r"penyunting|editor|reporter|sumber foto|berita berkaitan|artikel berkaitan)\b[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)


def find(
    article: Article, tagger: Tagger, finder: Callable[[], NameFinder] | None = None
) -> list[Mention]:
    """Return the mentions of the article, sorted by start, end and kind; none repeats.

    ``finder`` opens the learned name finder; it is called only for a text that has something to ask.
    """
    text = _without_asides(article.text)
    spans = tagger.tag(text, article.language)
    named = agencies.read(
        text,
        spans,
        language=article.language,
        reference_date=article.reference_date,
        country_hint=article.country,
    )
    located = _located(article, text, spans, named)
    maker = _Maker(article, text)
    sentences = segments.read(article)
    others: list[Mention] = [
        *map(maker.agency, named),
        *maker.of_sentences(sentences),
        *maker.nationalities([(item.start, item.end) for item in named]),
        *maker.terms(),
    ]
    if finder is not None and article.language == unlisted.LANGUAGE:
        asked = unlisted.ask(
            text,
            [(item.start, item.end) for item in sentences if not item.is_title],
            located,
            [
                *((item.start, item.end) for item in others),
                *((item.start, item.end) for item in located),
            ],
            finder,
        )
        if asked.refused:
            # Read again without them, for a place lends its neighbours role and country.
            spans = [item for item in spans if not _is_within(item, asked.refused)]
            located = _located(article, text, spans, named)
        if asked.added:
            version = finder().version
            others += [maker.unlisted(item, version) for item in asked.added]
    found = [*others, *map(maker.place, located)]
    unique = {(item.kind, item.start, item.end, item.role): item for item in reversed(found)}
    return sorted(
        unique.values(), key=lambda item: (item.start, item.end, item.kind, item.role or "")
    )


def _located(
    article: Article,
    text: str,
    spans: Sequence[TaggedSpan],
    named: Sequence[agencies.AgencyReading],
) -> list[places.PlaceReading]:
    return places.read(
        text,
        spans,
        language=article.language,
        title_end=len(article.title),
        dateline=article.dateline,
        agency_spans=[(item.start, item.end) for item in named],
        home=article.country if article.country in _HOMES and article.country else HOME,
    )


def _is_within(span: TaggedSpan, wider: Iterable[tuple[int, int]]) -> bool:
    return span.kind is MentionKind.PLACE and any(
        start <= span.start and span.end <= end for start, end in wider
    )


def _without_asides(text: str) -> str:
    """Return the text with lines that are not the article's blanked out, every offset kept."""
    return _ASIDE.sub(lambda match: " " * len(match[0]), text)


class _Maker:
    """Turns what the readers found into mentions of one article."""

    def __init__(self, article: Article, text: str) -> None:
        self._article, self._text = article, text

    def _mention(
        self, kind: MentionKind, start: int, end: int, extractor: str, **fields: object
    ) -> Mention:
        return Mention.model_validate(
            {
                "article_id": self._article.article_id, "kind": kind, "start": start, "end": end,
                "surface": self._article.text[start:end], "extractor": extractor, "extractor_version": VERSION,
                **fields,
            }
        )  # fmt: skip

    def agency(self, item: agencies.AgencyReading) -> Mention:
        return self._mention(
            MentionKind.AGENCY, item.start, item.end, "agencies",
            canonical_id=item.agency.agency_id, canonical_name=item.agency.name, country=item.agency.country,
            role=item.role, score=item.score,
        )  # fmt: skip

    def place(self, item: places.PlaceReading) -> Mention:
        known = item.place
        fields = {} if known is None else {
            "canonical_id": known.place_id, "canonical_name": known.name, "country": known.country,
            "admin1": known.admin1, "lat": known.lat, "lon": known.lon, "geo_precision": known.precision,
        }  # fmt: skip
        return self._mention(
            MentionKind.PLACE,
            item.start,
            item.end,
            "places",
            role=item.role,
            score=item.score,
            **fields,
        )

    def unlisted(self, item: unlisted.Unlisted, version: str) -> Mention:
        return self._mention(
            item.kind, item.start, item.end, unlisted.EXTRACTOR, score=unlisted.SCORE,
            extractor_version=version,
        )  # fmt: skip

    def of_sentences(self, sentences: Iterable[Sentence]) -> Iterator[Mention]:
        for sentence in sentences:
            if not self._text[sentence.start : sentence.end].strip():
                continue
            for day in sentence.dates:
                yield self._mention(
                    MentionKind.DATE, day.start, day.end, "dates", canonical_id=_days(day),
                    role="statement" if day.is_statement_day else day.bound,
                )  # fmt: skip
            for figure in sentence.quantities:
                if figure.is_persons:
                    yield self._persons(figure)
                elif figure.measure in {"IDR", "USD", "money"}:
                    yield self._money(sentence, figure)

    def _persons(self, figure: Quantity) -> Mention:
        return self._mention(
            MentionKind.PERSON_COUNT, figure.start, figure.end, "numbers",
            canonical_id=None if figure.best is None else f"{figure.best:g}" if figure.best < 1e6 else str(int(figure.best)),
            country=_iso(figure.nationality),
        )  # fmt: skip

    def _nationality(self, start: int, end: int, code: str) -> Mention:
        return self._mention(
            MentionKind.NATIONALITY, start, end, "demonyms", canonical_id=code, country=_iso(code)
        )

    def _money(self, sentence: Sentence, figure: Quantity) -> Mention:
        start, end, currency = _currency(self._article.text, sentence, figure)
        after = self._article.text[end : min(sentence.end, end + 30)]
        amount = "" if figure.best is None else f"{currency} {figure.best:.0f}".strip()
        period = next((name for name, pattern in _PERIODS if pattern.match(after)), "")
        return self._mention(
            MentionKind.MONEY, start, end, "numbers", canonical_id=(amount + period) or None,
            role=_purpose(sentence, figure, bool(period)),
        )  # fmt: skip

    def nationalities(self, names: Sequence[tuple[int, int]]) -> Iterator[Mention]:
        """Yield nationality words, but not those inside a name ("Direktorat Pelindungan WNI")."""
        pattern, people, countries = _national()
        inside = bytearray(len(self._text))
        for start, end in names:
            inside[start:end] = b"\x01" * (end - start)
        for match in pattern.finditer(self._text):
            if inside[match.start()]:
                continue
            code = countries[match["country"]] if match["country"] else people[match["people"]]
            yield self._nationality(match.start(), match.end(), code)

    def terms(self) -> Iterator[Mention]:
        for term in lexicon.find(self._text, *_GROUPS):
            yield self._mention(
                _GROUPS[term.group], term.start, term.end, "lexicon", canonical_id=term.key
            )


def _iso(code: str | None) -> str | None:
    return code if code is not None and re.fullmatch("[A-Z]{3}", code) else None


def _days(day: DateExpression) -> str:
    """Return the days in ISO 8601: one day, or an interval."""
    first, last = day.date_start.isoformat(), day.date_end.isoformat()
    return first if first == last else f"{first}/{last}"


# --- nationalities ---------------------------------------------------------------------------------

_PERSON = (
    r"nationals?|citizens?|workers?|victims?|suspects?|men|man|women|woman|migrants?|people|passport|"
    r"students?|employees|detainees|returnees"
)


@functools.cache
def _national() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    """Return the pattern of nationality words with what each stands for.

    An adjective alone is none ("Chinese-run", "Thai police"): it must be a plural or have a person behind it.
    """
    raw = (importlib.resources.files("pipeline") / "data" / "demonyms.yml").read_text("utf-8")
    people: dict[str, str] = {}
    countries: dict[str, str] = {}
    for code, forms in yaml.safe_load(raw).items():
        people.update(dict.fromkeys(forms["people"], code))
        countries.update(dict.fromkeys(forms["country"], code))
    plural = [form for form in people if form.endswith("s") or form.isupper()]
    single = [form for form in people if form not in plural]

    def either(words: Iterable[str]) -> str:
        return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))

    # One alternation over every way to begin keeps this a single pass.
    pattern = re.compile(
        rf"(?<![\w-])(?:(?:[Ww]arga [Nn]egara|[Ww]arga|WN|WNA|[Rr]akyat|[Ww]arganegara|[Nn]ationals of|[Cc]itizens of) (?:asal )?(?:the )?(?P<country>{either(countries)})"
        rf"|(?P<people>{either(plural)}(?!['’])|(?:{either(single)})(?= (?:{_PERSON})\b)|(?<=\d )(?:{either(single)})(?!['’])))(?![\w-])"
    )
    return pattern, people, countries


# --- money -----------------------------------------------------------------------------------------

_SYMBOLS = {
    "US$": "USD", "USD": "USD", "$": "USD", "Rp.": "IDR", "Rp": "IDR", "IDR": "IDR", "S$": "SGD", "SGD": "SGD",
    "RM": "MYR", "MYR": "MYR", "THB": "THB", "฿": "THB", "PHP": "PHP", "₱": "PHP", "P": "PHP", "€": "EUR",
    "£": "GBP", "¥": "CNY", "CNY": "CNY", "A$": "AUD", "AUD": "AUD", "HK$": "HKD",
}  # fmt: skip
_SYMBOL = re.compile(
    r"(?<!\w)(?P<symbol>"
    + "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True))
    + r")\s?$"
)
_UNITS = {
    "dolar singapura": "SGD", "singapore dollar": "SGD", "dolar": "USD", "dollar": "USD", "rupiah": "IDR",
    "ringgit": "MYR", "baht": "THB", "peso": "PHP", "dirham": "AED", "yuan": "CNY", "won": "KRW", "euro": "EUR",
}  # fmt: skip
_UNIT = re.compile(
    r"\s(?:(?:ribu|juta|miliar|triliun|million|billion|thousand)\s)?"
    r"(?P<unit>dolar singapura|singapore dollar|(?:US )?dollar|dolar|rupiah|ringgit|baht|peso|dirham|yuan|won|euro)s?(?:\s(?:AS|Amerika(?: Serikat)?))?\b",
    re.IGNORECASE,
)
_PERIODS = (
    ("/month", re.compile(r"\s?(?:per|se|tiap|setiap|a|each|every|/)\s?(?:bulan|month)|\s(?:bulanan|monthly|sebulan)\b", re.I)),
    ("/week", re.compile(r"\s?(?:per|se|tiap|a|/)\s?(?:minggu|pekan|week)\b", re.I)),
    ("/day", re.compile(r"\s?(?:per|se|tiap|a|/)\s?(?:hari|day)\b", re.I)),
    ("/year", re.compile(r"\s?(?:per|se|a|/)\s?(?:tahun|year)\b", re.I)),
)  # fmt: skip
_RANSOM = re.compile(
    r"tebusan|menebus|ditebus|uang tebus|wang tebusan|ransom|to be released|for (?:his|her|their) (?:release|freedom)",
    re.I,
)
_PAY = re.compile(
    r"gaji|bergaji|digaji|upah|bayaran|penghasilan|pendapatan|imbalan|komisen|diiming|iming-iming|salar(?:y|ies)|wages?\b|\bpay\b|\bpaid\b|"
    r"\bearn(?:ing|ings|ed)?\b|income|promis|offered",
    re.I,
)
_NOT_PAY = re.compile(r"denda|fined?\b|kerugian|rugi|\bloss(?:es)?\b|lost|disita|seiz|transaksi|transaction|sanksi|biaya|fee\b|modal|\bbribe|suap|bail", re.I)  # fmt: skip


def _currency(text: str, sentence: Sentence, figure: Quantity) -> tuple[int, int, str]:
    """Return the bounds of the amount with its currency, and the currency's ISO 4217 code."""
    start, end = figure.start, figure.end
    code = figure.measure if figure.measure in {"IDR", "USD"} else ""
    before = _SYMBOL.search(text, max(sentence.start, start - 5), start)
    if before:
        return before.start(), end, _SYMBOLS[before["symbol"]]
    after = _UNIT.match(text, end, sentence.end)
    if after:
        unit = after["unit"].lower().removeprefix("us ")
        return start, after.end(), _UNITS[unit]
    return start, end, code or ""


def _purpose(sentence: Sentence, figure: Quantity, is_periodic: bool) -> str | None:
    """Return ``ransom`` or ``promised_pay`` when the words around the amount say so."""
    at = figure.start - sentence.start
    near = sentence.text[max(0, at - 90) : at + 70]
    if _RANSOM.search(near):
        return "ransom"
    if _PAY.search(near) and (is_periodic or not _NOT_PAY.search(near)):
        return "promised_pay"
    return "promised_pay" if is_periodic and not _NOT_PAY.search(near) else None
