"""Homes for tests: a few invented articles, commands as a person calls them, rows as the warehouse holds them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from flows import cli, launch, settings
from flows.runs import RunReport
from flows.settings import Settings
from warehouse import tables
from warehouse.store import Store

RAID = {
    "url": "https://kabar.example/a",
    "title": "Polisi Kamboja Gerebek Markas Judi Online di Poipet, 32 WNI Diamankan",
    "text": "POIPET - Kepolisian Kamboja menggerebek sebuah kompleks judi online di Poipet, Provinsi Banteay "
    "Meanchey, Kamboja, pada Kamis (3/9/2026). Sebanyak 32 warga negara Indonesia (WNI) diamankan dalam "
    "penggerebekan itu.\n\nKBRI Phnom Penh menyatakan para WNI tersebut diduga korban tindak pidana "
    "perdagangan orang yang dipaksa bekerja sebagai operator penipuan daring.",
    "published_at": "2026-09-04T05:00:00+07:00",
    "outlet": "Kabar",
    "language": "id",
}
RAID_AGAIN = {
    "url": "https://warta.example/b",
    "title": "KBRI: 32 WNI Korban Penipuan Daring di Poipet Sudah Didata",
    "text": "JAKARTA - KBRI Phnom Penh mendata 32 WNI yang diamankan polisi Kamboja dalam penggerebekan "
    "kompleks penipuan daring di Poipet, Kamis (3/9/2026). Mereka diduga korban TPPO.",
    "published_at": "2026-09-05T08:00:00+07:00",
    "outlet": "Warta",
    "language": "id",
}
INTERDICTION = {
    "url": "https://lensa.example/c",
    "title": "Polda Kepri Gagalkan Keberangkatan 7 Calon Pekerja ke Kamboja",
    "text": "BATAM - Polda Kepulauan Riau menggagalkan keberangkatan tujuh calon pekerja migran ilegal yang "
    "hendak dikirim ke Kamboja untuk bekerja di perusahaan penipuan daring, Senin (7/9/2026). Mereka "
    "dicegat di Pelabuhan Batam Center.",
    "published_at": "2026-09-08T10:00:00+07:00",
    "outlet": "Lensa",
    "language": "id",
}
HANDOVER = {
    "url": "https://ledger.example/d",
    "title": "Thai army hands over 21 Indonesians freed from KK Park",
    "text": "MAE SOT - Thai authorities said on Wednesday that 21 Indonesians were freed from the KK Park scam "
    "compound in Myawaddy, Myanmar, on September 8, 2026. The Indonesian embassy in Bangkok said the "
    "victims had been forced to run online romance scams.",
    "published_at": "2026-09-09T12:00:00Z",
    "outlet": "Ledger",
    "language": "en",
}
PRICES = {
    "url": "https://kabar.example/e",
    "title": "Harga Cabai di Pasar Induk Naik",
    "text": "JAKARTA - Harga cabai rawit di Pasar Induk Kramat Jati naik menjadi Rp80.000 per kilogram pada "
    "Selasa (8/9/2026). Pedagang menyebut pasokan dari Jawa Timur berkurang akibat hujan.",
    "published_at": "2026-09-08T06:00:00+07:00",
    "outlet": "Kabar",
    "language": "id",
}
RETURN = {
    "url": "https://samudra.example/f",
    "title": "84 WNI Eks Pekerja Penipuan Daring di Kamboja Tiba di Tanah Air",
    "text": "TANGERANG - Sebanyak 84 warga negara Indonesia (WNI) korban penipuan daring di Kamboja dipulangkan "
    "dan tiba di Bandara Internasional Soekarno-Hatta, Tangerang, Jumat malam (11/9/2026).",
    "published_at": "2026-09-11T22:05:00+07:00",
    "outlet": "Samudra",
    "language": "id",
}
ARTICLES = (RAID, RAID_AGAIN, INTERDICTION, HANDOVER, PRICES, RETURN)

# Tables that tell of the runs themselves: each run adds to them.
OF_RUNS = frozenset({"core.runs"})


def write_lines(path: Path, articles: Sequence[Mapping[str, Any] | bytes] = ARTICLES) -> Path:
    """Write articles as lines of JSON; bytes are written as they are."""
    rows = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in articles]
    path.write_bytes(b"\n".join(rows) + b"\n")
    return path


def settled(home: Path, **values: Any) -> Settings:
    """Return the settings of a home in which runs need no Prefect."""
    given = {"home": home, "prefect": False, "min_free_mb": 0, "workers": 1, **values}
    return settings.load(given, {})


def ingest(
    home: Path, articles: Sequence[Mapping[str, Any] | bytes] = ARTICLES, **values: Any
) -> RunReport:
    """Return the report of reading these articles into the home."""
    home.mkdir(parents=True, exist_ok=True)
    path = write_lines(home.parent / "articles.jsonl", articles)
    return launch.ingest(settled(home, **values), [str(path)])


class Told(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def call(capsys: pytest.CaptureFixture[str], *tokens: object) -> Told:
    """Call a command in this process."""
    capsys.readouterr()
    code = cli.call([str(token) for token in tokens])
    out, err = capsys.readouterr()
    return Told(int(code), out, err)


def environment(**values: str) -> dict[str, str]:
    """Return an environment for a child process, without settings of the person who runs the tests."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SUAR_")}
    return {**kept, **values}


def child(*tokens: object, **values: str) -> Told:
    """Call a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "flows", *map(str, tokens)],
        capture_output=True,
        text=True,
        env=environment(**values),
        timeout=120,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)


def n_rows(home: Path) -> dict[str, int]:
    """Return the number of rows of each table, superseded ones included."""
    with Store.open(settled(home).warehouse, read_only=True) as store:
        return {
            table.name: _one(store, f"SELECT count(*) FROM {table.name}")
            for table in tables.ALL
            if table.name not in OF_RUNS
        }


def current_rows(home: Path) -> dict[str, set[str]]:
    """Return the hashes of the current rows of each table: equal sets are equal content."""
    with Store.open(settled(home).warehouse, read_only=True) as store:
        return {
            table.name: {
                row[0]
                for row in store.connection.execute(
                    f"SELECT row_hash FROM {table.name} WHERE superseded_at IS NULL"
                ).fetchall()
            }
            for table in tables.ALL
            if table.name not in OF_RUNS
        }


def _one(store: Store, sql: str) -> int:
    row = store.connection.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


# --- another process that is in the way ----------------------------------------------------------------

HOLD_FILE = """
import sys, time
from pathlib import Path
from warehouse.store import Store
with Store.open(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""
HOLD_HOME = """
import sys, time
from pathlib import Path
from flows import lock
with lock.hold(Path(sys.argv[1]), "suar run"):
    print("held", flush=True)
    time.sleep(60)
"""


@contextlib.contextmanager
def other_process(script: str, path: Path) -> Iterator[int]:
    """Let another process hold what the script says; yield its id."""
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "held\n"
        yield child.pid
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
