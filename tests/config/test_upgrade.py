"""What people stored with an earlier version stays: a database that an earlier version filled, under this one."""

import gzip
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.stores import FILE, ROOT, operator_less
from tests.walks import long_walk

STORED = Path(__file__).parent / "stored"
# Written by the version whose conversations were 52 modules in one folder: the last one before modules moved.
FORMER = STORED / "before_the_rooms_moved.sqlite3.gz"
# What Django keeps for itself, and tables that the search index makes anew.
OWN = ("django_", "auth_permission", "search_")


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with that database, which the first test migrates."""
    folder = tmp_path_factory.mktemp("former")
    (folder / FILE).write_bytes(gzip.decompress(FORMER.read_bytes()))
    return folder


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**operator_less(), "DATA_DIR": str(folder)}
    environ.pop("DATABASE_URL", None)  # the stored database is one of SQLite's, whatever the other tests run on
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )


def columns(folder: Path) -> dict[str, list[str]]:
    """The columns of every table that holds what people stored."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        kept = [name for name in names if not name.startswith((*OWN, "sqlite_"))]
        return {name: [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')] for name in kept}


def rows(folder: Path, tables: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in these columns of these tables."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        return {
            name: sorted(database.execute(f"SELECT {', '.join(found)} FROM {name}"), key=repr)
            for name, found in tables.items()
        }


def test_a_database_of_the_version_before_migrates_without_loss(former: Path) -> None:
    tables = columns(former)
    before = rows(former, tables)

    migrated = manage(former, "migrate", "--no-input")

    assert migrated.returncode == 0, migrated.stderr
    after = rows(former, tables)
    assert {name: len(found) for name, found in before.items() if found}.keys() >= {
        "accounts_user",
        "accounts_spending",
        "chat_answer",
        "chat_attachment",
        "chat_lane",
        "chat_logentry",
        "chat_preset",
        "chat_source",
        "chat_withdrawal",
        "imaging_decision",
        "imaging_generatedimage",
    }
    assert {name: after[name] for name in before} == before
    assert not [name for name, found in after.items() if found and name not in before]


def test_what_it_had_drawn_is_the_gateways_and_cost_nothing(former: Path) -> None:
    assert manage(former, "migrate", "--no-input").returncode == 0

    known = {"imaging_generatedimage": ["service", "price", "wished_size", "asked_at", "created_at"]}
    drawn = rows(former, known)["imaging_generatedimage"]

    assert {(service, price, size) for service, price, size, _asked, _created in drawn} == {("gateway", 0, "")}
    assert [asked for *_, asked, _created in drawn] == [created for *_, created in drawn]


def test_its_migrations_are_known_and_nothing_is_left_to_migrate(former: Path) -> None:
    assert manage(former, "migrate", "--no-input").returncode == 0

    again = manage(former, "migrate", "--check")

    assert again.returncode == 0, again.stdout


def test_its_rows_are_read_by_the_models_and_found_by_the_search(former: Path) -> None:
    assert manage(former, "migrate", "--no-input").returncode == 0
    look = (
        "from accounts.models import Membership; from chat.models import Answer; from chat.search import search;"
        "from imaging.models import GeneratedImage;"
        "alice = Membership.objects.get(user__username='alice');"
        "print(Answer.objects.get().sources.get().title, Answer.objects.get().log.get().data['text'] == '\\r\\n');"
        "print({one.conversation.title for one in search(alice, words='lighthouse').conversations});"
        "(one,) = search(alice, words='\U0001f4a1').conversations;"  # no word before
        "print(one.in_title, [place.kind.value for place in one.places]);"
        "print(GeneratedImage.objects.filter(decisions__verdict='approved').count())"
    )

    told = manage(former, "shell", "-v", "0", "-c", look)

    assert told.returncode == 0, told.stderr
    assert told.stdout.splitlines() == ["Lighthouse True", "{'Light \U0001f4a1'}", "True ['question']", "1"]


@long_walk
def test_what_may_have_been_sent_is_not_sent_again_and_pictures_that_stand_twice_at_one_place_stay(
    tmp_path: Path,
) -> None:
    (tmp_path / FILE).write_bytes(gzip.decompress(FORMER.read_bytes()))
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        live = "state = 'waiting', admitted_at = NULL, lease_holder = key"
        add_like(database, "chat_answer", f"id = '{1:032x}', key = '{1:032x}', lane = '', {live}")
        add_like(database, "chat_answer", f"id = '{2:032x}', key = '{2:032x}', lane = 'sonar:sonar', {live}")
        for number in range(3):
            add_like(
                database, "imaging_generatedimage", f"id = '{number:032x}', key = NULL, position = 1, first_id = id"
            )

    migrated = manage(tmp_path, "migrate", "--no-input")

    assert migrated.returncode == 0, migrated.stderr
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        sent = database.execute("SELECT sent_at IS NOT NULL FROM chat_answer WHERE state = 'waiting' ORDER BY id")
        assert [was_sent for (was_sent,) in sent] == [True, False]
        places = database.execute(f"SELECT position FROM imaging_generatedimage WHERE id < '{3:032x}' ORDER BY id")
        assert [place for (place,) in places] == [1, 2, 3]


def add_like(database: sqlite3.Connection, table: str, changes: str) -> None:
    """Another row like the first one that is there, but for these changes."""
    database.execute(f"CREATE TEMP TABLE added AS SELECT * FROM {table} ORDER BY created_at, id DESC LIMIT 1")
    database.execute(f"UPDATE added SET {changes}")
    database.execute(f"INSERT INTO {table} SELECT * FROM added")
    database.execute("DROP TABLE added")
