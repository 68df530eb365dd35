"""Human decisions in the home: an append-only file of JSON Lines that every rerun applies.

A decision is checked against the current release before it is written down, forced to disk before anybody
is told of it, and applied by the next linking.
"""

from __future__ import annotations

import datetime as dt
import difflib
import json
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from flows.clock import now
from flows.problems import Problem, UsageProblem
from pipeline.records import Incident, Review, make_id

Action = Literal["accept", "correct", "merge", "split", "reject", "undo", "takedown"]
State = Literal["applied", "next run", "waiting", "undone"]

FILE = "reviews.jsonl"
TORN = "torn.txt"
_TICK = dt.timedelta(microseconds=1)
_ALL_ROWS = 10_000_000
_LIST_INCIDENTS = "`suar incidents` lists the incidents with their ids"

# How doubtful an incident is: 1 - confidence, to which are added up to LINK_WEIGHT where a report barely
# belongs to it, and SIZE_WEIGHT for each tenfold of persons, as an error there moves the totals most. The
# weights are a judgement: a report at the threshold counts as much as half the confidence, and an incident
# of a thousand persons a little more than that.
LINK_WEIGHT = 0.5
SIZE_WEIGHT = 0.2
# Incidents of one kind and country this near to each other are offered for a merge: a week, as announced
# returns may slip by that much.
NEAR_DAYS = 7
MAX_NEAR = 3


# --- the file --------------------------------------------------------------------------------------


def load(folder: Path) -> list[Review]:
    """Return the decisions in order of time; a line that cannot be read stops the run.

    Passing over a decision would silently undo it. Only an end that a crash tore while it was written is
    left out: whoever made that decision was never told that it was kept.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(content[: _whole(content)].split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Review.model_validate_json(line))
        except ValidationError as error:
            fields = sorted({".".join(map(str, item["loc"])) for item in error.errors()})
            raise Problem(
                f"{path}, line {number} is no decision ({', '.join(filter(None, fields)) or 'not JSON'})",
                "correct the line, or move it to another file",
            ) from error
    return sorted(found, key=lambda review: (review.reviewed_at, review.review_id))


def _whole(content: bytes) -> int:
    """Return where a torn end begins; the length when there is none.

    The last line may lack its line break when somebody wrote it by hand; then it is JSON all the same.
    """
    begins = content.rfind(b"\n") + 1
    try:
        json.loads(content[begins:] or b"{}")
    except ValueError:
        return begins
    return len(content)


def mend(folder: Path) -> Path | None:
    """Move a torn end into a file beside the decisions; return that file, or None when all is whole."""
    path = folder / FILE
    if not path.exists():
        return None
    with path.open("rb+") as file:
        content = file.read()
        begins = _whole(content)
        if begins == len(content):
            return None
        kept = folder / TORN
        with kept.open("ab") as aside:
            aside.write(content[begins:] + b"\n")
            aside.flush()
            os.fsync(aside.fileno())
        file.truncate(begins)
        os.fsync(file.fileno())
    return kept


def append(folder: Path, review: Review) -> None:
    """Write one decision to the end of the file and force it to disk."""
    from warehouse.database import sync_folder

    folder.mkdir(parents=True, exist_ok=True)
    mend(folder)
    line = review.model_dump_json(exclude_none=True).encode() + b"\n"
    with (folder / FILE).open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # the last line was written by hand
                line = b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def make(
    earlier: Sequence[Review],
    action: Action,
    record_id: str,
    *,
    reviewer: str,
    reason: str = "",
    field: str | None = None,
    value: str | None = None,
) -> Review:
    """Return a decision made now; it counts as later than all earlier ones, also when the clock went back."""
    last = max((review.reviewed_at for review in earlier), default=None)
    at = now() if last is None else max(now(), last + _TICK)
    return Review(
        review_id=make_id("rev", record_id, action, field, value, reviewer, at.isoformat()),
        record_id=record_id,
        action=action,
        field=field,
        value=value,
        reviewer=reviewer,
        reason=" ".join(reason.split()),
        reviewed_at=at,
    )


# --- what may be decided ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What the current release holds, as far as decisions speak of it, and the decisions so far."""

    incidents: Mapping[str, Mapping[str, Any]]
    """By id, as the view ``incidents`` has them."""
    gone: Mapping[str, str | None]
    """Ids that are no more, with the incident they went into, if any."""
    reports: Mapping[str, str | None]
    """The incident of each report; None when it is in none."""
    decisions: Sequence[Review]

    @property
    def known(self) -> dict[str, str]:
        """The incident of each report that is linked."""
        return {report_id: name for report_id, name in self.reports.items() if name is not None}

    def reports_of(self, incident_id: str) -> list[str]:
        """Return the reports of an incident, in order of id."""
        return sorted(key for key, name in self.reports.items() if name == incident_id)

    def check(self, review: Review) -> None:
        """Raise ``UsageProblem`` when the decision speaks of nothing that is held, or contradicts it."""
        if review.action == "takedown":  # the article may be one of an older release alone
            return
        if review.action == "undo":
            self._check_undo(review)
        elif review.action == "split":
            self._check_split(review)
        else:
            self._check_incident(review.record_id, revive=review.action == "accept")
            if review.action == "merge":
                self._check_merge(review)
            elif review.action == "correct":
                self._check_correction(review)

    def _check_incident(self, incident_id: str, *, revive: bool = False) -> None:
        if incident_id in self.incidents:
            return
        if incident_id in self.gone:
            heir = self.gone[incident_id]
            if heir is not None:
                raise UsageProblem(f"{incident_id} went into {heir}", f"decide about {heir}")
            rejected = any(
                review.action == "reject" and review.record_id == incident_id
                for review in _standing(self.decisions)
            )
            if rejected and revive:
                return
            next_step = (
                f"`suar review accept {incident_id}` takes it back"
                if rejected
                else "`suar explain` one of its articles to see where its reports are"
            )
            raise UsageProblem(f"{incident_id} is in the release no more", next_step)
        if incident_id in self.reports:
            home = self.reports[incident_id]
            raise UsageProblem(
                f"{incident_id} is a report", f"its incident is {home}" if home else _LIST_INCIDENTS
            )
        raise UsageProblem(
            f"the release holds no incident {incident_id}",
            _hint(incident_id, self.incidents, _LIST_INCIDENTS),
        )

    def _check_merge(self, review: Review) -> None:
        into = review.value or ""
        self._check_incident(into)
        if into == review.record_id:
            raise UsageProblem(f"{into} cannot go into itself", "name two incidents")

    def _check_split(self, review: Review) -> None:
        report_id = review.record_id
        if report_id not in self.reports:
            raise UsageProblem(
                f"the release holds no report {report_id}",
                _hint(
                    report_id, self.reports, "`suar review next` names the reports of an incident"
                ),
            )
        home = self.reports[report_id]
        if home is None:
            raise UsageProblem(f"{report_id} is in no incident", "its incident was rejected")
        if review.value is not None and review.value != home:
            raise UsageProblem(f"{report_id} is not in {review.value}", f"it is in {home}")
        if len(self.reports_of(home)) < 2:
            raise UsageProblem(f"{report_id} is the only report of {home}", "nothing to split")

    def _check_undo(self, review: Review) -> None:
        made = {item.review_id: item for item in self.decisions}
        name = review.record_id
        if name not in made:
            raise UsageProblem(
                f"there is no decision {name}", _hint(name, made, "`suar review list` shows them")
            )
        if made[name].action == "undo":
            raise UsageProblem(
                f"{name} is itself an undo", "make the decision that it undid once more"
            )
        if any(item.action == "undo" and item.record_id == name for item in self.decisions):
            raise UsageProblem(f"{name} is undone already", "`suar review list` shows what stands")

    def _check_correction(self, review: Review) -> None:
        from pipeline import incidents, places

        name, value = review.field or "", review.value
        if name not in incidents.CORRECTABLE:
            fields = sorted(incidents.CORRECTABLE)
            raise UsageProblem(f"{name} cannot be corrected", _hint(name, fields, _listed(fields)))
        if name == "place_id" and value and places.get(value) is None:
            meant = places.names().get(value, ())
            raise UsageProblem(
                f"the gazetteer has no place id {value}",
                f"did you mean {meant[0]}?" if meant else "give an id or a name as it is printed",
            )
        if name == "parent_id" and value:
            self._check_incident(value)
            self._refuse_ring(review.record_id, value)
        try:
            found = incidents.corrected(self._as_corrected(review.record_id), name, value)
        except ValueError as error:
            raise UsageProblem(
                str(error), "see docs/reference/codebook.md for the values"
            ) from error
        _refuse_contradiction(found)

    def _refuse_ring(self, incident_id: str, parent_id: str) -> None:
        above: str | None = parent_id
        seen = set()
        while above is not None and above not in seen:
            if above == incident_id:
                raise UsageProblem(
                    f"{incident_id} cannot be a part of what is a part of it",
                    "choose another parent",
                )
            seen.add(above)
            above = self.incidents[above]["parent_id"] if above in self.incidents else None

    def _as_corrected(self, incident_id: str) -> Incident:
        """Return the incident as the release has it, with the corrections that the next run will apply."""
        from pipeline import incidents

        row = self.incidents[incident_id]
        values = {name: row[name] for name in Incident.model_fields if name in row}
        report_ids = tuple(self.reports_of(incident_id))
        found = Incident.model_validate({**values, "report_ids": report_ids, "article_ids": ()})
        for review in _standing(self.decisions):
            if review.action == "correct" and review.record_id == incident_id and review.field:
                try:
                    found = incidents.corrected(found, review.field, review.value)
                except ValueError:
                    continue
        return found


def _refuse_contradiction(found: Incident) -> None:
    """Raise for what a check would later block the release for."""
    figures = [
        number
        for number in (found.persons_low, found.persons_best, found.persons_high)
        if number is not None
    ]
    if figures != sorted(figures) or min(figures, default=0) < 0:
        raise UsageProblem(
            f"the figures would be {found.persons_low}, {found.persons_best}, {found.persons_high}"
            " (low, best, high)",
            "correct persons_best first: low and high follow it",
        )
    if found.date_start and found.date_end and found.date_end < found.date_start:
        raise UsageProblem(
            f"the event would end on {found.date_end}, before it begins on {found.date_start}",
            "correct the other date first",
        )
    if not (-90 <= (found.lat or 0) <= 90 and -180 <= (found.lon or 0) <= 180):
        raise UsageProblem("the point would not be on Earth", "lat -90 to 90, lon -180 to 180")


def _listed(names: Iterable[str]) -> str:
    return f"one of {', '.join(names)}"


def _hint(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the nearest known name as the next step; ids are too many to list."""
    names = sorted(known)
    begun = [name for name in names if len(word) > 4 and name.startswith(word)]
    found = begun[:1] or difflib.get_close_matches(word, names, n=1, cutoff=0.7)
    return f"did you mean {found[0]}?" if found else otherwise


def _standing(decisions: Sequence[Review]) -> list[Review]:
    from pipeline import incidents

    return incidents.standing(decisions)


def held(release_db: Path, decisions: Sequence[Review]) -> Held:
    """Return what a release holds, as far as decisions speak of it."""
    from warehouse import queries

    def rows(sql: str) -> list[dict[str, Any]]:
        return queries.query(release_db, sql, limit=_ALL_ROWS, timeout_s=60).records()

    incidents = {row["incident_id"]: row for row in rows("SELECT * FROM incidents")}
    versions = rows(
        "SELECT incident_id, arg_max(merged_into, recorded_at) FILTER (superseded_at IS NULL) AS heir"
        " FROM incident_versions GROUP BY incident_id"
    )
    return Held(
        incidents=incidents,
        gone={row["incident_id"]: row["heir"] for row in versions if row["incident_id"] not in incidents},
        reports={
            row["report_id"]: row["incident_id"]
            for row in rows("SELECT report_id, incident_id FROM reports")
        },
        decisions=decisions,
    )  # fmt: skip


def states(found: Held, applied: Iterable[str]) -> dict[str, State]:
    """Return how each decision stands; ``applied`` are the ids that a linking has taken in."""
    from pipeline import incidents

    taken = set(applied)
    standing = {review.review_id for review in incidents.standing(found.decisions)}
    rejected = {
        review.record_id
        for review in incidents.standing(found.decisions)
        if review.action == "reject"
        and review.review_id in taken
        and review.record_id in found.gone
    }
    idle = {
        review.review_id
        for review in incidents.waiting(
            found.decisions, report_ids=found.reports.keys(), known=found.known
        )
        if review.record_id not in rejected  # the release no longer says which reports it had
    }
    told: dict[str, State] = {}
    for review in found.decisions:
        name = review.review_id
        if review.action != "undo" and name not in standing:
            told[name] = "undone"
        elif name in idle:
            told[name] = "waiting"
        else:
            told[name] = "applied" if name in taken else "next run"
    return told


# --- what to look at first -------------------------------------------------------------------------


@dataclass(frozen=True)
class Doubt:
    """An incident that a person should look at: how doubtful, why, and what it may be the same as."""

    incident_id: str
    score: float
    why: tuple[str, ...]
    near: tuple[str, ...]
    report_ids: tuple[str, ...]
    """Those that hold the least come first."""


def doubtful(release_db: Path, found: Held) -> list[Doubt]:
    """Return the incidents that nobody has looked at or decided about, the most doubtful first."""
    from warehouse import queries

    scores: dict[str, list[tuple[float, str]]] = {}
    for row in queries.query(
        release_db,
        "SELECT incident_id, report_id, link_score FROM reports WHERE incident_id IS NOT NULL",
        limit=_ALL_ROWS,
        timeout_s=60,
    ).records():
        scores.setdefault(row["incident_id"], []).append((row["link_score"], row["report_id"]))
    decided = {
        name
        for review in _standing(found.decisions)
        for name in (review.record_id, review.value, found.reports.get(review.record_id))
    }
    open_ones = [
        row
        for name, row in found.incidents.items()
        if row["tier"] == "candidate" and row["status"] != "refuted" and name not in decided
    ]
    kinds: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for other in found.incidents.values():
        kinds.setdefault((other["event_type"], other["event_country"]), []).append(other)
    judged = [
        _doubt(
            row,
            sorted(scores.get(row["incident_id"], [])),
            kinds[row["event_type"], row["event_country"]],
        )
        for row in open_ones
    ]
    return sorted(judged, key=lambda item: (-item.score, item.incident_id))


def _doubt(
    row: Mapping[str, Any],
    links: Sequence[tuple[float, str]],
    alike: Iterable[Mapping[str, Any]],
) -> Doubt:
    from pipeline.likeness import THRESHOLD

    score = 1.0 - row["confidence"]
    why = [f"confidence {row['confidence']:.2f}"]
    weakest = links[0][0] if len(links) > 1 else 1.0
    if weakest < 1.0:
        score += LINK_WEIGHT * min(1.0, (1.0 - weakest) / (1.0 - THRESHOLD))
        why.append(f"weakest link {weakest:.2f}, where {THRESHOLD:.2f} is needed")
    persons = row["persons_best"] or 0
    if persons:
        score += SIZE_WEIGHT * math.log10(1 + persons)
        why.append(f"{persons:,} persons")
    return Doubt(
        incident_id=row["incident_id"],
        score=round(score, 3),
        why=tuple(why),
        near=_near(row, alike),
        report_ids=tuple(report_id for _, report_id in links),
    )


def _near(row: Mapping[str, Any], alike: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return incidents of the same kind, country and days, in no other province, and no relatives."""
    if row["date_start"] is None:
        return ()
    found = []
    for other in alike:
        related = row["incident_id"] in (other["incident_id"], other["parent_id"])
        if related or row["parent_id"] == other["incident_id"] or other["date_start"] is None:
            continue
        if row["admin1"] and other["admin1"] and row["admin1"] != other["admin1"]:
            continue
        apart = abs((other["date_start"] - row["date_start"]).days)
        if apart <= NEAR_DAYS:
            found.append((apart, other["incident_id"]))
    return tuple(name for _, name in sorted(found)[:MAX_NEAR])
