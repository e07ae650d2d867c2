"""The index in PostgreSQL: a narrow table of documents with their words as a `tsvector`.

Words are made by functions of our own (`chat.search.words`): extensions need rights that an operator may not have, and
what PostgreSQL's own parser takes for a letter depends on the locale of the cluster. Triggers keep the table, and so
nothing that writes a text, in bulk or by hand, can forget it.

Each document also holds two words that nobody can type, for they begin with a stroke: its team, and its *shelf*, which
counts up by one every 8,192 documents. So the index by itself leaves other teams' documents out and, for words that
stand everywhere, all but the newest; else every document with the word would have to be looked up to know those.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from accounts.models import Membership
from chat.models import Conversation
from chat.search.query import Query, Term
from chat.search.ranking import TEXTS, TITLES, HitKind, RankedHit
from chat.search.words import sql_functions

_SHELF = 8192
_SHELVES = (2, 16, None)
"""How many of the newest shelves are looked at, one try after the other, until enough is found; None for all."""
_WITH_PHRASES = 2000
"""Documents with all the words in any order of which, for a phrase, the order is looked at: that takes much longer."""

_TABLES = {
    HitKind.TITLE: ("chat_conversation", "title"),
    HitKind.QUESTION: ("chat_question", "text"),
    HitKind.ANSWER: ("chat_answer", "text"),
}
_OWNERS = {
    HitKind.TITLE: "SELECT NEW.id AS conversation_id, NEW.team_id AS team_id",
    HitKind.QUESTION: (
        "SELECT conversation_id, team_id FROM search_document WHERE kind = 'title' AND object_id = NEW.conversation_id"
    ),
    HitKind.ANSWER: (
        "SELECT conversation_id, team_id FROM search_document WHERE kind = 'question' AND object_id = NEW.question_id"
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
    "CREATE INDEX IF NOT EXISTS search_titles ON search_document USING gin (words) WHERE kind = 'title'",
    "CREATE INDEX IF NOT EXISTS search_texts ON search_document USING gin (words) WHERE kind <> 'title'",
)
_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION search_{kind}_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_document AS document (id, kind, object_id, conversation_id, team_id, at, words, version)
    SELECT next.id, '{kind}', NEW.id, conversation_id, team_id, extract(epoch FROM NEW.created_at),
        search_words(next.id, team_id, NEW.{column}), {version}
    FROM ({owners}) AS owners, nextval('search_document_id_seq') AS next (id)
    ON CONFLICT (kind, object_id) DO UPDATE
        SET words = search_words(document.id, document.team_id, NEW.{column}), version = {version};
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION search_{kind}_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION search_{kind}_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM search_document WHERE kind = '{kind}';
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
_FILL = """
INSERT INTO search_document (id, kind, object_id, conversation_id, team_id, at, words, version)
SELECT id, kind, object_id, conversation_id, team_id, extract(epoch FROM created_at),
    search_words(id, team_id, content), {version}
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
    SELECT id, conversation_id FROM search_document WHERE words @@ %s::tsquery AND kind {which} AND id <= %s
)
SELECT matching.id FROM matching
JOIN chat_conversation AS conversation ON conversation.id = matching.conversation_id
WHERE conversation.team_id = %s AND conversation.deleted_at IS NULL
    AND (conversation.visibility = %s OR conversation.owner_id = %s)
ORDER BY matching.id DESC LIMIT %s
"""
_RANKED = """
SELECT kind, object_id, ts_rank(words, %s::tsquery, 1), at FROM search_document
WHERE id = ANY(%s) AND words @@ %s::tsquery ORDER BY id DESC LIMIT %s
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
        for kind in HitKind:
            for does in ("stored", "deleted", "emptied"):
                cursor.execute(f"DROP FUNCTION IF EXISTS search_{kind}_{does}() CASCADE")
        cursor.execute("DROP TABLE IF EXISTS search_document")
        cursor.execute("DROP FUNCTION IF EXISTS search_words(bigint, uuid, text)")
        cursor.execute("DROP FUNCTION IF EXISTS search_lexemes(text)")
        cursor.execute("DROP FUNCTION IF EXISTS search_fold(text)")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the texts, oldest first. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
        cursor.execute(_FILL.format(version=_VERSION))
        cursor.execute("ANALYZE search_document")


def find(connection: BaseDatabaseWrapper, membership: Membership, query: Query, *, through: int) -> list[RankedHit]:
    """The newest documents, as many as are ranked and none after `through`, that the member may read and that match.

    What the person may read is decided by the conversation as it is now. The planner cannot know how much slower it
    is to look into every document than into the index, so it is told not to.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        return [
            *_find(cursor, membership, query, through, which="= 'title'", most=TITLES, shelves=(None,)),
            *_find(cursor, membership, query, through, which="<> 'title'", most=TEXTS, shelves=_SHELVES),
        ]


def _find(
    cursor: CursorWrapper,
    membership: Membership,
    query: Query,
    through: int,
    *,
    which: str,
    most: int,
    shelves: Sequence[int | None],
) -> list[RankedHit]:
    newest, phrases = through // _SHELF, any(len(term.tokens) > 1 for term in query.wanted)
    enough = _WITH_PHRASES if phrases else most
    ids: list[int] = []
    for count in shelves:
        places = [f"'/shelf:{newest - back}'" for back in range(count)] if count else []
        within = " & ".join(
            [f"'/team:{membership.team_id}'", *([f"({' | '.join(places)})"] if places else []), _loosely(query)]
        )
        parameters: list[Any] = [
            within,
            through,
            membership.team_id,
            Conversation.Visibility.TEAM,
            membership.user_id,
            enough,
        ]
        cursor.execute(_NEWEST.format(which=which), parameters)
        ids = [number for (number,) in cursor.fetchall()]
        if len(ids) >= enough or (count and count > newest):
            break
    if not ids:
        return []
    exactly = _exactly(query)
    cursor.execute(_RANKED, [exactly, ids, exactly, most])
    return [RankedHit(HitKind(kind), name, relevance, at) for kind, name, relevance, at in cursor.fetchall()]


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
