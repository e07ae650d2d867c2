"""What is an outage and what is a mistake, and how often an outage is told."""

import errno
import logging
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.transaction import TransactionManagementError

from core.web.outages import Outage, outage_of, tell_outage


def raised(fault: BaseException, *, cause: BaseException | None = None) -> BaseException:
    """The fault as Django raises it: from the driver's."""
    try:
        raise fault from cause
    except BaseException as caught:
        return caught


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        ("08006", Outage.DATABASE),  # connection_failure
        ("57P01", Outage.DATABASE),  # admin_shutdown
        ("57P03", Outage.DATABASE),  # cannot_connect_now
        ("25006", Outage.DATABASE),  # read_only_sql_transaction
        ("55P03", Outage.DATABASE),  # lock_not_available
        ("53300", Outage.CONNECTIONS),  # too_many_connections
        ("53100", Outage.DISK),  # disk_full
        ("42P01", None),  # undefined_table
        ("23505", None),  # unique_violation
        ("22P02", None),  # invalid_text_representation
        ("42501", None),  # insufficient_privilege
    ],
)
def test_postgres_says_by_its_states_what_passes(state: str, outage: Outage | None) -> None:
    fault = raised(OperationalError(), cause=psycopg.errors.lookup(state)("in its words"))

    assert outage_of(fault) is outage


@pytest.mark.parametrize(
    ("words", "outage"),
    [
        ("connection failed: Connection refused", Outage.DATABASE),
        ("server closed the connection unexpectedly", Outage.DATABASE),
        ("connection failed: FATAL: sorry, too many clients already", Outage.CONNECTIONS),
        (
            "FATAL: remaining connection slots are reserved for superusers",
            Outage.CONNECTIONS,
        ),
    ],
)
def test_a_connection_that_fails_is_an_outage(words: str, outage: Outage) -> None:
    assert outage_of(raised(OperationalError(words), cause=psycopg.OperationalError(words))) is outage


def test_a_locked_file_is_an_outage_and_a_missing_table_is_a_mistake(tmp_path: Path) -> None:
    first, second = (sqlite3.connect(tmp_path / "file", timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as locked:
        second.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as missing:
        second.execute("SELECT * FROM nothing")

    assert outage_of(raised(OperationalError(), cause=locked.value)) is Outage.DATABASE
    assert outage_of(raised(OperationalError(), cause=missing.value)) is None


def test_a_file_without_room_is_an_outage(tmp_path: Path) -> None:
    file = sqlite3.connect(tmp_path / "file", isolation_level=None)
    file.execute("CREATE TABLE things (thing)")
    file.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as full:
        file.execute("INSERT INTO things VALUES (zeroblob(100000))")

    assert outage_of(raised(OperationalError(), cause=full.value)) is Outage.DISK
    assert outage_of(OSError(errno.ENOSPC, "No space left on device")) is Outage.DISK
    assert outage_of(FileNotFoundError(errno.ENOENT, "No such file")) is None


def test_what_a_broken_transaction_says_is_judged_by_what_broke_it() -> None:
    broke = raised(OperationalError(), cause=psycopg.OperationalError("the connection is lost"))

    assert outage_of(raised(TransactionManagementError("the transaction is broken"), cause=broke)) is Outage.DATABASE
    assert outage_of(TransactionManagementError("by itself")) is None
    assert outage_of(IntegrityError("by itself")) is None


def test_a_row_that_is_there_twice_is_a_mistake_even_after_an_outage() -> None:
    away = raised(OperationalError(), cause=psycopg.OperationalError("the connection is lost"))
    twice = raised(psycopg.errors.UniqueViolation("there already"), cause=away)

    assert outage_of(raised(IntegrityError(), cause=twice)) is None


def test_a_mistake_is_one_even_while_the_database_is_away() -> None:
    away = raised(OperationalError(), cause=psycopg.OperationalError("the connection is lost"))

    assert outage_of(raised(KeyError("name"), cause=away)) is None


def test_an_outage_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    class OfThisTest(DatabaseError):
        """A kind of its own: others may have been told by other tests."""

    with caplog.at_level(logging.ERROR):
        for number in range(50):
            tell_outage(OfThisTest("away\nand more"), during=f"Page {number} cannot be shown")

    assert [record.getMessage() for record in caplog.records] == ["Page 0 cannot be shown: away and more."]
