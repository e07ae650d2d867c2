"""The index in PostgreSQL: a narrow table of documents with their words as a `tsvector`.

Words are made by functions of our own (`chat.search.words`): extensions need rights that an operator may not have, and
what PostgreSQL's own parser takes for a letter depends on the locale of the cluster. Triggers keep the table, and so
nothing that writes a text, in bulk or by hand, can forget it.

Each document also holds two words that nobody can type, for they begin with a stroke: its team, and its *shelf*, which
counts up by one every 8,192 documents. So the index by itself leaves other teams' documents out and, for words that
stand everywhere, all but the newest; else every document with the word would have to be looked up to know those.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from accounts.models import Membership
from chat.search.filters import NO_FILTERS, SearchFilters
from chat.search.permission import readable_condition
from chat.search.query import Query, Term
from chat.search.ranking import SOURCES, TEXTS, TITLES, HitKind, RankedHit
from chat.search.words import sql_functions

_SHELF = 8192
_SHELVES: tuple[int | None, ...] = (2, 16, None)
"""How many of the newest shelves are looked at, one try after the other, until enough is found; None for all. Where
facts narrow, two are hardly ever enough; and what is known of few questions is looked up at once."""
_WITH_PHRASES = 2000
"""Documents with all the words in any order of which, for a phrase, the order is looked at: that takes much longer."""

_TABLES = {
    HitKind.TITLE: ("chat_conversation", "title"),
    HitKind.QUESTION: ("chat_question", "text"),
    HitKind.ANSWER: ("chat_answer", "text"),
}
_OWNERS = {
    HitKind.TITLE: "SELECT NEW.id AS conversation_id, NEW.team_id AS team_id, NULL::bigint AS about",
    HitKind.QUESTION: (
        "SELECT conversation_id, team_id, NULL::bigint AS about FROM search_document"
        " WHERE kind = 'title' AND object_id = NEW.conversation_id"
    ),
    HitKind.ANSWER: (
        "SELECT conversation_id, team_id, id AS about FROM search_document"
        " WHERE kind = 'question' AND object_id = NEW.question_id"
    ),
}
_VERSION = 3
"""Of what is done to a text. Rows of an earlier one are found as they were, until `renew` has come to them."""

_WORDS = rf"""
CREATE OR REPLACE FUNCTION search_words(document bigint, team uuid, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY['/team:' || team, '/shelf:' || document / {_SHELF}]) || search_lexemes(content)
$$
"""
_TABLE = """
CREATE TABLE IF NOT EXISTS search_document (
    id bigserial PRIMARY KEY,
    kind text NOT NULL,
    object_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    team_id uuid NOT NULL,
    at double precision NOT NULL,
    words tsvector NOT NULL,
    UNIQUE (kind, object_id)
) WITH (toast_tuple_target = 128)
"""
_INDEXES = (
    "ALTER TABLE search_document ADD COLUMN IF NOT EXISTS version smallint NOT NULL DEFAULT 1",
    f"DROP INDEX IF EXISTS search_before_{_VERSION - 1}",
    f"CREATE INDEX IF NOT EXISTS search_before_{_VERSION} ON search_document (id) WHERE version < {_VERSION}",
    "ALTER TABLE search_document ADD COLUMN IF NOT EXISTS about bigint",
    "CREATE INDEX IF NOT EXISTS search_document_about ON search_document (about)",
    "CREATE TABLE IF NOT EXISTS search_pending (document bigint PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS search_fact (name bigint NOT NULL, about bigint NOT NULL, PRIMARY KEY (name, about))",
    "CREATE INDEX IF NOT EXISTS search_fact_about ON search_fact (about)",
    """
CREATE TABLE IF NOT EXISTS search_source (
    id bigint PRIMARY KEY,
    kind text NOT NULL DEFAULT 'source',
    object_id uuid NOT NULL UNIQUE,
    conversation_id uuid NOT NULL,
    team_id uuid NOT NULL,
    at double precision NOT NULL,
    about bigint,
    words tsvector NOT NULL
) WITH (toast_tuple_target = 128)
""",
    "CREATE INDEX IF NOT EXISTS search_source_about ON search_source (about)",
    "CREATE INDEX IF NOT EXISTS search_sources ON search_source USING gin (words)",
    "CREATE INDEX IF NOT EXISTS search_titles ON search_document USING gin (words) WHERE kind = 'title'",
    "CREATE INDEX IF NOT EXISTS search_texts ON search_document USING gin (words) WHERE kind <> 'title'",
)
_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION search_{kind}_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH stored AS (
        INSERT INTO search_document AS document
            (id, kind, object_id, conversation_id, team_id, at, about, words, version)
        SELECT next.id, '{kind}', NEW.id, conversation_id, team_id, extract(epoch FROM NEW.created_at),
            coalesce(about, next.id), search_words(next.id, team_id, NEW.{column}), {version}
        FROM ({owners}) AS owners, nextval('search_document_id_seq') AS next (id)
        ON CONFLICT (kind, object_id) DO UPDATE
            SET words = search_words(document.id, document.team_id, NEW.{column}), version = {version}
        RETURNING id
    )
    INSERT INTO search_pending SELECT id FROM stored WHERE '{kind}' <> 'title' ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION search_{kind}_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE gone bigint;
BEGIN
    DELETE FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id RETURNING id INTO gone;
    DELETE FROM search_fact WHERE about = gone;
    DELETE FROM search_pending WHERE document = gone;
    DELETE FROM search_source WHERE id = gone;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION search_{kind}_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_document WHERE kind = '{kind}';
    DELETE FROM search_pending WHERE document NOT IN (SELECT id FROM search_document);
    DELETE FROM search_fact WHERE about NOT IN (SELECT id FROM search_document);
    DELETE FROM search_source WHERE id NOT IN (SELECT id FROM search_document);
    RETURN NULL;
END $$
""",
)
_TRIGGERS = (
    "CREATE OR REPLACE TRIGGER search_{kind}_inserted AFTER INSERT ON {table}"
    " FOR EACH ROW WHEN (NEW.{column} <> '') EXECUTE FUNCTION search_{kind}_stored()",
    "CREATE OR REPLACE TRIGGER search_{kind}_updated AFTER UPDATE OF {column} ON {table}"
    " FOR EACH ROW WHEN (NEW.{column} <> OLD.{column}) EXECUTE FUNCTION search_{kind}_stored()",
    "CREATE OR REPLACE TRIGGER search_{kind}_deleted AFTER DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION search_{kind}_deleted()",
    "CREATE OR REPLACE TRIGGER search_{kind}_emptied AFTER TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION search_{kind}_emptied()",
)
_BESIDES = ("search_pending", "search_fact", "search_source")
"""What is kept beside the texts: which of them wait for `chat.search.facts`, and what that has found."""
_FILL_PENDING = "INSERT INTO search_pending SELECT id FROM search_document WHERE kind <> 'title' ON CONFLICT DO NOTHING"
_FILL = """
INSERT INTO search_document (id, kind, object_id, conversation_id, team_id, at, about, words, version)
SELECT id, kind, object_id, conversation_id, team_id, extract(epoch FROM created_at),
    CASE kind WHEN 'answer' THEN NULL ELSE id END, search_words(id, team_id, content), {version}
FROM (SELECT nextval('search_document_id_seq') AS id, texts.* FROM (
    SELECT 'title' AS kind, id AS object_id, id AS conversation_id, team_id, created_at, title AS content
    FROM chat_conversation
    UNION ALL
    SELECT 'question', q.id, c.id, c.team_id, q.created_at, q.text
    FROM chat_question AS q JOIN chat_conversation AS c ON c.id = q.conversation_id
    UNION ALL
    SELECT 'answer', a.id, c.id, c.team_id, a.created_at, a.text
    FROM chat_answer AS a JOIN chat_question AS q ON q.id = a.question_id
    JOIN chat_conversation AS c ON c.id = q.conversation_id
) AS texts WHERE content <> '' ORDER BY created_at) AS numbered
"""
_RENEWED = f"""
WITH earlier AS (
    SELECT id, kind, object_id FROM search_document WHERE version < {_VERSION}
    ORDER BY id DESC LIMIT %s FOR UPDATE SKIP LOCKED
), texts AS (
    SELECT earlier.id, coalesce(conversation.title, question.text, answer.text, '') AS content
    FROM earlier
    LEFT JOIN chat_conversation AS conversation ON earlier.kind = 'title' AND conversation.id = earlier.object_id
    LEFT JOIN chat_question AS question ON earlier.kind = 'question' AND question.id = earlier.object_id
    LEFT JOIN chat_answer AS answer ON earlier.kind = 'answer' AND answer.id = earlier.object_id
)
UPDATE search_document AS document
SET words = search_words(document.id, document.team_id, texts.content), version = {_VERSION}
FROM texts WHERE document.id = texts.id
"""  # noqa: S608 (constants)
_NEWEST = """
WITH matching AS MATERIALIZED (
    SELECT id, kind, object_id, conversation_id, about, at FROM {table}
    WHERE words @@ %s::tsquery AND kind {which} AND id <= %s{known}
)
SELECT document.id FROM matching AS document
JOIN chat_conversation AS conversation ON conversation.id = document.conversation_id
WHERE {readable}{filters}
ORDER BY document.id DESC LIMIT %s
"""
_RANKED = """
SELECT kind, object_id, conversation_id, ts_rank(words, %s::tsquery, 1), at FROM {table}
WHERE id = ANY(%s) AND words @@ %s::tsquery ORDER BY id DESC LIMIT %s
"""
_KNOWN = "\n        AND {about} = ANY(ARRAY(SELECT fact.about FROM search_fact AS fact WHERE fact.name = ANY(%s)))"
_UNRANKED = """
SELECT kind, object_id, conversation_id, 0.0, at FROM {table} WHERE id = ANY(%s) ORDER BY id DESC LIMIT %s
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index and its triggers. Uses only columns that were there from the start."""
    with connection.cursor() as cursor:
        for statement in (_TABLE, *_INDEXES, *sql_functions(), _WORDS):
            cursor.execute(statement)
        for kind, (table, column) in _TABLES.items():
            for statement in (*_FUNCTIONS, *_TRIGGERS):
                cursor.execute(
                    statement.format(kind=kind, table=table, column=column, owners=_OWNERS[kind], version=_VERSION)
                )


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a part of the index is not there. PostgreSQL changes tables in place, so only somebody can remove one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'search\\_%' AND NOT tgisinternal")
        return bool(cursor.fetchone()[0] < len(_TABLES) * len(_TRIGGERS))


def upgrade(connection: BaseDatabaseWrapper) -> None:
    """Have an index of an earlier version take new texts in as this one does. What it holds is found as before, until
    `renew` has come to it: that would take too long for a server that waits to start."""
    if not missing(connection):
        install(connection)


def widen(connection: BaseDatabaseWrapper) -> None:
    """Have an index that knows texts alone keep facts and sources, too. `chat.search.facts` finds them afterwards."""
    install(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM search_document WHERE about IS NULL AND kind <> 'title')")
        if cursor.fetchone()[0]:
            cursor.execute(_FILL_PENDING)


def renew(connection: BaseDatabaseWrapper, *, most: int) -> int:
    """Index so many texts of an earlier version anew, the newest first; returns how many that were.

    Several processes can do it at once, and somebody who writes one of the texts waits for it at most.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEWED, [most])
        return int(cursor.rowcount)


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for kind in _TABLES:
            for does in ("stored", "deleted", "emptied"):
                cursor.execute(f"DROP FUNCTION IF EXISTS search_{kind}_{does}() CASCADE")
        for table in (*_BESIDES, "search_document"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute("DROP FUNCTION IF EXISTS search_words(bigint, uuid, text)")
        cursor.execute("DROP FUNCTION IF EXISTS search_lexemes(text)")
        cursor.execute("DROP FUNCTION IF EXISTS search_fold(text)")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the texts, oldest first. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        for table in ("search_document", *_BESIDES):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)
        cursor.execute(_FILL.format(version=_VERSION))
        cursor.execute(_FILL_PENDING)
        cursor.execute("ANALYZE search_document")


def find(
    connection: BaseDatabaseWrapper,
    membership: Membership,
    query: Query,
    *,
    through: int,
    filters: SearchFilters = NO_FILTERS,
) -> list[RankedHit]:
    """The newest documents, as many as are ranked and none after `through`, that the member may read and that match.

    What the person may read is decided by the conversation as it is now. The planner cannot know how much slower it
    is to look into every document than into the index, so it is told not to.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        rare = filters.rarest(connection)
        parts = _searched(filters)
        return [hit for part in parts for hit in _find(cursor, membership, query, through, filters, rare, part)]


@dataclass(frozen=True)
class _Part:
    """Documents that are looked for together: where, as a condition on their kind, and how many of them."""

    table: str
    which: str
    most: int
    shelves: tuple[int | None, ...]

    @property
    def are_titles(self) -> bool:
        return self.most == TITLES and self.table == "search_document"


def _searched(filters: SearchFilters) -> list[_Part]:
    found = []
    if filters.finds(HitKind.TITLE):
        found.append(_Part("search_document", "= 'title'", TITLES, (None,)))
    if filters.finds(HitKind.QUESTION) or filters.finds(HitKind.ANSWER):
        found.append(_Part("search_document", "<> 'title'", TEXTS, _SHELVES))
    if filters.finds(HitKind.SOURCE):
        found.append(_Part("search_source", "= 'source'", SOURCES, _SHELVES))
    return found


def _find(
    cursor: CursorWrapper,
    membership: Membership,
    query: Query,
    through: int,
    filters: SearchFilters,
    rare: list[int],
    part: _Part,
) -> list[RankedHit]:
    newest, phrases = through // _SHELF, any(len(term.tokens) > 1 for term in query.wanted)
    enough = _WITH_PHRASES if phrases else part.most
    narrowed, values = filters.conditions(titles=part.are_titles)
    known = _KNOWN.format(about="id" if part.are_titles else "about") if rare else ""
    readable, of_reader = readable_condition(membership)
    statement = _NEWEST.format(table=part.table, which=part.which, known=known, readable=readable, filters=narrowed)
    ids: list[int] = []
    shelves = part.shelves[-1:] if rare else part.shelves[-2:] if filters.facts else part.shelves
    for count in shelves:
        places = [f"'/shelf:{newest - back}'" for back in range(count)] if count else []
        wanted = [f"'/team:{membership.team_id}'", *([f"({' | '.join(places)})"] if places else []), _loosely(query)]
        within = " & ".join(one for one in wanted if one)
        parameters: list[Any] = [within, through, *([rare] if rare else []), *of_reader, *values, enough]
        cursor.execute(statement, parameters)
        ids = [number for (number,) in cursor.fetchall()]
        if len(ids) >= enough or (count and count > newest):
            break
    if not ids:
        return []
    if query:
        exactly = _exactly(query)
        cursor.execute(_RANKED.format(table=part.table), [exactly, ids, exactly, part.most])
    else:
        cursor.execute(_UNRANKED.format(table=part.table), [ids, part.most])
    return [
        RankedHit(HitKind(kind), name, conversation, float(relevance), at)
        for kind, name, conversation, relevance, at in cursor.fetchall()
    ]


def _exactly(query: Query) -> str:
    """The query as a `tsquery`. Tokens stand in quotes and hold none: nothing else gets through."""
    wanted = [" <-> ".join(_lexemes(term)) for term in query.wanted]
    unwanted = [" <-> ".join(_lexemes(term)) for term in query.unwanted]
    return " & ".join([f"({phrase})" for phrase in wanted] + [f"!({phrase})" for phrase in unwanted])


def _loosely(query: Query) -> str:
    """The same without the order of words in phrases, which the index does not know."""
    wanted = [lexeme for term in query.wanted for lexeme in _lexemes(term)]
    unwanted = [f"!{lexeme}" for term in query.unwanted if len(term.tokens) == 1 for lexeme in _lexemes(term)]
    return " & ".join(wanted + unwanted)


def _lexemes(term: Term) -> list[str]:
    lexemes = [f"'{token}'" for token in term.tokens]
    if term.grows:
        lexemes[-1] += ":*"
    return lexemes
