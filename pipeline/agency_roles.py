"""Read what an agency does where a text names it.

    text, span, Agency -> AgencyRole

Who speaks is told by the words around the name; what else an agency does follows from its kind.
"""

from __future__ import annotations

import re

from pipeline.authorities import Agency
from pipeline.records import AgencyRole

_SAID_AFTER = re.compile(
    r"^[^.!?\n]{0,70}?\b(?:mengatakan|menyebut(?:kan)?|menyatakan|mencatat|mengungkap(?:kan)?|melaporkan|menuturkan|menerangkan|memerinci|merinci|"
    r"menjelaskan|mengaku|menegaskan|berkata|memberitahu|mendata|said|says|told|reported|recorded|counted|announced|confirmed|added|stated|registered|according)\b"
)
_SAID_BEFORE = re.compile(
    r"\b(?:menurut|kata|ujar|tutur|ungkap|jelas|data|catatan|laporan|keterangan|dikutip dari|rilis|according to|data from|figures from|report by|statement (?:by|from)|said|told by)\b[^.!?\n]{0,40}$",
    re.IGNORECASE,
)
_BY_BEFORE = re.compile(
    r"\b(?:oleh|by|tim|bersama|dari tim|officers from|agents of)\s(?:the )?(?:\w+ )?$",
    re.IGNORECASE,
)
_ACTS_AFTER = re.compile(
    r"^(?: [A-Z]\w+){0,3} (?:(?:telah|sudah|kembali|berhasil|akan|juga|have|has|had|also|were|was) )?(?:me[a-z]{4,}|ber[a-z]{4,}|arrested|rescued|raided|freed|detained|deported|repatriated|picked|held|seized|took|handed|opened|launched|helped|sent|ordered|brought|caught|charged|filed)\b"
)
_HELPS = re.compile(
    r"memfasilitasi|fasilitasi|menampung|penampungan|mendampingi|pendampingan|membantu|bantuan|SPLP|dokumen perjalanan|memulangkan|pemulangan|shelter|facilitat|assist|travel (?:paper|document)|repatriat|helped",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|puluhan|ratusan|ribuan|hundreds|thousands|dozens")
_STATE_BODIES = {"police", "police_unit", "immigration", "ministry", "government_agency", "military", "task_force", "government",
                 "local_government", "head_of_government", "regulator"}  # fmt: skip


# Characters on either side, within the sentence.
_REACH = 300


def read(text: str, start: int, end: int, agency: Agency, *, home: str) -> AgencyRole:
    """Return what the agency does where it is named; ``home`` is the state of the outlet."""
    kind = agency.type
    begin = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start)) + 1
    stops = [stop for stop in (text.find("\n", end), text.find(". ", end)) if stop >= 0]
    before = text[max(begin, start - _REACH) : start]
    after = text[end : min(min(stops, default=len(text)), end + _REACH)]
    if _SAID_AFTER.search(after) or _SAID_BEFORE.search(before):
        has_figure = _FIGURE.search(before) or _FIGURE.search(after)
        return AgencyRole.SOURCE_OF_FIGURE if has_figure else AgencyRole.SPOKESPERSON
    if kind == "armed_group":
        return AgencyRole.ARMED_GROUP_IN_CONTROL
    if kind in {"court", "prosecution"}:
        return AgencyRole.COURT
    if kind in {"embassy", "consulate", "shelter", "ngo", "union", "igo"} and _HELPS.search(
        before[-80:] + after[:120]
    ):
        return (
            AgencyRole.SERVICE_PROVIDER
            if kind in {"shelter", "ngo", "union"}
            else AgencyRole.FACILITATOR
        )
    if kind in {"hospital", "shelter"}:
        return AgencyRole.SERVICE_PROVIDER
    if agency.country not in {home, None} and kind in _STATE_BODIES:
        return AgencyRole.HOST_AUTHORITY
    if kind in {"police", "police_unit", "immigration"}:
        return AgencyRole.LAW_ENFORCEMENT
    if _BY_BEFORE.search(before) or _ACTS_AFTER.search(after):
        return AgencyRole.ACTOR
    return AgencyRole.MENTIONED
