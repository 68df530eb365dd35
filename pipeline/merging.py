"""Decide whether two figures of one article tell of one event.

    [Frame], Frame -> [Frame]

The same number of people, or an act of one kind on one day and at one place, is one event; another batch,
another sweep, a day of a tally, others who fared otherwise are events beside it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from pipeline.acts import (
    ACTION,
    BATCH,
    ONWARD,
    RETURN,
    ROUNDING,
    SLACK,
    SWEEP,
    Frame,
    dates_agree,
    same_action,
)
from pipeline.cues import EventCue
from pipeline.dates import DateExpression
from pipeline.records import EventType, Relation

_HANDED = re.compile(
    r"\b(?:releas\w+|hand(?:s|ed|ing|over)? (?:over|to)|handover|freed by|let go|turned over|dilepas\w*|melepas\w*|diserah\w*|menyerah\w*|penyerahan|serah terima|diseberangkan)\b",
    re.IGNORECASE,
)


def add(frames: list[Frame], new: Frame, is_batch: bool) -> None:
    """Give the figure of ``new`` to the frame that tells of the same event, or make it one of its own."""
    claim = new.claims[0]
    for frame in frames:
        if not same_action(frame.event_type, new.event_type):
            continue
        equal = any(claim.best is not None and claim.best == other.best for other in frame.claims)
        equal = equal and not _opposed(frame, new)
        if new.event_type in RETURN and not equal and _distinct_batch(frame, new, is_batch):
            continue
        handed = _is_among_handed(frame, new)
        if not equal and not handed and _day_of_tally(frame, new):
            continue
        if not equal and (_other_people(frame, new) or _other_deaths(frame, new)):
            continue
        if equal and _second_wave(frame, new):
            frames.append(new)
            return
        daily = (
            new.event_type is EventType.COMPLAINT
            and frame.claims[0].is_cumulative
            and (claim.best or 0) < (frame.claims[0].best or 0)
        )  # "On Wednesday alone 286 came": a day of the tally
        share = daily or (
            {frame.event_type, new.event_type} <= RETURN and frame.claims[0].is_cumulative
        )
        if (
            equal
            or share
            or handed
            or (dates_agree(frame.date, new.date) and not _distinct_place(frame, new))
        ):
            frame.claims.append(claim)
            frame.sentences.append(new.sentence)
            left = {frame.event_type, new.event_type} == {
                EventType.RELEASE_HANDOVER,
                EventType.RESCUE,
            }
            if left and equal and not _HANDED.search(frame.sentence.text):
                # "27 keluar dari ...", who further down "diselamatkan polis": the act of the police
                frame.event_type = EventType.RESCUE
            firm = new.date is not None and _is_noun(frame.cue) and not _is_noun(new.cue)
            if firm and equal:
                # "sepakati pemulangan 400": the day of the deal; "400 dijadwalkan terbang pada": their own
                frame.date, frame.cue = new.date, new.cue
            elif new.cue is not None and new.cue.event_type is not None:
                frame.date = _better_date(frame.date, new.date)
            frame.is_main = frame.is_main or new.is_main
            frame.sites |= new.sites
            return
    frames.append(new)


def _is_noun(cue: EventCue | None) -> bool:
    return cue is not None and cue.side == "noun"


def _opposed(frame: Frame, new: Frame) -> bool:
    """Whether one tells of people saved and the other, with a day of its own, of suspects: 80 and 80."""
    kinds = {frame.event_type, new.event_type}
    caught = {EventType.RAID, EventType.ARREST}
    return (
        EventType.RESCUE in kinds
        and bool(kinds & caught)
        and min(frame.sentence.index, new.sentence.index) > 1
        and (frame.date is not None or new.date is not None)
    )


# "Sembilan kabur, lima lainnya dilepas": other people, to whom something else happened.
_OTHERS = re.compile(
    r"\s?(?:orang\s|wni\s|wna\s|warga\s|people\s|workers\s|rakyat malaysia\s)?(?:lain(?:nya)?|lagi|others?|more)\b",
    re.IGNORECASE,
)


def _other_people(frame: Frame, new: Frame) -> bool:
    """Whether the new figure is told to be of others than those before, in an act of another kind."""
    behind = new.sentence.text[new.claims[0].end - new.sentence.start :]
    return (
        frame.event_type is not new.event_type
        and new.claims[0].subset_of is None
        and _OTHERS.match(behind) is not None
        and new.cue is not None
        and new.cue.side != "noun"
        and {frame.event_type, new.event_type} <= ONWARD
    )


def _other_deaths(frame: Frame, new: Frame) -> bool:
    """Whether a death told in passing on a day of its own is not among those told without a day before."""
    return (
        {frame.event_type, new.event_type} == {EventType.DEATH}
        and not frame.is_main
        and frame.date is None
        and new.date is not None
        and new.claims[0].subset_of is None
    )


def _second_wave(frame: Frame, new: Frame) -> bool:
    """Whether a return that the headline names second has a day of its own; it then leaves the first."""
    size = new.claims[0].best
    named = [claim for claim in frame.claims if claim.best == size]
    if (
        new.event_type not in RETURN
        or new.date is None
        or size == frame.claims[0].best
        or any(claim.subset_of is not None for claim in named)
    ):
        return False
    frame.claims = [claim for claim in frame.claims if claim.best != size]
    new.claims = [*named, *new.claims]
    new.is_main = frame.is_main
    return True


def _is_among_handed(frame: Frame, new: Frame) -> bool:
    """Whether a batch of a handover is among those the headline counts together: "the last group had 86"."""
    old, fresh = frame.claims[0], new.claims[0]
    return (
        {frame.event_type, new.event_type} <= ONWARD
        and frame.is_main
        and old.is_cumulative
        and (fresh.best or 0) < (old.best or 0)
        and BATCH.search(new.sentence.text) is not None
    )


def _day_of_tally(frame: Frame, new: Frame) -> bool:
    """Whether one of the two is a sweep on its own day and the other the campaign's total so far."""
    old, fresh = frame.claims[0], new.claims[0]
    single = new if old.is_cumulative else frame
    return (
        {frame.event_type, new.event_type} <= ACTION
        and old.is_cumulative != fresh.is_cumulative
        and fresh.subset_of is None
        and (single.date is not None or _is_total_behind(frame, new))
    )


def _is_total_behind(frame: Frame, new: Frame) -> bool:
    """Whether a larger total is told further down than the sweep of the headline: that of its campaign."""
    old, fresh = frame.claims[0], new.claims[0]
    is_rounded = (
        old.relation is not Relation.EQUAL and (fresh.best or 0) <= (old.best or 0) * ROUNDING
    )
    return (
        fresh.is_cumulative
        and not is_rounded
        and new.sentence.index > 1
        and (fresh.best or 0) > (old.best or 0) > 0
    )


def _better_date(
    left: DateExpression | None, right: DateExpression | None
) -> DateExpression | None:
    if left is None or right is None:
        return left or right
    if left.bound == "since" or right.bound == "since":
        return left if left.bound == "since" else right
    return right if right.precision.value < left.precision.value else left


_MORE = re.compile(r"\b(?:another|a further|tambahan)\s$", re.IGNORECASE)
_MORE_REACH = 20
# "kumpulan ini berbeza daripada 15 mangsa yang tiba pada Isnin": said to be another group.
_UNLIKE = re.compile(
    r"\b(?:berbe[dz]a (?:dari(?:pada)?|dengan)|bukan (?:bagian|sebahagian) (?:dari(?:pada)?)|tidak termasuk|terpisah dari|lain dari(?:pada)?|different from|distinct from|separate from|not (?:to be confused with|part of|among)|apart from|in addition to|di luar|selain)\b[^.;]{0,30}$",
    re.IGNORECASE,
)


def _distinct_batch(frame: Frame, new: Frame, is_batch: bool) -> bool:
    """Whether two returns in one text are two batches: other size and other day or an ordinal."""
    old, fresh = frame.claims[0], new.claims[0]
    if old.best != fresh.best and _UNLIKE.search(
        new.sentence.text, 0, fresh.start - new.sentence.start
    ):
        return True
    apart = (
        frame.date is not None
        and new.date is not None
        and (frame.date.date_start, frame.date.date_end) != (new.date.date_start, new.date.date_end)
    )
    if apart and new.is_planned and frame.cue is not None and not frame.is_planned:
        return fresh.subset_of is None  # those who came, and those who are to come
    if (
        frame.is_planned is not new.is_planned
        and not (old.is_cumulative or fresh.is_cumulative)
        and fresh.subset_of is None
        and old.subset_of is None
        and _MORE.search(new.sentence.text[: fresh.start - new.sentence.start][-_MORE_REACH:])
    ):
        return True  # "another 94 will follow": not those who have come
    if old.is_cumulative or fresh.is_cumulative:
        # One day's share of a tally belongs to the tally.
        return fresh.subset_of is None and apart and not dates_agree(_period(frame), _period(new))
    smaller = (fresh.best or 0) < (old.best or 0)
    if is_batch:
        return True
    if smaller and (fresh.subset_of is not None or dates_agree(frame.date, new.date)):
        return BATCH.search(new.sentence.text) is not None and apart and not frame.is_main
    ordinal = BATCH.search(new.sentence.text) is not None and old.best != fresh.best
    return apart or ordinal


def _period(frame: Frame) -> DateExpression | None:
    """Return the date of a frame, stretched over the period of its running total."""
    claim = frame.claims[0]
    if frame.date is None or claim.cumulative_since is None:
        return frame.date
    last = claim.as_of_date or dt.date.max - SLACK
    return dataclasses.replace(frame.date, date_start=claim.cumulative_since, date_end=last)


def _distinct_place(frame: Frame, new: Frame) -> bool:
    """Whether two sweeps in one text hit two sites: each with places of its own and a count of its own."""
    fresh, old = new.claims[0], frame.claims[0]
    if (
        not {frame.event_type, new.event_type} <= SWEEP
        or fresh.subset_of is not None
        or fresh.is_cumulative
        or (fresh.best or 0) < 2
        or new.sentence.index <= 1
        or not new.sites
    ):
        return False
    if (fresh.best or 0) < (old.best or 0) and _OTHERS.match(
        new.sentence.text, fresh.end - new.sentence.start
    ):
        return False  # "Dua lainnya dibekuk di Cianjur": the rest of the three
    if not frame.sites:
        # a tally over many sites, or a headline without day and place, of which this is one
        return old.is_cumulative or (
            frame.date is None and new.date is not None and (fresh.best or 0) < (old.best or 0)
        )
    return not frame.sites & new.sites
