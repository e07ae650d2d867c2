"""The index in PostgreSQL: a narrow table of documents with their words as a `tsvector`.

Words are folded by a function of our own, since the extensions that do it need rights that an operator may not have.
Each document also holds its team as a word that nobody can type, so that the index itself leaves other teams'
documents out. Triggers keep the table, and so nothing that writes a text, in bulk or by hand, can forget it.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Membership
from chat.models import Conversation
from chat.search.ranking import TEXTS, TITLES, Found, Kind
from chat.search.words import CJK, Query, Term, fold

_LONGEST = 200_000
"""Characters of a text that are indexed: more words than that can be too many for one `tsvector`."""

_TABLES = {
    Kind.TITLE: ("chat_conversation", "title"),
    Kind.QUESTION: ("chat_question", "text"),
    Kind.ANSWER: ("chat_answer", "text"),
}
_OWNERS = {
    Kind.TITLE: "SELECT NEW.id AS conversation_id, NEW.team_id AS team_id",
    Kind.QUESTION: (
        "SELECT conversation_id, team_id FROM search_document WHERE kind = 'title' AND object_id = NEW.conversation_id"
    ),
    Kind.ANSWER: (
        "SELECT conversation_id, team_id FROM search_document WHERE kind = 'question' AND object_id = NEW.question_id"
    ),
}
_WORDS = rf"""
CREATE OR REPLACE FUNCTION search_words(team uuid, content text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_to_tsvector(ARRAY['team:' || team]) || to_tsvector('simple', regexp_replace(regexp_replace(
        CASE WHEN octet_length(content) = length(content) THEN lower(content) ELSE
            normalize(regexp_replace(normalize(lower(content), NFKD), '[\u0300-\u036f]', '', 'g'), NFKC)
        END,
        '[!-/:-@\[-`{{-~]+', ' ', 'g'), '([{CJK}])', ' \1 ', 'g'))
$$
"""
_SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS search_document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    object_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    team_id uuid NOT NULL,
    at double precision NOT NULL,
    words tsvector NOT NULL,
    UNIQUE (kind, object_id)
) WITH (toast_tuple_target = 128)
""",
    "CREATE INDEX IF NOT EXISTS search_titles ON search_document USING gin (words) WHERE kind = 'title'",
    "CREATE INDEX IF NOT EXISTS search_texts ON search_document USING gin (words) WHERE kind <> 'title'",
    _WORDS,
)
_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION search_{kind}_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_document (kind, object_id, conversation_id, team_id, at, words)
    SELECT '{kind}', NEW.id, conversation_id, team_id, extract(epoch FROM NEW.created_at),
        search_words(team_id, left(NEW.{column}, {longest}))
    FROM ({owners}) AS owners
    ON CONFLICT (kind, object_id) DO UPDATE SET words = excluded.words;
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
INSERT INTO search_document (kind, object_id, conversation_id, team_id, at, words)
SELECT kind, object_id, conversation_id, team_id, extract(epoch FROM created_at),
    search_words(team_id, left(content, {longest})) FROM (
    SELECT 'title' AS kind, id AS object_id, id AS conversation_id, team_id, created_at, title AS content
    FROM chat_conversation
    UNION ALL
    SELECT 'question', q.id, c.id, c.team_id, q.created_at, q.text
    FROM chat_question AS q JOIN chat_conversation AS c ON c.id = q.conversation_id
    UNION ALL
    SELECT 'answer', a.id, c.id, c.team_id, a.created_at, a.text
    FROM chat_answer AS a JOIN chat_question AS q ON q.id = a.question_id
    JOIN chat_conversation AS c ON c.id = q.conversation_id
) AS texts WHERE content <> '' ORDER BY created_at
"""
_CANDIDATES = """
(
    SELECT kind, object_id, ts_rank(words, %s::tsquery, 1) AS relevance, at FROM (
        SELECT document.* FROM search_document AS document
        JOIN chat_conversation AS conversation ON conversation.id = document.conversation_id
        WHERE document.words @@ %s::tsquery AND document.kind {which} AND document.id <= %s
            AND conversation.team_id = %s AND conversation.deleted_at IS NULL
            AND (conversation.visibility = %s OR conversation.owner_id = %s)
        ORDER BY document.id DESC LIMIT %s
    ) AS newest
)
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index and its triggers. Uses only columns that were there from the start."""
    with connection.cursor() as cursor:
        for statement in _SCHEMA:
            cursor.execute(statement)
        for kind, (table, column) in _TABLES.items():
            for statement in (*_FUNCTIONS, *_TRIGGERS):
                cursor.execute(
                    statement.format(kind=kind, table=table, column=column, owners=_OWNERS[kind], longest=_LONGEST)
                )


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a part of the index is not there. PostgreSQL changes tables in place, so only somebody can remove one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'search\\_%' AND NOT tgisinternal")
        return bool(cursor.fetchone()[0] < len(_TABLES) * len(_TRIGGERS))


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for kind in Kind:
            for does in ("stored", "deleted", "emptied"):
                cursor.execute(f"DROP FUNCTION IF EXISTS search_{kind}_{does}() CASCADE")
        cursor.execute("DROP TABLE IF EXISTS search_document")
        cursor.execute("DROP FUNCTION IF EXISTS search_words(uuid, text)")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the texts, oldest first. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
        cursor.execute(_FILL.format(longest=_LONGEST))
        cursor.execute("ANALYZE search_document")


def newest(connection: BaseDatabaseWrapper) -> int:
    """The number of the newest document."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM search_document")
        return int(cursor.fetchone()[0])


def find(connection: BaseDatabaseWrapper, membership: Membership, query: Query, *, through: int) -> list[Found]:
    """The newest documents, as many as are ranked and none after `through`, that the member may read and that match.

    The team is a word of the index, which so leaves other teams' documents out before anything is looked up; what the
    person may read is decided by the conversation as it is now.
    """
    wanted = _expression(query)
    within = f"'team:{membership.team_id}' & {wanted}"
    parts = {"= 'title'": TITLES, "<> 'title'": TEXTS}
    parameters: list[Any] = []
    for most in parts.values():
        parameters += [wanted, within, through, membership.team_id]
        parameters += [Conversation.Visibility.TEAM, membership.user_id, most]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_CANDIDATES.format(which=which) for which in parts), parameters)
        return [Found(Kind(kind), name, relevance, at) for kind, name, relevance, at in cursor.fetchall()]


def _expression(query: Query) -> str:
    """The query as a `tsquery`. Tokens are letters and digits only and stand in quotes: nothing else gets through."""
    terms = [_phrase(term) for term in query.wanted] + [f"!{_phrase(term)}" for term in query.unwanted]
    return f"({' & '.join(terms)})"


def _phrase(term: Term) -> str:
    words = [f"'{fold(token)}'" for token in term.tokens]
    if term.grows:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"
