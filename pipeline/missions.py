"""Read which embassies and consulates a text names, also where only its surroundings complete the name.

    text, Context -> [Find]

A mission is known by the state that sends it and the city it sits in; a text seldom prints both.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from pipeline import authorities
from pipeline.agency_context import BY_CONTEXT, BY_PATTERN, NOT_A_SEAT, Context, Find, if_any
from pipeline.authorities import HOME, Agency

# Without one of these signs the English pattern finds nothing, and it is slow to fail.
_MISSION_SIGNS = ("mbass", "onsul")


def named(text: str, context: Context) -> Iterator[Find]:
    """Yield the missions named with their state or city, and the bureaus of Interpol."""
    families = authorities.all_families()
    for match in families.kbri.finditer(text):
        city = match["city"]
        kind = match["kind"] or ("KJRI" if match["cg"] else "KBRI")
        kind = "KRI" if kind.startswith("Konsul") else kind
        if city is None:
            if match["kind"] and kind != "KRI":
                yield from _unplaced_mission(text, match, kind, context)
            continue
        agency = families.mission.get((kind, city))
        if agency is None and kind != "KRI":
            form = "embassy" if kind == "KBRI" else "consulate"
            agency, _ = _mission_of(HOME, form, city, context)
        if agency is None:
            continue
        yield Find(match.start(), match.end(), agency, BY_PATTERN)
        yield from _next_cities(text, match.end(), kind)
    for match in families.mission_id.finditer(text):
        state = families.country[match["state"]]
        kind = "embassy" if match["embassy"] else "consulate"
        agency, _ = _mission_of(state, kind, match["city"], context)
        if agency is not None:
            yield Find(
                match.start(), match.end(), agency, BY_PATTERN if match["city"] else BY_CONTEXT
            )
    for match in if_any(families.mission_en, text, _MISSION_SIGNS):
        spelt_out = match["state"] or match["state2"]
        state = families.country[spelt_out] if spelt_out else families.signs[match["adj"]]
        kind = "embassy" if match["embassy"] or match["embassy2"] else "consulate"
        agency, _ = _mission_of(state, kind, match["city"], context)
        if agency is None:
            continue
        yield Find(match.start(), match.end(), agency, BY_PATTERN if match["city"] else BY_CONTEXT)
        if state == HOME and match["city"]:
            yield from _next_cities(text, match.end(), "KBRI")
    for match in families.ncb.finditer(text):
        code = families.capitals.get(match["city"]) or families.country[match["city"]]
        if code == HOME:
            yield Find(
                match.start(), match.end(), authorities.table()["id.ncb-interpol"], BY_PATTERN
            )
            continue
        prefix = families.prefix.get(code, code.lower())
        city = families.capital.get(code, match["city"])
        agency = Agency(
            f"{prefix}.ncb-interpol", f"NCB {city}", f"NCB Interpol {city}", code, "police_unit", "national",
            city, code, families.known.get(("police", code)),
        )  # fmt: skip
        yield Find(match.start(), match.end(), agency, BY_PATTERN)


def _unplaced_mission(
    text: str, match: re.Match[str], kind: str, context: Context
) -> Iterator[Find]:
    """Yield a mission whose city is unknown to us; a bare one is read later from what else is named."""
    word = re.match(r" (?:di )?([A-Z][a-z]\w+)(?!\w)", text[match.end() : match.end() + 40])
    if word and not NOT_A_SEAT.match(word[1]) and match.start() >= text.find("\n"):
        city = word[1]
        agency = Agency(
            f"id.{kind.lower()}-{authorities.slug(city)}", f"{kind} {city}", f"Mission of Indonesia in {city}", HOME,
            "embassy" if kind == "KBRI" else "consulate", "mission", city, None, "id.kemlu",
        )  # fmt: skip
        yield Find(match.start(), match.end() + word.end(), agency, BY_PATTERN)


def _next_cities(text: str, end: int, kind: str) -> Iterator[Find]:
    """Yield the further seats of an enumeration: "KBRI Yangon dan Bangkok"."""
    families = authorities.all_families()
    while more := families.next_city.match(text, end):
        agency = families.mission.get((kind, more["city"]))
        if agency is None:
            return
        yield Find(more.start("city"), more.end("city"), agency, BY_CONTEXT)
        end = more.end()


def _mission_of(
    state: str, kind: str, city: str | None, context: Context
) -> tuple[Agency | None, str | None]:
    """Return the mission of a state in a city or country, and the host state."""
    families = authorities.all_families()
    host = None
    if city:
        host = families.mission_cities.get(city) or families.country.get(city) or (
            families.posts[city][0] if city in families.posts else None
        )  # fmt: skip
    if state == HOME:
        wanted = ("KBRI", "KDEI", "KJRI", "KRI") if kind == "embassy" else ("KJRI", "KRI", "KDEI")
        if city:
            for form in wanted:
                if (form, city) in families.mission:
                    return families.mission[(form, city)], host
        if city and host and city in families.country:
            return families.embassy_in.get(host), host
        if city is None and (there := context.host()) and there in families.embassy_in:
            return families.embassy_in[there], there
        return None, None
    host = host or context.host(but=state)
    if host is None or host == state:
        return None, None
    return authorities.embassy(state, host, city or "", kind), host


_BARE_MISSION = re.compile(
    r"(?<![\w-])(?:(?P<kbri>KBRI|KJRI)|(?P<name>[Kk]edutaan(?: [Bb]esar)?|[Tt]he [Ee]mbassy|[Ee]mbassy)(?! (?:of|Besar|RI|Malaysia)))(?!\w)"
)


def bare(text: str, finds: Sequence[Find], context: Context) -> Iterator[Find]:
    """Yield missions that only what else the text names completes: "KBRI", "the embassy"."""
    missions = sorted(
        (item for item in finds if item.agency.level == "mission"), key=lambda item: item.start
    )
    pools: dict[tuple[str, bool], list[Find]] = {
        (kind, indonesian): [
            item
            for item in missions
            if item.agency.type == kind and (item.agency.country == HOME or not indonesian)
        ]
        for kind in ("embassy", "consulate")
        for indonesian in (True, False)
    }
    for match in _BARE_MISSION.finditer(text):
        is_acronym = match["kbri"] is not None
        pool = pools["consulate" if match["kbri"] == "KJRI" else "embassy", is_acronym]
        start = match.start() + (4 if match[0][:4].lower() == "the " else 0)
        # The one named last before, else the first named after.
        before = bisect.bisect_right(pool, match.start(), key=lambda item: item.start)
        chosen = pool[max(0, before - 1)].agency if pool else None
        if chosen is None and (
            is_acronym
            or start < text.find("\n")
            or _OWN_EMBASSY.search(text, max(0, start - 20), start)
        ):
            chosen = _embassy_of_people(context, is_acronym)
        if chosen is not None:
            yield Find(start, match.end(), chosen, BY_CONTEXT)


_OWN_EMBASSY = re.compile(r"(?:their|its|his|her)(?: country['’]s)? $|country['’]s $")


def _embassy_of_people(context: Context, is_indonesian: bool) -> Agency | None:
    """Return the embassy that the people of the text turn to in the state it speaks of."""
    state: str | None = HOME
    if not is_indonesian:
        people = context.people or context.weight
        state = min(people, key=lambda code: (-people[code], code)) if people else None
    if state is None:
        return None
    agency, _ = _mission_of(state, "embassy", None, context)
    return agency
