"""The lookup `spelled_in`: like `in`, with the values written into the statement itself.

SQLite plans a statement before it hears its parameters. An index for a few rows only, such as those in some states, is
of use there where the statement says which states it is after; with parameters it reads the whole table instead, long
texts and all. For constants of ours alone.
"""

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

_PLAIN = re.compile(r"[a-z_]+")


@CharField.register_lookup
class SpelledIn(Lookup):
    """`state__spelled_in=("waiting", "writing")`: the words are lower-case letters and underscores."""

    lookup_name = "spelled_in"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The condition. Raises ValueError for a word that is none of ours."""
        words = [str(word) for word in self.rhs]
        if not words or not all(map(_PLAIN.fullmatch, words)):
            raise ValueError(f"Not to be spelled out: {words}")
        column, parameters = self.process_lhs(compiler, connection)
        spelled = [f"'{word}'" for word in words]
        condition = f"= {spelled[0]}" if len(spelled) == 1 else f"IN ({', '.join(spelled)})"
        return f"{column} {condition}", tuple(parameters)
