"""Read markup: bytes to text, text to tree, tree to lines.

The one home of lxml's HTML side; what the lines mean is for others to say.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree, html
from lxml.cssselect import CSSSelector
from w3lib.encoding import html_to_unicode

from pipeline import text as texts

# More unreadable characters than this and the text is not in the encoding that it was read in.
MAX_UNREADABLE = 0.02
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


def decode(body: bytes, content_type: str) -> str:
    """Return the page as text: byte order mark, then header, then meta tag, then a detector decide.

    A body that is valid UTF-8 is read so whatever it claims: other encodings give that by chance only in
    plain ASCII, and wrong labels are common. Markup in which every other byte is zero is UTF-16.
    """
    if body[:2_000].count(0) > len(body[:2_000]) // 4 and not body.startswith(_MARKS):
        low = body[1:2_000:2].count(0) >= body[:2_000:2].count(0)
        return body.decode("utf-16-le" if low else "utf-16-be", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    _, decoded = html_to_unicode(content_type or None, body, auto_detect_fun=_detect)
    text = str(decoded)
    if text.count("\ufffd") > MAX_UNREADABLE * max(len(text), 1):
        guess = _detect(body)
        if guess:
            text = body.decode(guess, "replace")
    return text


def _detect(body: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:64_000]).best()
    return best.encoding if best else "cp1252"


# What no document may hold; a parser stops at some of them.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
# One class for all elements: lxml's own choice by tag costs a call for each element touched.
_ELEMENTS = etree.ElementDefaultClassLookup(element=html.HtmlElement)


def _parser() -> Any:
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    return parser


def parse(text: str) -> Any | None:
    """Return the parsed page, or None when there is no markup in it."""
    cleaned = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    try:
        tree = html.document_fromstring(cleaned, parser=_parser())
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if len(tree) else None


_HIDDEN = (
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "button",
    "select",
    "object",
)
# Boxes that outlets put inside the body; named by what they hold, matched on class and id.
_BOXES = re.compile(
    r"(?:^|[\s_-])(?:baca-?juga|bacajuga|inject-baca|linksisip|related|terkait|kompasid\w*|ads?|iklan|advert\w*|banner|paradetail"
    r"|share|sharing|social|sosmed|comments?|komentar|newsletter|breadcrumbs?|paging|pagination|long-nav|detail__anchor\w*"
    r"|tags?|tag-list|blog-tags|detail-tag|box-gnews|rctiplus|video-wrap|lihatjg|terpopuler|popular|recommend\w*|rekomendasi"
    r"|ext-channel|info-author|paywall-\w+|sidebar|credit|penulis|caption|photo__wrap|subscribe)(?:[\s_-]|$|\d)"
    r"|(?:^|\s)widget(?:[\s_-]|$|\d)",  # page builders call every paragraph some-widget
    re.I,
)  # fmt: skip
_MAX_MARKS = 1_000  # longer class lists are attacks or style sheets in disguise
_SMALL_FORM = 300  # letters; a search, a login. Some sites put the whole page into one form.
_SMALL_BOX = 700  # letters; a box of this kind that holds more is the article after all


_BLOCKS = frozenset(
    """
    p div section article main header footer h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table tr td th dl dt dd
    figure figcaption aside address hr br
    """.split()  # noqa: SIM905
)
_SKIPPED = frozenset(_HIDDEN) | {
    "figure",
    "figcaption",
    "aside",
    "nav",
    "header",
    "footer",
    "video",
    "audio",
}
_LINK_SHARE = 0.9  # a line that is link for so much of its length points to another article


def lines(element: Any) -> list[str]:
    """Return the lines of text inside the element, without those that are nothing but a link."""
    lines: list[str] = []
    parts: list[str] = []
    linked = 0

    def flush() -> None:
        nonlocal linked
        line = texts.normalise(" ".join("".join(parts).split()))
        if line and not (linked and linked >= _LINK_SHARE * len(line)):
            lines.append(line)
        parts.clear()
        linked = 0

    def add(piece: str | None, *, link: bool) -> None:
        nonlocal linked
        if piece:
            parts.append(piece)
            linked += len(piece.strip()) if link else 0

    in_link = 0
    skipped = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            if skipped or tag in _SKIPPED:
                skipped += 1
                continue
            in_link += tag == "a"
            if tag in _BLOCKS:
                flush()
            add(node.text, link=in_link > 0)
        else:
            if skipped:
                skipped -= 1
            else:
                if tag in _BLOCKS:
                    flush()
                in_link -= tag == "a"
            if not skipped and node is not element:
                add(node.tail, link=in_link > 0)
    flush()
    return lines


def strip_hidden(tree: Any, keep: Collection[Any] = ()) -> None:
    """Remove what no reader sees, and the small boxes that are known to stand inside bodies.

    The elements of ``keep`` stay whatever they are called, with all that they stand in.
    """
    etree.strip_elements(tree, *_HIDDEN, with_tail=False)
    kept = {up for node in keep for up in (node, *node.iterancestors())}
    for node in list(
        tree.iter("div", "p", "ul", "ol", "section", "aside", "span", "table", "figure", "form")
    ):
        marks = f"{node.get('class') or ''} {node.get('id') or ''}"
        is_form = node.tag == "form"
        if (
            (is_form or (len(marks) > 1 and _is_box(marks)))
            and node.getparent() is not None
            and node not in kept
            and _n_letters(node) <= (_SMALL_FORM if is_form else _SMALL_BOX)
        ):
            node.drop_tree()
        elif is_form:
            node.tag = "div"  # else trafilatura leaves out all that is in it


@functools.lru_cache(maxsize=4096)  # the rows of a menu all carry the same marks
def _is_box(marks: str) -> bool:
    return len(marks) <= _MAX_MARKS and _BOXES.search(marks) is not None


# A body without one line of this length is a list of links; no report does without one such sentence.
MIN_PROSE = 80
_RUNS = etree.XPath(
    f"descendant::text()[string-length(.) >= {MIN_PROSE} and not(ancestor::p or ancestor::a"
    " or ancestor::nav or ancestor::aside or ancestor::footer)]",
    smart_strings=False,
)


def n_prose(tree: Any) -> int:
    """Return how many characters of the page stand in paragraphs, or in runs of text as long as one."""
    runs = [*_RUNS(tree), *("".join(_pieces(node)) for node in tree.iter("p"))]
    return sum(n for run in runs if (n := len(" ".join(run.split()))) >= MIN_PROSE)


_n_letters = etree.XPath("string-length(.)")
_pieces = etree.XPath("descendant::text()", smart_strings=False)


def visible_text(tree: Any) -> str:
    """Return the words of the page's body on one line, as a reader would see them."""
    body = tree.find(".//body")
    return " ".join(" ".join(_pieces(tree if body is None else body)).split())


def first_heading(tree: Any) -> list[str]:
    """Return the text of the first heading of the page, of the first rank that it has, in a list."""
    for rank in ("h1", "h2"):
        for node in tree.iter(rank):
            text = " ".join("".join(node.itertext()).split())
            if text:
                return [text]
    return []


@functools.lru_cache(maxsize=512)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def selected(tree: Any, selector: str | None) -> list[Any]:
    """Return the elements that a selector finds, outermost only; a broken selector finds none."""
    if not selector:
        return []
    try:
        found = list(_compiled(selector)(tree))
    except (etree.XPathError, ValueError, SyntaxError):  # cssselect raises SyntaxError for bad CSS
        return []
    chosen = set(found)
    return [node for node in found if not any(up in chosen for up in node.iterancestors())]


def selected_text(tree: Any, selector: str | None) -> str:
    """Return the text of the first element that a selector finds, or its machine-readable value."""
    for node in selected(tree, selector)[:1]:
        value = node.get("datetime") or node.get("content") or " ".join(node.itertext())
        return " ".join(str(value).split())
    return ""


# Where pages print their time, for outlets without selectors; the first one that can be read counts.
_SHOWN = CSSSelector(
    "article time[datetime], .read__time, .detail__date, .entry-date, time.published, .post__timeago,"
    " .journalist, .date, .tanggal, .article-date, .post-date, time",
    translator="html",
)  # fmt: skip


def shown_times(tree: Any) -> Iterator[str]:
    """Yield the times printed around the heading, not those of related articles."""
    for node in _SHOWN(tree)[:6]:
        if any(up.tag in {"aside", "li", "nav", "footer"} for up in node.iterancestors()):
            continue
        for value in (node.get("datetime"), " ".join(" ".join(node.itertext()).split())):
            if value:
                yield value[:200]
