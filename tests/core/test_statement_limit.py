"""A statement that takes too long is ended, on either database, and the connection goes on."""

import pytest
from django.db import OperationalError, connection

from core.web.statement_limit import StatementTooLong, limited_statements
from tests.cpu_time import at_most

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n"

pytestmark = pytest.mark.django_db(transaction=True)


def ask(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_it_is_ended_and_the_next_one_is_not() -> None:
    with at_most(1), pytest.raises(StatementTooLong), limited_statements(0.2):
        ask(ENDLESS)

    with limited_statements(0.2):
        assert ask("SELECT 1") == 1
    assert ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n")


def test_other_faults_are_what_they_are() -> None:
    with pytest.raises(Exception, match="no_such_table") as caught, limited_statements(0.2):
        ask("SELECT 1 FROM no_such_table")
    assert not isinstance(caught.value, StatementTooLong)
    assert isinstance(caught.value, OperationalError) or connection.vendor == "postgresql"
