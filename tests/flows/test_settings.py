from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows import settings
from flows.problems import UsageProblem


def test_flags_beat_variables_beat_the_file_beat_defaults(tmp_path: Path) -> None:
    (tmp_path / "suar.toml").write_text('workers = 3\nbatch_size = 5\ncontact = "file"\n')
    environment = {"SUAR_HOME": str(tmp_path), "SUAR_WORKERS": "4", "SUAR_CONTACT": "variable"}
    found = settings.load({"contact": "flag", "day": None}, environment)
    assert (found.batch_size, found.workers, found.contact) == (5, 4, "flag")
    assert found.recycle_after == 500
    assert found.warehouse == tmp_path / "warehouse.duckdb"


@pytest.mark.parametrize(
    ("file", "environment", "told"),
    [
        ("worker = 3\n", {}, "did you mean workers?"),
        ("workers = 0\n", {}, "workers"),
        ("workers = \n", {}, "cannot be read"),
        ('home = "x"\n', {}, "home cannot be set"),
        ("", {"SUAR_TIMEZON": "Asia/Jakarta"}, "did you mean SUAR_TIMEZONE?"),
        ("", {"SUAR_TIMEZONE": "Jakarta"}, "not an IANA time zone"),
    ],
)
def test_a_wrong_setting_is_named_with_a_way_out(
    tmp_path: Path, file: str, environment: dict[str, str], told: str
) -> None:
    (tmp_path / "suar.toml").write_text(file)
    with pytest.raises(UsageProblem) as raised:
        settings.load({"home": tmp_path}, environment)
    assert told in str(raised.value)


def test_a_run_day_is_counted_in_jakarta() -> None:
    evening = dt.datetime(2026, 9, 4, 18, 30, tzinfo=dt.UTC)
    assert settings.load({}, {}).today(evening) == dt.date(2026, 9, 5)
    assert settings.load({"day": dt.date(2026, 1, 2)}, {}).today(evening) == dt.date(2026, 1, 2)
