"""The table of agencies: ids that hold together, renamings, and what it does not know."""

from __future__ import annotations

import datetime as dt

from pipeline import authorities

DAY = dt.date(2025, 6, 1)


def test_table_is_consistent() -> None:
    listed = {key for keys in authorities.names().values() for key in keys}
    for agency_id in listed:
        agency = authorities.get(agency_id)
        assert agency is not None
        assert agency.agency_id == agency_id
        for other in (agency.parent_id, agency.predecessor_id, *agency.successor_ids):
            assert other is None or authorities.get(other) is not None, (agency_id, other)
        if agency.valid_from and agency.valid_to:
            assert agency.valid_from < agency.valid_to
    assert len(listed) >= 300


def test_renamed_agencies_follow_each_other() -> None:
    old, new = authorities.get("id.bp2mi"), authorities.get("id.kp2mi")
    assert old is not None
    assert new is not None
    assert new.agency_id in old.successor_ids
    assert new.predecessor_id == old.agency_id
    assert not old.is_valid(DAY)
    assert new.is_valid(DAY)


def test_unknown_id_is_none() -> None:
    assert authorities.get("xx.nobody") is None
