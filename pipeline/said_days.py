"""Decide whether a day in a text is that of a statement and not of the event it tells of.

A weekday or short date behind a verb of saying, or before one, is the day on which somebody spoke.
"""

from __future__ import annotations

import re

from pipeline.calendar_days import DAY_NAMED

# A weekday or short date behind a verb of saying is the day of the statement, not of the event.
_SAYING = (
    "kata|ujar|ujarnya|katanya|tutur|tuturnya|ucap|ucapnya|jelas|jelasnya|ungkap|ungkapnya|imbuhnya|tegas|tegasnya|menurut|"
    "mengatakan|menyebut|menyebutkan|menyampaikan|menjelaskan|menerangkan|menuturkan|menegaskan|mengungkapkan|memaparkan|memerinci|menambahkan|membenarkan|menyatakan|"
    "berkata|memberitahu|keterangan|pernyataan|siaran pers|konferensi pers|sidang media|rilis|dikutip|dilansir|dikonfirmasi|yang diterima|diterima di|dipantau|kenyataan|jumpa pers|taklimat|press briefing|unggahan|"
    "said|says|told|statement|announced|confirmed|disclosed|mengumumkan|diumumkan|memaklumkan|dimaklumkan|mengabarkan|reported|according|spokesman|spokesperson|press conference|briefing|interview|monitored"
)  # fmt: skip
_SAID_BEFORE = re.compile(
    rf"\b(?:{_SAYING})\b(?P<between>(?:(?!\b(?:{_SAYING})\b)[^.;]){{0,120}})$", re.IGNORECASE
)
# '..., kata deputi yang memimpin delegasi, Rabu': behind a quotation only the speaker is described.
_SPEAKER = re.compile(
    r"[,”\"]\s(?:kata|ujar|tutur|ucap|jelas|ungkap|tegas|kata beliau|said)\s(?:(?!\d)[^.;\"”“])*,\s(?:pada\s|on\s|di\s[\w\s]{1,30},\s)?$",
    re.IGNORECASE,
)
_SAID_AFTER = re.compile(
    rf"^(?:\s(?:malam|pagi|sore|siang|petang))?[,)\s]*(?:\(\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?\))?,?\s?(?:{_SAYING})\b",
    re.IGNORECASE,
)
# With one of these between the verb of saying and the date, the date is that of what is said.
_TOLD = re.compile(
    r"\d|\b(?:bahwa|mereka|yang|telah|sudah|akan|bakal|terjadi|berlangsung|dilakukan|digelar|tiba|mendarat|pulang|"
    r"kembali|berangkat|kabur|lari|meninggal|tewas|ditemukan|ditangkap|ditahan|dibekuk|diamankan|dipulangkan|"
    r"dideportasi|dievakuasi|diserahkan|diserah|dibawa|diterbangkan|diseberangkan|diselamatkan|dibebaskan|dikeluarkan|digerebek|dijemput|diberangkatkan|that|they|he|"
    r"she|it|had|have|has|were|was|are|is|would|will|been|people|since|after|raid|arrest|operasi|penangkapan)\b",
    re.IGNORECASE,
)


# "Menurut komisi, sampai Kamis (19/2) ...": the last day of a count, whoever gives it.
_LAST_DAY = re.compile(
    rf"\b(?:hingga|sampai(?: dengan)?|sehingga|until|up to|as of)\s(?:{DAY_NAMED}\s?)?\(?$",
    re.IGNORECASE,
)


# "dideportasi pada Selasa (11/8), kata ...": the day of the act, said later.
_DONE_ON = re.compile(
    rf"\b(?:di\w{{3,}}(?:kan|i|p|s|k|t)?\spada|tiba\spada|mendarat\spada|pulang\spada|berlaku\spada|terjadi\spada)\s(?:hari\s)?(?:{DAY_NAMED}\s?)?\(?$",
    re.IGNORECASE,
)


# "tiba di Batam pada Rabu (11/3), kata ...", "landed on Monday, said ...": the comma parts the day from who says it.
_ON_DAY = re.compile(
    rf"(?<!,)\s(?:pada|on)\s(?:hari\s|malam\s|pagi\s)?(?:{DAY_NAMED}\s?)?\(?(?:tanggal\s)?$",
    re.IGNORECASE,
)
_THEN_SAID = re.compile(
    r"(?:\s(?:malam|pagi|sore|siang|petang|lalu|night|morning|evening|afternoon))?(?:\s?\(\d{1,2}/\d{1,2}(?:/\d{4})?\))?\)?,\s(?:kata|ujar|tutur|jelas|ungkap|demikian|menurut|lapor|said|according)\b",
    re.IGNORECASE,
)


# A speaker, his audience and the room take few words in small letters; more of them tell what was done.
_MOST_SPEAKERS_WORDS = 2
_SHORTEST_WORD = 5
_SMALL_WORD = re.compile(rf"(?<![\w'’-])[a-z][a-z'’-]{{{_SHORTEST_WORD - 1},}}")


def _tells_act(between: str) -> bool:
    """Whether so many words stand between a verb of saying and "on Monday" that an act is told there."""
    return len(_SMALL_WORD.findall(between)) > _MOST_SPEAKERS_WORDS


def is_statement(text: str, start: int, end: int, name: str) -> bool:
    """Return whether the day that stands here, found by the pattern ``name``, is that of a statement."""
    if name not in {"wd", "dn", "dmy", "rel", "dm", "md"} or _LAST_DAY.search(
        text, max(0, start - 40), start
    ):
        return False
    if _DONE_ON.search(text, max(0, start - 60), start):
        return False
    if _ON_DAY.search(text, max(0, start - 40), start) and _THEN_SAID.match(text, end):
        return False
    if text[end - 1] != "." and _SAID_AFTER.match(text[end : end + 60].split("\n")[0]):
        return True
    before = text[max(0, start - 160) : start]
    sentence = re.split(r"(?<=[a-z\d\"”)])[.!?]\s|\n", before)[-1]
    if _SPEAKER.search(sentence):
        return True
    said = _SAID_BEFORE.search(sentence)
    if said is None or _TOLD.search(said["between"]):
        return False
    return not (_ON_DAY.search(sentence) and _tells_act(said["between"]))
