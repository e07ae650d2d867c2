"""Whether it is worth looking for news again."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection, connections

from core.web.commits import Commits, News


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """A file of SQLite as the product has it, and a connection that writes."""
    path = tmp_path / "a file?with #signs%.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE word (text TEXT)")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    return writer


def test_a_commit_is_news_and_a_look_is_none(database: sqlite3.Connection) -> None:
    commits = Commits()
    news = News(commits, longest=60)
    assert news.may_be()
    assert not news.may_be()

    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO word VALUES ('keeper')")
    assert not news.may_be(), "nothing is committed yet"
    database.execute("COMMIT")
    assert news.may_be()
    assert not news.may_be()

    database.execute("BEGIN IMMEDIATE")
    database.execute("COMMIT")
    assert not news.may_be(), "nothing was written"
    commits.close()


def test_each_hears_of_the_same_commit(database: sqlite3.Connection) -> None:
    commits = Commits()
    one, other = News(commits, longest=60), News(commits, longest=60)
    assert one.may_be()
    assert other.may_be()
    database.execute("INSERT INTO word VALUES ('keeper')")
    assert one.may_be()
    assert other.may_be()
    commits.close()


def test_after_the_longest_time_and_after_a_failure_it_is_looked_again(database: sqlite3.Connection) -> None:
    commits = Commits()
    assert [News(commits, longest=0).may_be() for _ in range(2)] == [True, True]
    news = News(commits, longest=60)
    news.may_be()
    assert news.forgotten().may_be()
    commits.close()


def test_where_it_cannot_be_told_every_look_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none"))
    news = News(Commits(), longest=60)
    assert [news.may_be() for _ in range(2)] == [True, True]
    assert list(tmp_path.iterdir()) == [], "and no database is made by asking for one"

    monkeypatch.setattr(connections["default"], "vendor", "postgresql")
    news = News(Commits(), longest=60)
    assert [news.may_be() for _ in range(2)] == [True, True]
