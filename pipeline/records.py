"""The vocabulary: every record that flows from one stage to the next.

Records are frozen, refuse unknown fields and derive their ids from natural keys, so a rerun writes the
same rows. Offsets are Unicode code points into ``Article.text`` and always satisfy
``text[start:end] == surface``. Times ending in ``_at`` are UTC; fields ending in ``_date`` are local days
of the place they speak of; countries are ISO 3166-1 alpha-3; nulls mean "the text does not say".

Codes and their meaning follow the codebook (``docs/reference/codebook.md``), which builds on IOM HTCDS,
UNODC ICCS, ACLED and UCDP GED conventions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Unit01 = Annotated[float, Field(ge=0.0, le=1.0)]


def make_id(prefix: str, *parts: object) -> str:
    """Return ``prefix_`` and 16 hexadecimal digits of the SHA-256 of the parts: same parts, same id."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return f"{prefix}_{hashlib.sha256(joined.encode()).hexdigest()[:16]}"


class Record(BaseModel):
    """Base of all records: immutable, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- closed vocabularies ---------------------------------------------------------------------------


class EventType(StrEnum):
    """What happened; exactly one per incident. Definitions: ``pipeline/event_types.yml``."""

    RESCUE = "rescue"
    RELEASE_HANDOVER = "release_handover"
    ESCAPE = "escape"
    RAID = "raid"
    ARREST = "arrest"
    DETENTION = "detention"
    REPATRIATION = "repatriation"
    DEPORTATION = "deportation"
    INTERDICTION = "interdiction"
    COMPLAINT = "complaint"
    DEATH = "death"
    UNREST = "unrest"
    INVESTIGATION = "investigation"
    PROSECUTION = "prosecution"
    VERDICT = "verdict"
    SANCTION = "sanction"
    POLICY = "policy"
    OTHER = "other"


class CountRole(StrEnum):
    """Who the counted persons are. ``fraud_victim`` (defrauded people) is never mixed with ``victim``."""

    VICTIM = "victim"
    RESCUED = "rescued"
    RELEASED = "released"
    ESCAPED = "escaped"
    DETAINED = "detained"
    REPATRIATED = "repatriated"
    DEPORTED = "deported"
    ARRESTED = "arrested"
    SUSPECT = "suspect"
    RECRUITER = "recruiter"
    CONVICTED = "convicted"
    INTERDICTED = "interdicted"
    COMPLAINANT = "complainant"
    DEAD = "dead"
    INJURED = "injured"
    SICK = "sick"
    MISSING = "missing"
    REMAINING = "remaining"
    SHELTERED = "sheltered"
    FAMILY_MEMBER = "family_member"
    FRAUD_VICTIM = "fraud_victim"


class Relation(StrEnum):
    """How the printed figure bounds the true one ("lebih dari 1.500" is ``at_least`` 1500)."""

    EQUAL = "equal"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    RANGE = "range"


class Unit(StrEnum):
    """What a figure counts. Cases ("kasus") are not persons."""

    PERSONS = "persons"
    CASES = "cases"
    COMPLAINTS = "complaints"
    PERCENT = "percent"
    IDR = "IDR"
    USD = "USD"
    ACCOUNTS = "accounts"
    SITES = "sites"
    DEPARTURES = "departures"
    PERMITS = "permits"


class StatisticCategory(StrEnum):
    """Subject of an aggregate figure."""

    ONLINE_GAMBLING = "online_gambling"
    ONLINE_SCAM = "online_scam"
    TPPO_ALL = "tppo_all"
    MIGRANT_WORKER_CASES = "migrant_worker_cases"
    DEATHS = "deaths"
    DEPARTURES = "departures"
    RESIDENTS = "residents"
    ARRESTS = "arrests"
    FRAUD_LOSSES = "fraud_losses"
    OTHER = "other"


class PlaceRole(StrEnum):
    """What a place does in the text. ``agency_seat`` and ``dateline`` are never event places."""

    ORIGIN = "origin"
    RECRUITMENT = "recruitment"
    DEPARTURE = "departure"
    TRANSIT = "transit"
    DESTINATION = "destination"
    INTENDED_DESTINATION = "intended_destination"
    EVENT_SITE = "event_site"
    CROSSING = "crossing"
    SHELTER = "shelter"
    ARRIVAL = "arrival"
    TARGET_MARKET = "target_market"
    HEADQUARTERS = "headquarters"
    AGENCY_SEAT = "agency_seat"
    DATELINE = "dateline"
    MENTION = "mention"


class AgencyRole(StrEnum):
    """What an agency does in the text."""

    SOURCE_OF_FIGURE = "source_of_figure"
    ACTOR = "actor"
    HOST_AUTHORITY = "host_authority"
    FACILITATOR = "facilitator"
    LAW_ENFORCEMENT = "law_enforcement"
    COURT = "court"
    SERVICE_PROVIDER = "service_provider"
    ARMED_GROUP_IN_CONTROL = "armed_group_in_control"
    SPOKESPERSON = "spokesperson"
    MENTIONED = "mentioned"


class MentionKind(StrEnum):
    """What kind of thing a span names."""

    PLACE = "place"
    AGENCY = "agency"
    PERSON_COUNT = "person_count"
    DATE = "date"
    SCAM_TYPE = "scam_type"
    CHANNEL = "channel"
    MONEY = "money"
    NATIONALITY = "nationality"
    OFFERED_JOB = "offered_job"
    CONTROL_MEANS = "control_means"


class GeoPrecision(StrEnum):
    """How finely a place is known; the codebook's numeric code is the value."""

    SITE = "1"
    TOWN = "2"
    ADMIN2 = "3"
    ADMIN1 = "4"
    COUNTRY = "5"
    REGION = "6"
    UNKNOWN = "9"


class DatePrecision(StrEnum):
    """How finely an event date is known; the codebook's numeric code is the value."""

    DAY = "1"
    WITHIN_WEEK = "2"
    WEEK = "3"
    MONTH = "4"
    QUARTER = "5"
    YEAR = "6"
    UNKNOWN = "9"


class DateBasis(StrEnum):
    """Where an event date comes from."""

    EXPLICIT = "explicit"
    RELATIVE_RESOLVED = "relative_resolved"
    PUBLICATION_UPPER_BOUND = "publication_date_upper_bound"


class ScamType(StrEnum):
    """Exploitation output: which fraud or gambling the persons were made to work in."""

    ONLINE_GAMBLING = "online_gambling"
    INVESTMENT_CRYPTO = "investment_crypto"
    ROMANCE = "romance"
    TASK_JOB = "task_job"
    IMPERSONATION = "impersonation"
    EXTORTION = "extortion"
    UNSPECIFIED_SCAM = "unspecified_scam"
    UNKNOWN = "unknown"


class DocType(StrEnum):
    """Genre of an article."""

    NEWS = "news"
    FOLLOWUP = "followup"
    STATISTICS = "statistics"
    POLICY = "policy"
    FEATURE = "feature"
    OPINION = "opinion"
    EXPLAINER = "explainer"
    PRESS_RELEASE = "press_release"
    ADVISORY = "advisory"
    OTHER = "other"


class Band(StrEnum):
    """What the screening decided: keep, ask a person, or drop."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class IncidentStatus(StrEnum):
    """How well an incident is established."""

    REPORTED = "reported"
    CONFIRMED_OFFICIAL = "confirmed_official"
    CONFIRMED_MULTIPLE = "confirmed_multiple"
    DISPUTED = "disputed"
    REFUTED = "refuted"
    MERGED_INTO = "merged_into"


class Tier(StrEnum):
    """``candidate``: the program's reading; ``reviewed``: a person has looked at it."""

    CANDIDATE = "candidate"
    REVIEWED = "reviewed"


class FetchState(StrEnum):
    """The named state in which every requested address ends."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    REFUSED_ADDRESS = "refused_address"
    OFF_LIST = "off_list"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    TIMED_OUT = "timed_out"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    BLOCKED = "blocked"
    DNS_FAILED = "dns_failed"
    CONNECTION_FAILED = "connection_failed"
    TLS_FAILED = "tls_failed"
    NOT_HTML = "not_html"
    MALFORMED = "malformed"
    EMPTY = "empty"
    DEFERRED = "deferred"
    SKIPPED = "skipped"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a record went no further. A rejection is counted, never lost."""

    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    NO_TITLE = "no_title"
    BLOCK_PAGE = "block_page"
    NOT_AN_ARTICLE = "not_an_article"
    REPEATED_PAGE = "repeated_page"
    EMPTY_FILE = "empty_file"
    UNREADABLE_ENCODING = "unreadable_encoding"
    MALFORMED_JSON = "malformed_json"
    MISSING_FIELD = "missing_field"
    MALFORMED_WARC = "malformed_warc"
    UNSUPPORTED_FILE = "unsupported_file"
    MISSING_PATH = "missing_path"
    TOO_LARGE = "too_large"
    EXTRACTION_FAILED = "extraction_failed"
    TIMED_OUT = "timed_out"
    UNSUPPORTED_LANGUAGE = "unsupported_language"


# --- where pages come from -------------------------------------------------------------------------


class Selectors(Record):
    """CSS selectors of one layout of an outlet, with the days on which that layout was in use."""

    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    title: str | None = None
    body: str | None = None
    author: str | None = None
    published: str | None = None
    remove: tuple[str, ...] = Field(default=(), description="Elements dropped before reading.")


class JsonFields(Record):
    """Where a list that comes as JSON keeps what; paths are keys joined by dots ("data.items")."""

    items: str = Field(default="", description="Path of the list; empty: the document is the list.")
    url: str = Field(description="Path of the address in an entry, or a text with paths in braces.")
    title: str = ""
    date: str = ""
    summary: str = ""
    script: str = Field(
        default="", description="CSS selector of the script element that holds the JSON of a page."
    )


class Listing(Record):
    """A page that lists articles; links are taken from inside ``links`` only.

    ``wordpress`` is the address of its posts (``/wp-json/wp/v2/posts``), ``json`` any other list of data.
    """

    kind: Literal["index", "tag", "search", "section", "wordpress", "json"]
    url: str = Field(
        description="May hold {page}, {query}, and {date:%Y-%m-%d} or {since:...} and {until:...}."
    )
    links: str = Field(
        default="", description="CSS selector of the article links, scoped to the list."
    )
    fields: JsonFields | None = Field(default=None, description="Where a `json` list keeps what.")
    first_page: int = 1


class Paging(Record):
    """How an article that is split over pages is fetched whole."""

    kind: Literal["none", "query", "suffix", "follow"] = "none"
    value: str = Field(default="", description="`page=all`, `/all`, or the CSS selector to follow.")


class Politeness(Record):
    """How gently a source is asked."""

    delay_s: float = Field(default=5.0, ge=0.0)
    max_per_day: int = Field(default=300, ge=1)


class Terms(Record):
    """What the publisher says about copying."""

    ai_opt_out: bool = Field(
        default=False,
        description="The publisher bars crawling by programs like this one, in print or for machines.",
    )
    paywall: Literal["none", "metered", "hard", "unknown"] = "unknown"
    note: str = ""


class SourceEvidence(Record):
    """Why we believe the addresses of a source; what was only inferred stays off until a probe passes."""

    status: Literal["seen", "inferred", "disabled"]
    checked: str | None = Field(
        default=None,
        pattern=r"^20\d\d-[01]\d(-[0-3]\d)?$",
        description="Day or month of the last check on record in which a feed or list of it answered.",
    )
    note: str
    references: tuple[str, ...] = ()


class Source(Record):
    """A publisher or feed we watch; one file per source."""

    source_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str
    owner: str = Field(description="Publisher group; reports are independent when owners differ.")
    kind: Literal["outlet", "wire", "government", "ngo", "igo"] = "outlet"
    country: Country
    language: str
    timezone: str = Field(description="IANA zone that undated-zone times are read in.")
    homepage: str
    hosts: tuple[str, ...] = Field(description="Hosts whose pages belong to this source.")
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    article_url: str = Field(description="Regular expression that article addresses match.")
    selectors: tuple[Selectors, ...] = ()
    boilerplate: tuple[str, ...] = Field(
        default=(), description="Regular expressions of whole lines that are not the article."
    )
    paging: Paging = Paging()
    drop_query: bool = Field(default=True, description="The query string is not part of the key.")
    politeness: Politeness = Politeness()
    terms: Terms = Terms()
    titles_first: bool | None = Field(
        default=None,
        description="Fetch only what its title hints at; unset: when the source tells much each day.",
    )
    expects_per_day: tuple[int, int] | None = Field(
        default=None, description="Least and most items on a healthy day."
    )
    evidence: SourceEvidence

    @property
    def standing(self) -> Literal["seen", "inferred", "disabled", "opted out"]:
        """How we stand to it: the status of its evidence, unless the publisher has opted out."""
        if self.terms.ai_opt_out and self.evidence.status != "disabled":
            return "opted out"
        return self.evidence.status

    @property
    def enabled(self) -> bool:
        """Whether the daily run crawls it: seen to work, and not barred to programs like this one."""
        return self.standing == "seen"


# --- what the crawl brings -------------------------------------------------------------------------


class Page(Record):
    """Bytes as fetched, never altered: one response at one address."""

    page_id: str
    source_id: str
    url: str
    final_url: str
    status: int
    fetched_at: dt.datetime
    content_type: str = ""
    body: bytes = Field(repr=False)
    body_sha256: str
    part_of: str | None = Field(
        default=None, description="Address of page 1 when this is a later page of one article."
    )
    part_no: int = 1
    warc_file: str | None = Field(default=None, description="Archive file name, below archive/.")
    warc_offset: int | None = None

    @staticmethod
    def of(
        source_id: str,
        url: str,
        body: bytes,
        fetched_at: dt.datetime,
        *,
        final_url: str | None = None,
        status: int = 200,
        content_type: str = "text/html",
        part_of: str | None = None,
        part_no: int = 1,
        warc_file: str | None = None,
        warc_offset: int | None = None,
    ) -> Page:
        """Return the page with its digest and id filled in (id: address and digest)."""
        digest = hashlib.sha256(body).hexdigest()
        return Page(
            page_id=make_id("page", url, digest),
            source_id=source_id,
            url=url,
            final_url=final_url or url,
            status=status,
            fetched_at=fetched_at,
            content_type=content_type,
            body=body,
            body_sha256=digest,
            part_of=part_of,
            part_no=part_no,
            warc_file=warc_file,
            warc_offset=warc_offset,
        )


class Fetch(Record):
    """What became of one requested address in one run."""

    run_id: str
    source_id: str
    url: str
    kind: Literal["robots", "feed", "sitemap", "listing", "article"]
    state: FetchState
    status: int | None = None
    detail: str = ""
    fetched_at: dt.datetime
    n_listed: int = Field(
        default=0, description="Article addresses found on a feed, sitemap, list."
    )
    listed_date: dt.date | None = Field(
        default=None, description="Local day that the list tells, of what was skipped by its title."
    )
    page_id: str | None = None
    warc_file: str | None = None


class Rejection(Record):
    """Why a record went no further; counted by stage and reason."""

    record_id: str
    stage: str
    reason: Reason
    detail: str = ""
    source_id: str = ""


# --- articles --------------------------------------------------------------------------------------


class Article(Record):
    """One text published at one address.

    ``text`` is the title as first line, then the body, one paragraph a line; every offset in the project
    points into it. ``article_id`` derives from the canonical address.
    """

    article_id: str
    url: str
    canonical_url: str
    source_id: str
    outlet: str
    owner: str = Field(
        default="", description="Publisher group; independent sources are counted by it."
    )
    country: Country | None = None
    language: str = Field(description="ISO 639-1, or `und`.")
    title: str
    text: str = Field(repr=False)
    author: str | None = None
    published_at: dt.datetime | None = None
    published_date: dt.date | None = Field(
        default=None, description="Day in the outlet's own zone."
    )
    published_raw: str | None = Field(default=None, description="The date exactly as found.")
    published_basis: Literal[
        "jsonld", "meta", "selector", "feed", "url", "given", "text", "none"
    ] = "none"
    fetched_at: dt.datetime
    page_sha256: str
    n_parts: int = 1
    dateline: str | None = Field(default=None, description="Dateline as printed, kept as evidence.")
    copy_group_id: str | None = None
    is_primary: bool = True
    duplicate_of: str | None = None
    extractor_version: str = ""

    @model_validator(mode="after")
    def _title_opens_text(self) -> Article:
        if not self.text.startswith(self.title):
            raise ValueError("text must begin with the title")
        return self

    @property
    def body_start(self) -> int:
        """Offset of the first character after the title line."""
        return min(len(self.title) + 1, len(self.text))

    @property
    def body(self) -> str:
        """The text below the title."""
        return self.text[self.body_start :]

    @property
    def reference_date(self) -> dt.date:
        """The day that relative dates refer to: published, else fetched."""
        return self.published_date or self.fetched_at.date()


class Relevance(Record):
    """How likely an article is on the subject, and why."""

    article_id: str
    grade: Annotated[int, Field(ge=0, le=3)]
    score: Unit01
    threshold: Unit01
    relevant: bool
    band: Band
    doc_type: DocType
    cues: tuple[str, ...] = Field(default=(), description="Lexicon terms that decided.")
    model_version: str


# --- spans -----------------------------------------------------------------------------------------


class Span(Record):
    """A stretch of ``Article.text``."""

    start: int
    end: int
    surface: str


class Mention(Record):
    """A span that names something."""

    article_id: str
    kind: MentionKind
    start: int
    end: int
    surface: str
    canonical_id: str | None = None
    canonical_name: str | None = None
    country: Country | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: GeoPrecision | None = None
    role: str | None = Field(default=None, description="PlaceRole or AgencyRole value, by kind.")
    score: Unit01 = 1.0
    extractor: str
    extractor_version: str


class Claim(Record):
    """One row of the count ledger: a figure of persons in one text, with what it counts.

    ``best`` is null for vague amounts ("puluhan": 20 to 99). ``subset_of`` points at the claim that this
    one is a part of; a parent and its parts are never added up.
    """

    claim_id: str
    article_id: str
    role: CountRole
    low: int | None
    best: int | None
    high: int | None
    relation: Relation
    unit: Unit = Unit.PERSONS
    nationality: Country | None = None
    sex: Literal["male", "female"] | None = None
    age_band: Literal["minor", "18-24", "25-35", "36+"] | None = None
    place_id: str | None = None
    as_of_date: dt.date | None = None
    is_cumulative: bool = False
    cumulative_since: dt.date | None = None
    subset_of: str | None = None
    basis: Literal["text", "derived"] = "text"
    speaker_agency_id: str | None = None
    is_headline: bool = False
    is_planned: bool = False
    start: int
    end: int
    surface: str
    extractor: str
    extractor_version: str


class Statistic(Record):
    """An aggregate figure over a period or area. It is not an incident."""

    stat_id: str
    article_id: str
    metric: str
    category: StatisticCategory
    value: float
    unit: Unit
    relation: Relation = Relation.EQUAL
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    as_of: dt.date | None = None
    area_country: Country | None = None
    population: str | None = None
    is_cumulative: bool = False
    disaggregation_of: str | None = None
    source_agency: str | None = Field(default=None, description="Agency id.")
    definition_note: str | None = None
    start: int
    end: int
    surface: str
    extractor: str
    extractor_version: str


class ReportPlace(Record):
    """A place in the role it plays in a reported event."""

    place_id: str
    name: str
    role: PlaceRole
    country: Country | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: GeoPrecision = GeoPrecision.UNKNOWN
    start: int
    end: int


class ReportAgency(Record):
    """An agency in the role it plays in a reported event."""

    agency_id: str
    name: str
    role: AgencyRole
    start: int
    end: int


class RouteLeg(Record):
    """One leg of a journey; a leg that the text leaves out is left out here."""

    leg_no: int
    from_place_id: str | None
    from_name: str
    to_place_id: str | None
    to_name: str
    start: int
    end: int


class Sighting(Record):
    """A recruitment channel, promised job, pay, means of control or ransom as seen in a text."""

    kind: Literal["channel", "promised_job", "promised_pay", "control_means", "ransom"]
    value: str
    start: int
    end: int
    surface: str


class Report(Record):
    """What one article says of one event."""

    report_id: str
    article_id: str
    event_type: EventType
    sub_event: EventType | None = None
    salience: Literal["main", "background"] = "main"
    is_planned: bool = False
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: DatePrecision
    date_basis: DateBasis
    event_country: Country | None
    destination_country: Country | None
    place_id: str | None = None
    place_name: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: GeoPrecision = GeoPrecision.UNKNOWN
    scam_types: tuple[ScamType, ...] = ()
    nationalities: tuple[Country, ...] = ()
    legal_stage: str = "none"
    headline_role: CountRole | None = None
    count_low: int | None = None
    count_best: int | None = None
    count_high: int | None = None
    is_cumulative: bool = False
    claims: tuple[Claim, ...] = ()
    places: tuple[ReportPlace, ...] = ()
    agencies: tuple[ReportAgency, ...] = ()
    legs: tuple[RouteLeg, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    keys: tuple[str, ...] = Field(
        default=(), description="Distinctive names (flight, building, operation) that help linking."
    )
    summary: str = Field(default="", description="The sentence that tells the event; private tier.")
    evidence: tuple[Span, ...]
    confidence: Unit01
    # Copied from the article so that linking needs reports alone.
    source_id: str = ""
    owner: str = ""
    outlet: str = ""
    language: str = "und"
    copy_group_id: str | None = None
    published_at: dt.datetime | None = None
    published_date: dt.date | None = None
    extractor_version: str


# --- incidents -------------------------------------------------------------------------------------


class IncidentCount(Record):
    """A claim as it stands in an incident's ledger, after consolidation."""

    count_id: str
    incident_id: str
    role: CountRole
    low: int | None
    best: int | None
    high: int | None
    relation: Relation
    unit: Unit
    nationality: Country | None
    sex: str | None
    age_band: str | None
    as_of_date: dt.date | None
    is_cumulative: bool
    cumulative_since: dt.date | None
    subset_of: str | None
    superseded_by: str | None
    basis: str
    report_id: str
    article_id: str
    start: int
    end: int


class IncidentPlace(Record):
    """A place of an incident, merged over its reports."""

    place_id: str
    name: str
    role: PlaceRole
    country: Country | None = None
    admin1: str | None = None
    n_reports: int = 1


class IncidentAgency(Record):
    """An agency of an incident, merged over its reports."""

    agency_id: str
    name: str
    role: AgencyRole
    n_reports: int = 1


class Link(Record):
    """Why a report belongs to an incident."""

    report_id: str
    incident_id: str
    score: Unit01
    linked_by: str = Field(description="Rule or model that decided, or `review`.")


class Incident(Record):
    """One thing that happened, told by one or more reports."""

    incident_id: str
    parent_id: str | None = None
    case_id: str | None = None
    merged_into: str | None = None
    event_type: EventType
    sub_event: EventType | None = None
    status: IncidentStatus = IncidentStatus.REPORTED
    tier: Tier = Tier.CANDIDATE
    date_start: dt.date | None
    date_end: dt.date | None
    date_precision: DatePrecision
    date_basis: DateBasis
    event_country: Country | None
    destination_country: Country | None
    place_id: str | None = None
    place_name: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: GeoPrecision = GeoPrecision.UNKNOWN
    scam_types: tuple[ScamType, ...] = ()
    nationalities: tuple[Country, ...] = ()
    headline_role: CountRole | None = None
    persons_low: int | None = None
    persons_best: int | None = None
    persons_high: int | None = None
    report_ids: tuple[str, ...]
    article_ids: tuple[str, ...]
    n_reports: int
    n_sources: int = Field(description="Distinct owners; a wire story on 20 sites is one source.")
    confidence: Unit01
    first_reported_at: dt.datetime | None = None
    last_updated_at: dt.datetime | None = None
    counts: tuple[IncidentCount, ...] = ()
    places: tuple[IncidentPlace, ...] = ()
    agencies: tuple[IncidentAgency, ...] = ()
    linked_by: str


class Review(Record):
    """One human decision; applied as data on each rerun."""

    review_id: str
    record_id: str
    action: Literal["accept", "correct", "merge", "split", "reject", "undo", "takedown"]
    field: str | None = None
    value: str | None = None
    reviewer: str
    reason: str
    reviewed_at: dt.datetime
