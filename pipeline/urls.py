"""One address per article: the form that keys are made of.

    https://m.outlet.example/amp/2024/06/18/x?page=2&utm_source=a#b -> https://outlet.example/2024/06/18/x

The result is a key first and a link second: mobile, AMP and ``www`` hosts fold into the plain host, which
nearly all outlets redirect to their own spelling. The address as fetched stays on the page record.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from courlan import clean_url
from w3lib.url import canonicalize_url

from pipeline.records import Source

_WEB = re.compile(r"^https?://", re.I)
_BARE_HOST = re.compile(r"^[\w-]+(\.[\w-]+)+(/|$)")
# Labels in front of a host that name a presentation, not a publication (regional editions stay).
_PRESENTATION = frozenset({"www", "m", "amp", "mobile", "wap", "touch"})
_AMP_SEGMENTS = frozenset({"amp", "amp.html", "amphtml"})
_AMP_CACHE = re.compile(r"^/(?:[a-z]/)?(?:s/)?(?=[^/]+\.[^/]+/)")
_GOOGLE_AMP = re.compile(r"^/amp/(?:s/)?(?=[^/]+\.[^/]+/)")
_TRACKING = re.compile(
    r"^(?:utm_|mtm_|pk_|itm_|at_|ga_|hsa_|fb_|__twitter)"
    r"|^(?:fbclid|gclid|dclid|msclkid|yclid|igshid|igsh|twclid|ttclid|mc_cid|mc_eid|wbraid|gbraid|_ga|_gl|srsltid"
    r"|ref|referrer|ref_src|ref_url|source|src|from|cmpid|ncid|ocid|tag_from|traffic_source|share|shared|via"
    r"|gad_source|gad_campaignid|gclsrc|li_fat_id|trk|cmp|mibextid|sfnsn|rdid|_branch_match_id|lgn_method|google_btn|smid|taid"
    r"|amp|noamp|outputtype|usqp|amp_js_v|amp_gsa|amp_markup|nocache|spm|_x_tr_.*"
    r"|phpsessid|jsessionid|aspsessionid\w*|session_?id)$"
)
_SESSION = re.compile(r"(?:;|%3B)jsessionid=[^/?#]*", re.I)
# Pages of others that hold or lead to the address: saved copies and the doors of social media.
_SAVED = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(?=https?:)", re.I)
_DOOR = re.compile(r"^https?://(?:www\.google\.[a-z.]{2,6}/url|lm?\.facebook\.com/l\.php)\?", re.I)
# A tracking query glued to a path that had no question mark.
_GLUED = re.compile(r"&(?:utm_\w{1,20}|fbclid|gclid)=[^?#]*$", re.I)
# Parameters that say which page of one article is shown.
_PAGING = frozenset({"page", "single", "showpage", "view", "hal", "halaman", "singlepage"})
_PAGING_VALUE = re.compile(r"^(?:\d{1,3}|all|full|show|semua)?$", re.I)
_MAX_ROUNDS = 6  # each round only removes or rewrites once; real addresses settle in one or two
_MAX_LENGTH = 2_000  # longer addresses are garbage or attacks; only the query can be that long


def canonical(url: str, source: Source | None = None) -> str:
    """Return the address that stands for the article; applying it twice changes nothing.

    What is not a web address (a file, an identifier of an import) comes back as it is, trimmed.
    """
    current = url.strip()
    if not _WEB.match(current):
        if current.startswith("//"):
            current = f"https:{current}"
        elif _BARE_HOST.match(current):
            current = f"https://{current}"
        else:
            return current
    suffix = source.paging.value.strip("/") if source and source.paging.kind == "suffix" else ""
    paging = (
        source.paging.value.lstrip("?&").partition("=")[0]
        if source and source.paging.kind == "query"
        else ""
    )
    drop_query = source is not None and source.drop_query
    for _ in range(_MAX_ROUNDS):
        settled = _round(current, suffix, paging, drop_query=drop_query)
        if settled == current:
            break
        current = settled
    return current


def _round(url: str, suffix: str, paging: str, *, drop_query: bool) -> str:
    """Return the address after one application of every rule."""
    cleaned = _SESSION.sub("", _cleaned(_unwrapped(url)))
    try:
        parts = urlsplit(cleaned)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return cleaned
    if not host:
        return cleaned
    path = re.sub(r"/{2,}", "/", _GLUED.sub("", parts.path))
    if host.endswith(".cdn.ampproject.org") or (
        re.match(r"(?:www\.)?google\.", host) and _GOOGLE_AMP.match(path)
    ):
        inner = _GOOGLE_AMP.sub("", _AMP_CACHE.sub("", path)).lstrip("/")
        if _BARE_HOST.match(inner):
            return f"https://{inner}"
    host = _plain_host(host)
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    query = "" if drop_query else _query(parts.query[:_MAX_LENGTH], paging)
    return urlunsplit(("https", host, _path(path, suffix), query, ""))


def _unwrapped(url: str) -> str:
    """Return the address inside one of a saved copy or a leaving page, or the address itself."""
    inner = _SAVED.sub("", url)
    if _DOOR.match(inner):
        for name, value in parse_qsl(inner.partition("?")[2][:_MAX_LENGTH]):
            if name in {"q", "u", "url"} and _WEB.match(value):
                return value
    return inner


@functools.lru_cache(maxsize=4096)
def _cleaned(url: str) -> str:
    """Return the address as the two libraries tidy it, or as it was when they cannot read it."""
    try:
        tidy = clean_url(url) or url
        return str(canonicalize_url(tidy, keep_blank_values=False))
    except ValueError:
        return url


def _plain_host(host: str) -> str:
    """Return the host without the labels of a mobile, AMP or ``www`` front."""
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _PRESENTATION:
        rest = labels[1:]
        if len(rest) == 2 and all(len(label) <= 3 for label in rest):
            break  # what remains would be a suffix such as `co.id`
        labels = rest
    return ".".join(labels)


def _path(path: str, suffix: str) -> str:
    """Return the path without AMP segments, the all-pages suffix and a closing slash."""
    segments = [segment for segment in path.split("/") if segment]
    while segments:
        if segments[-1] in _AMP_SEGMENTS or (
            suffix and len(segments) > 1 and segments[-1] == suffix
        ):
            segments.pop()
        elif segments[0] == "amp" and len(segments) > 1:
            segments.pop(0)
        elif segments[-1].endswith(".amp.html"):
            segments[-1] = segments[-1].removesuffix(".amp.html") + ".html"
        elif segments[-1].endswith(".amp") and len(segments[-1]) > len(".amp"):
            segments[-1] = segments[-1].removesuffix(".amp")
        else:
            break
    return "/" + "/".join(segments)


def _query(query: str, paging: str) -> str:
    """Return the query without tracking and paging, in a fixed order."""
    kept = [
        (name, value)
        for name, value in parse_qsl(query)
        if not _TRACKING.search(name.lower())
        and name != paging
        and not (name.lower() in _PAGING and _PAGING_VALUE.match(value))
    ]
    return urlencode(sorted(kept))


# --- days written into addresses ----------------------------------------------------------------------

_SLASHED = re.compile(r"/((?:19|20)\d{2})[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_COMPACT = re.compile(
    r"(?:/|-)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{6})?(?=[/-]|$)"
)


def date_in(url: str) -> tuple[str, dt.date] | None:
    """Return the day that the address carries, with its text, or None."""
    path = urlsplit(url).path if _WEB.match(url) else ""
    for pattern in (_SLASHED, _COMPACT):
        match = pattern.search(path)
        if match:
            try:
                day = dt.date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
            return match.group().strip("/-"), day
    return None
