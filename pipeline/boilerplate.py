"""Tell the lines of an article from the lines that a site puts around and between them.

A list of lines goes in, the article's own lines come out. Rules look at whole lines or at what hangs on
the end of one; a line that reads as a sentence stays, however much it speaks of comments, of reading or
of WhatsApp. Datelines stay in the text: they are evidence of a place.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from pipeline import text as texts

# A link line carries a headline and no more; longer ones are read as prose. Over 99 % of the headlines
# that Indonesian outlets print are shorter.
MAX_HEADLINE = 200
# A tag is a few words.
MAX_TAG = 60
MAX_TAG_WORDS = 6
# Long invitations ("Simak breaking news ... saluran WhatsApp") run over two sentences.
MAX_INVITATION = 450

_LINKS = (
    r"baca\s?juga|baca\slagi|baca|lihat\sjuga|simak\sjuga|tonton\sjuga|cek\sjuga|also\sread|read\salso"
    r"|read\smore|read|see\salso|watch|related|related\sstory|related\sstories|must\sread|more\son\sthis"
    r"|berita\slainnya|artikel\sberkaitan|berita\sberkaitan|pilihan\seditor|pilihan\sredaksi"
    r"|rekomendasi|berita\sterkait|artikel\sterkait|selengkapnya"
)
# A label with its headline behind it, or alone on its line with the headline on the next.
_LINK_LINE = re.compile(rf"^[\s>»*•(\[-]{{0,4}}(?:{_LINKS})\s?[:;»]\s?(?P<rest>.*)$", re.I)
# Without a colon only the forms that open no sentence of prose.
_LINK_NO_COLON = re.compile(
    r"^(?:baca\sjuga|lihat\sjuga|simak\sjuga|tonton\sjuga|also\sread|read\salso)(?P<rest>\s.*)?$",
    re.I,
)
_LIST_HEADING = re.compile(
    r"^(?:pilihan\sredaksi|pilihan\seditor|berita\sterkait|artikel\sterkait|berita\slainnya|(?:berita|artikel|topik)\s(?:populer|terpopuler|terkini|terbaru)"
    r"|(?:sedang\s)?(?:trending|tren|viral)(?:\s(?:now|topics?|hari\sini))?|terkini|terbaru|populer|latest\snews|most\spopular|popular(?:\snews)?"
    r"|terpopuler|artikel\sberkaitan|related\s(?:stories|articles|news|topics)|most\sread|more\sstories"
    r"|recommended(?:\sstories|\sfor\syou)?|rekomendasi(?:\suntuk\sanda)?|tags?|topik(?:\sterkait)?|kata\skunci|label"
    r"|next\sarticle|artikel\sselanjutnya|you\smay\salso\slike)\s?:?$",
    re.I,
)
_LINK_TAIL = re.compile(
    r"(?<=[.!?\"”’)])\s*[(\[]?(?:baca\sjuga|lihat\sjuga|simak\sjuga|also\sread|read\salso|read\smore)\s?:\s?",
    re.I,
)

_WHOLE = re.compile(
    r"^(?:"
    r"scroll\s(?:to|ke|untuk|down)\b.{0,60}"
    r"|advertisements?|iklan|advertorial|sponsored(?:\scontent)?|adsbygoogle.{0,80}"
    r"|\[gambas:.{0,80}\]"
    r"|next\sarticle|previous\sarticle|lihat\sartikel\sasli"
    r"|(?:halaman|hal\.?|page|laman)\s?:?\s?\d{1,3}(?:\s?(?:dari|of|/|-)\s?\d{1,3})?"
    r"|baca\sselengkapnya\b.{0,120}|selengkapnya(?:\sdi)?|(?:halaman\s)?selanjutnya|berikutnya|sebelumnya"
    r"|(?:lanjut\s)?ke\shalaman\s(?:berikutnya|selanjutnya|\d{1,2}).{0,40}|next\spage|read\smore|continue\sreading"
    r"|\d{1,5}\s?(?:komentar|comments?|ulasan|komen)|komentar(?:\s?\(\d{1,5}\))?|(?:tulis|tinggalkan|kirim|lihat|beri)\skomentar(?:\sanda)?"
    r"|(?:leave\sa|post\sa|view|add|join\sthe)\s(?:comments?|reply|conversation)|comments?(?:\s?\(\d{1,5}\))?"
    r"|view\sthis\spost\son\s\w{1,20}|(?:a|sebuah)\s(?:post|kiriman|video)\s(?:shared\sby|dibagikan\soleh)\b.{0,120}"
    r"|add|as\sa\spreferred|source\son\sgoogle|add\sas\sa\spreferred\ssource\son\sgoogle"
    r"|(?:jadikan|tambahkan|pilih)\b.{0,60}\bgoogle|(?:sebagai\s)?sumber\s(?:pilihan|utama|tepercaya)(?:\sdi\sgoogle)?"
    r"|share(?:\sthis)?(?:\son\s\w{1,20})?:?|bagikan(?:\s(?:artikel|berita)(?:\sini)?)?:?|salin\stautan|copy\slink|tautan\s(?:telah\s)?disalin|link\scopied"
    r"|facebook|twitter|x|whatsapp|telegram|linkedin|instagram|line|email|print|cetak|pinterest|threads"
    r"|(?:copyright|hak\scipta)\b.{0,160}|©.{0,160}|all\srights\sreserved\.?"
    r"|dilarang\s(?:keras\s)?(?:mengambil|mengutip|menyalin|memperbanyak|menyebarluaskan)\b.{0,250}"
    r"|(?:artikel|berita|konten)\sini\s(?:telah|sudah|pernah)\s(?:tayang|terbit|dimuat)\b.{0,200}"
    r"|this\s(?:article|story)\s(?:was\s)?(?:first|originally)\s(?:published|appeared)\b.{0,160}"
    r"|(?:foto|photo|photos|image|gambar|ilustrasi|caption|file\sphoto|video|infografis|grafis)\s?:.{0,400}"
    r"|(?:tayang|terbit|diperbarui|diterbitkan|dipublikasikan|published|updated|last\supdated)\s?:.{0,80}"
    r"|(?:ilustrasi|illustration)\b[.,]?\s?(?:\(|dok\b|foto\b|/|-\s).{0,160}|ilustrasi\.?"
    r"|(?:arsip\sfoto|foto\sarsip|ilustrasi\sfoto|foto\silustrasi)\b.{0,300}"
    r"|[*\s]{0,3}fakta\satau\shoaks\b.{0,400}"
    r"|laporan\s(?:wartawan|kontributor|reporter|jurnalis)\b[^.!?]{0,60}(?:\.com)?[^.!?]{0,60}"
    r"|sumber\s?:\s?.{0,100}|sumber\sberita\s?:.{0,100}"
    r"|(?:sudah\s)?(?:berlangganan|punya\sakun)\??.{0,40}(?:masuk|login).{0,20}"
    r"|logo|close|tutup|advertisement\sscroll.{0,60}"
    r")$",
    re.I,
)
_BYLINE = re.compile(
    r"^(?:pewarta|editor|penulis|uploader|pengunggah|reporter|kontributor|penyunting|redaktur|jurnalis|fotografer"
    r"|penerjemah|pewarta\sfoto|editor\sfoto|wartawan|reported\sby|written\sby|edited\sby|reporting\sby|editing\sby"
    r"|translator|author|writer|source)(?:\s?[:/].{0,120}|\s(?:by\s)?[:].{0,120})$"
    r"|^(?:reporting|writing|editing)\sby\b[^!?]{0,160}$",
    re.I,
)
_WATCH = re.compile(
    r"^(?:simak|lihat|tonton|saksikan|watch)\s(?:juga\s)?(?:selengkapnya\s)?(?:video|live|siaran)\b.{0,200}$",
    re.I,
)
_INVITATION_OPENS = re.compile(
    r"^[*\s]{0,3}(?:simak|ikuti|follow|dapatkan|join|ayo\sgabung|mari\sbergabung|bergabung|gabung|klik|baca\sberita|cek\sberita"
    r"|telusuri\sberita|download|unduh|update\sberita|stay\s|get\s|subscribe|berlangganan|sign\sup|for\smore|catch\sup|jangan\slewatkan"
    r"|artikel\sini\sbisa|nikmati|langganan)",
    re.I,
)
_INVITATION_HOLDS = re.compile(
    r"whatsapp\schannel|channel\swhatsapp|saluran\swhatsapp|kanal\swhatsapp|google\snews|telegram\s(?:channel|kami|resmi)|channel\stelegram"
    r"|(?:grup|saluran|kanal)\s(?:telegram|whatsapp)\s(?:kami|resmi|[a-z]+\.com|\")|whatsapp\s(?:group|grup)\s(?:kami|resmi)|newsletter|breaking\snews"
    r"|berita\s.{0,60}\slainnya|artikel\syg\slain|berita\sdan\sartikel|app\sstore|play\sstore|our\s(?:app|channel|whatsapp|telegram)"
    r"|aplikasi\s.{0,30}(?:untuk|sekarang)|berita\sterkini\s(?:lainnya|di)|update\sberita|kami\sdi\s",
    re.I,
)
_CREDIT_TAIL = re.compile(
    r"\s?\((?:(?:antara|reuters|afp|ap|epa|getty|xinhua|bloomberg|dok|dok\.|istimewa|ist|foto|photo|shutterstock|pixabay|"
    r"unsplash|cnn|cnbc|detik|kompas|tempo|freepik|istock|pexels|bernama|tribun\w*)(?:[/:. ][^()]{0,80})?)\)\.?$",
    re.I,
)
_CAPTION_CREDIT = re.compile(
    r"\((?:[^()]{0,40}/[^()]{1,40})\)$|\b(?:ANTARA|AFP|REUTERS)(?:\sFOTO)?/[\w.\s/-]{2,60}$"
)
_CAPTION_OPENS = re.compile(
    r"^(?:tangkapan\slayar|sejumlah|petugas|suasana|seorang|para|warga|a\s|an\s|the\s|people\s|police\s)",
    re.I,
)
# Who typed and who checked: (rds/end), (isa/rds/dek), (mcr8/jpnn).
_INITIALS = re.compile(r"\s?[(\[](?:[a-z]{2,5}\d{0,2})(?:\s?/\s?[a-z]{2,5}\d{0,2}){1,3}[)\]]\.?$")
# The same with the tags behind them on one line, as readers that join inline elements give it.
_INITIALS_AND_TAGS = re.compile(
    r"(?:^|(?<=[.!?\"”’]))\s?\((?:[a-z]{2,5}\d{0,2})(?:/[a-z]{2,5}\d{0,2}){0,3}\)(?:\s?[\w&'-]{1,25})(?:\s[\w&'-]{1,25}){0,19}$"
)
_SOLE_INITIALS = re.compile(r"(?<=[.!?\"”])\s?\([a-z]{3}\)$|^\([a-z]{3}\)$")
_STAMP = re.compile(
    r"^(?:[\w.]{3,30}\s?[,|-]\s?)?(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|mon|tues|wednes|thurs|fri|satur|sun)\w{0,3},?\s)?"
    r"\d{1,2}[\s/.-]\w{1,9}[\s/.-]\d{4}\s?[,|-]?\s?(?:pukul\s)?\d{1,2}[:.]\d{2}(?:\s?(?:WIB|WITA|WIT|GMT|UTC)\S{0,6})?$",
    re.I,
)
_GAMBAS = re.compile(r"\s?\[Gambas:[^\]\n]{0,80}\]", re.I)
_INLINE_SCROLL = re.compile(r"\s?\bSCROLL TO (?:CONTINUE|RESUME)(?: WITH)? CONTENT\b\s?")
_SIGNATURE = re.compile(r"(?<=[.!?\"”’)])\s(?:--|[-–—])\s?(?P<name>[A-Z][\w.&' /]{1,40})$")
_TERMINAL = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


def clean(lines: Sequence[str], patterns: Sequence[str] = (), title: str = "") -> list[str]:
    """Return the article's own lines, in order.

    ``patterns`` are regular expressions of further whole lines that the source is known to add.
    """
    own = [re.compile(pattern, re.I) for pattern in patterns]
    folded_title = texts.fold(title).strip()
    kept: list[str] = []
    skip = 0  # how many headline-like lines after a label still belong to it
    tail = False  # after the closing initials only tags follow
    for raw in lines:
        line = _GAMBAS.sub("", _INLINE_SCROLL.sub(" ", raw)).strip()
        if not line:
            continue
        closed = _without_initials(line)
        if not closed:
            skip, tail = 0, True
            continue
        if len(line) <= MAX_INVITATION:
            # Labels first: what follows one belongs to it even where the source names its line.
            label = _label(line)
            if label is not None:
                skip = label
                continue
            if _drops(line) or any(pattern.fullmatch(line) for pattern in own):
                continue
            if folded_title and texts.fold(line) == folded_title:
                continue
            if skip and _like_headline(line):
                skip -= 1
                continue
        elif any(pattern.fullmatch(line) for pattern in own):
            continue
        skip = 0
        if tail and _like_tag(line):
            continue
        tail = tail or closed != line
        line = _cut_link(line)
        closed = _without_initials(line)
        line = _CREDIT_TAIL.sub("", closed).strip() if len(closed) > MAX_TAG else closed
        if line:
            kept.append(line)
    if kept:
        kept[-1] = _without_signature(kept[-1])
    return _joined_datelines(kept)


def _label(line: str) -> int | None:
    """Return how many following headlines belong to this label, or None when it is no label."""
    if _LIST_HEADING.match(line):
        return 8 if line.casefold().startswith(("tag", "topik", "kata", "label")) else 5
    match = _LINK_LINE.match(line)
    if match and len(line) <= MAX_HEADLINE + 20:
        return 0 if match["rest"].strip(" -:.") else 1
    match = _LINK_NO_COLON.match(line)
    if match and len(line) <= MAX_HEADLINE and not _TERMINAL.search(line):
        return 0 if (match["rest"] or "").strip() else 1
    return None


def _like_headline(line: str) -> bool:
    return len(line) <= MAX_HEADLINE and not line.rstrip("\"'”’)").endswith((".", ",", ";"))


def _like_tag(line: str) -> bool:
    return (
        len(line) <= MAX_TAG and len(line.split()) <= MAX_TAG_WORDS and not _TERMINAL.search(line)
    )


def _drops(line: str) -> bool:
    """Return whether this line, of ordinary length, is none of the article's own."""
    return bool(
        _WHOLE.match(line)
        or _BYLINE.match(line)
        or _WATCH.match(line)
        or _STAMP.match(line)
        or (_INVITATION_OPENS.match(line) and _INVITATION_HOLDS.search(line))
        or (
            _CAPTION_CREDIT.search(line)
            and len(line) <= MAX_HEADLINE * 2
            and _CAPTION_OPENS.match(line)
        )
    )


def _cut_link(line: str) -> str:
    """Return the line without a related-article link that was glued to its end."""
    match = _LINK_TAIL.search(line)
    if match and len(line) - match.end() <= MAX_HEADLINE:
        return line[: match.start()].rstrip()
    return line


def _without_initials(line: str) -> str:
    match = _INITIALS.search(line) or _SOLE_INITIALS.search(line) or _INITIALS_AND_TAGS.search(line)
    return line[: match.start()].rstrip() if match else line


def _without_signature(line: str) -> str:
    """Return the line without the outlet or agency that signs its end ("... said. – Rappler.com")."""
    match = _SIGNATURE.search(line)
    return line[: match.start()].rstrip() if match and len(match["name"].split()) <= 4 else line


# --- datelines ----------------------------------------------------------------------------------------

_SITE = r"[A-Za-z0-9-]{2,30}\.[A-Za-z]{2,8}(?:\.[A-Za-z]{2})?"
_WORD = r"[A-Z][\w'’-]{0,24}(?:\.[\w'’-]{1,24}){0,3}|[A-Z][a-z]{0,3}\.|[\dA-Z]{1,2}"
_PLACE = rf"(?:(?:{_SITE})|(?:(?:{_WORD})(?:[ /](?:{_WORD}|and|dan|de|of)){{0,4}}))"
_AGENCY = r"(?:\s?\([A-Z][\w .,/&'-]{1,40}\))"
_DATELINE = re.compile(
    rf"(?P<line>{_PLACE}(?:,\s?{_PLACE}){{0,3}}{_AGENCY}?)\s?(?:--|[-–—―])(?=\s|$)"
)
_COLON_DATELINE = re.compile(
    r"(?P<line>[A-Z][A-Z .'’,-]{2,40}(?:\s\([A-Z][\w ]{1,30}\))?)\s?:(?=\s)"
)
_MAX_DATELINE = 90


def dateline(text: str) -> str | None:
    """Return the dateline that opens the text, as printed and without its dash, or None."""
    head = text[: _MAX_DATELINE + 10].partition("\n")[0]
    match = _DATELINE.match(head) or _COLON_DATELINE.match(head)
    return match["line"].strip(" -") if match else None


@functools.lru_cache(maxsize=256)
def _is_bare_dateline(line: str) -> bool:
    match = _DATELINE.fullmatch(line.rstrip())
    return match is not None


def _joined_datelines(lines: list[str]) -> list[str]:
    """Return the lines with a dateline that stood alone put before the sentence that it opens."""
    if len(lines) > 1 and len(lines[0]) <= _MAX_DATELINE and _is_bare_dateline(lines[0]):
        return [f"{lines[0].rstrip()} {lines[1]}", *lines[2:]]
    return lines
