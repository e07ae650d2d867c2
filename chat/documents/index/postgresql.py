"""The index of passages in PostgreSQL: a narrow table with their words as a `tsvector`, each with its space's mark.

Triggers keep it, by the functions that the index of conversations has too (`chat.search.postgresql`). Finding the
passages with a word takes about a microsecond for each, and measuring one a dozen. So words that stand in more than
ROOM of them, as far as the planner knows, are looked for all together, and only where the others find too little; a
rare word counts for more than a common one; and of the passages with the most weight, MEASURED are measured.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from chat.documents.index.marks import LENGTH, space_mark
from chat.search.query import Query, Term
from chat.search.words import sql_functions

ROOM = 4_000
"""Passages that are looked at for one word. A word that stands in more of them says little."""
MEASURED = 200
_MOST_RARE, _MOST_TOGETHER = 10, 4  # words that are looked for each by itself, and common ones together
_MATCHED = 2_000

_SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS passage_index (
    id bigint PRIMARY KEY,
    words tsvector NOT NULL
) WITH (toast_tuple_target = 128)
""",
    "CREATE INDEX IF NOT EXISTS passages_by_words ON passage_index USING gin (words)",
    # A lexeme stands in quotes in the text of a tsvector, with a blank before it, and holds neither.
    f"""
CREATE OR REPLACE FUNCTION passage_words(space uuid, label text, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ltrim(replace(
        ' ' || search_lexemes(label || E'\\n' || content)::text,
        ' ''', ' ''' || right(replace(space::text, '-', ''), {LENGTH})
    ))::tsvector
$$
""",
    """
CREATE OR REPLACE FUNCTION passages_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.found_in IS NULL THEN
        DELETE FROM passage_index WHERE id = NEW.id;
    ELSE
        INSERT INTO passage_index (id, words) VALUES (NEW.id, passage_words(NEW.found_in, NEW.label, NEW.text))
        ON CONFLICT (id) DO UPDATE SET words = excluded.words;
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION passages_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM passage_index WHERE id = OLD.id;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION passages_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM passage_index;
    RETURN NULL;
END $$
""",
)
_TRIGGERS = {
    "passages_inserted": (
        "AFTER INSERT ON chat_passage FOR EACH ROW WHEN (NEW.found_in IS NOT NULL) EXECUTE FUNCTION passages_stored()"
    ),
    "passages_updated": (
        "AFTER UPDATE OF found_in, label, text ON chat_passage FOR EACH ROW"
        " WHEN (NEW.found_in IS DISTINCT FROM OLD.found_in OR NEW.label <> OLD.label OR NEW.text <> OLD.text)"
        " EXECUTE FUNCTION passages_stored()"
    ),
    "passages_deleted": (
        "AFTER DELETE ON chat_passage FOR EACH ROW WHEN (OLD.found_in IS NOT NULL) EXECUTE FUNCTION passages_deleted()"
    ),
    "passages_emptied": "AFTER TRUNCATE ON chat_passage FOR EACH STATEMENT EXECUTE FUNCTION passages_emptied()",
}
_OF_WORD = "SELECT id FROM passage_index WHERE words @@ %s::tsquery"
_SOME = f"{_OF_WORD} LIMIT %s"
_WEIGHED = f"(SELECT id, 1::float8 / (20 + count(*) OVER ()) AS weight FROM ({_OF_WORD} LIMIT %s) AS found)"  # noqa: S608 (constants)
_BEST = """
WITH weighed AS MATERIALIZED (
    SELECT id, sum(weight) AS weight FROM ({words}) AS found GROUP BY id ORDER BY weight DESC, id LIMIT %s
)
SELECT id, weight * (1 + ts_rank(words, %s::tsquery, 1)) AS relevance
FROM weighed JOIN passage_index USING (id) ORDER BY relevance DESC, id LIMIT %s
"""
_MATCHING = """
WITH found AS MATERIALIZED (SELECT id FROM passage_index WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s)
SELECT id, ts_rank(words, %s::tsquery, 1) AS relevance FROM found JOIN passage_index USING (id)
WHERE words @@ %s::tsquery ORDER BY relevance DESC, id LIMIT %s
"""
_IN_VERSION = """
SELECT passage.id FROM passage_index JOIN chat_passage AS passage USING (id)
WHERE passage_index.words @@ %s::tsquery AND passage.version_id = %s ORDER BY passage.id
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index and its triggers, with the functions that make words: the search index, which
    has them too, may be away, as it is while a backup comes back."""
    with connection.cursor() as cursor:
        for statement in (*sql_functions(), *_SCHEMA):
            cursor.execute(statement)
        for name, body in _TRIGGERS.items():
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {body}")


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a part of the index is not there. PostgreSQL changes tables in place, so only somebody can remove one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'passages\\_%' AND NOT tgisinternal")
        return not set(_TRIGGERS) <= {name for (name,) in cursor.fetchall()}


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for does in ("stored", "deleted", "emptied"):
            cursor.execute(f"DROP FUNCTION IF EXISTS passages_{does}() CASCADE")
        cursor.execute("DROP TABLE IF EXISTS passage_index")
        cursor.execute("DROP FUNCTION IF EXISTS passage_words(uuid, text, text)")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the passages. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM passage_index")
        cursor.execute(
            "INSERT INTO passage_index (id, words) SELECT id, passage_words(found_in, label, text)"
            " FROM chat_passage WHERE found_in IS NOT NULL ORDER BY id"
        )
        cursor.execute("ANALYZE passage_index")


def best(connection: BaseDatabaseWrapper, space: UUID, terms: Sequence[Term], *, most: int) -> list[tuple[int, float]]:
    """The ids of passages in which some of the terms stand, with how well they match: the best come first.

    The planner cannot know how much slower it is to look into every passage than into the index, so it is told not to.
    """
    if not terms:
        return []
    expressions = [" & ".join(_lexemes(space_mark(space), term)) for term in terms]
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        counted = sorted(zip(_estimates(cursor, expressions), expressions, strict=True))
        rare = [expression for count, expression in counted if count <= ROOM][:_MOST_RARE]
        common = [expression for count, expression in counted if count > ROOM][:_MOST_TOGETHER]
        found = _ranked(cursor, rare, most=most) if rare else {}
        least = min(found.values(), default=1.0)  # what is not measured comes after what is
        for length in range(len(common), 0, -1):
            if len(found) >= most:
                break
            cursor.execute(_SOME, [" & ".join(f"({one})" for one in common[:length]), most])
            for (number,) in cursor.fetchall():
                found[number] = found.get(number, 0.0) + least * length / (2 * _MOST_TOGETHER)
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]


def _estimates(cursor: CursorWrapper, expressions: Sequence[str]) -> list[int]:
    """In how many passages each stands, as the planner takes it from what is sampled now and then: it knows the common
    words, and takes all others for rare, which is all that matters."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {' UNION ALL '.join([_OF_WORD] * len(expressions))}", list(expressions))
    plan = cursor.fetchone()[0]
    node = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    nodes = node["Plans"] if node["Node Type"] == "Append" else [node]
    rows = [int(one["Plan Rows"]) for one in nodes]
    return rows if len(rows) == len(expressions) else [0] * len(expressions)


def _ranked(cursor: CursorWrapper, expressions: Sequence[str], *, most: int) -> dict[int, float]:
    words = " UNION ALL ".join([_WEIGHED] * len(expressions))
    parameters: list[str | int] = []
    for expression in expressions:
        parameters += [expression, ROOM]
    any_of_them = " | ".join(f"({expression})" for expression in expressions)
    cursor.execute(_BEST.format(words=words), [*parameters, max(most, MEASURED), any_of_them, most])
    return {number: float(relevance) for number, relevance in cursor.fetchall()}


def matching(
    connection: BaseDatabaseWrapper, spaces: Sequence[UUID], query: Query, *, most: int
) -> list[tuple[int, float]]:
    """The same of passages that have all that the query wants and nothing that it does not."""
    if not spaces:
        return []
    marks = [space_mark(space) for space in spaces]
    loosely = " | ".join(f"({_loosely(mark, query)})" for mark in marks)
    exactly = " | ".join(f"({_exactly(mark, query)})" for mark in marks)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_MATCHING, [loosely, _MATCHED, exactly, exactly, most])
        return [(number, float(relevance)) for number, relevance in cursor.fetchall()]


def in_version(connection: BaseDatabaseWrapper, space: UUID, version: UUID, query: Query) -> list[int]:
    """The ids of the passages of one version that match the query, in their order."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_IN_VERSION, [_exactly(space_mark(space), query), version])
        return [number for (number,) in cursor.fetchall()]


def _exactly(mark: str, query: Query) -> str:
    """The query as a `tsquery`. Tokens stand in quotes and hold none: nothing else gets through."""
    wanted = [" <-> ".join(_lexemes(mark, term)) for term in query.wanted]
    unwanted = [" <-> ".join(_lexemes(mark, term)) for term in query.unwanted]
    return " & ".join([f"({phrase})" for phrase in wanted] + [f"!({phrase})" for phrase in unwanted])


def _loosely(mark: str, query: Query) -> str:
    """The same without the order of words in phrases, which the index does not know."""
    wanted = [lexeme for term in query.wanted for lexeme in _lexemes(mark, term)]
    unwanted = [f"!{lexeme}" for term in query.unwanted if len(term.tokens) == 1 for lexeme in _lexemes(mark, term)]
    return " & ".join(wanted + unwanted)


def _lexemes(mark: str, term: Term) -> list[str]:
    lexemes = [f"'{mark}{token}'" for token in term.tokens]
    if term.grows:
        lexemes[-1] += ":*"
    return lexemes
