"""The index in SQLite: a table of documents, and a full-text table (FTS5) of their words and their team.

What is indexed is not a text but its words between blanks, as `chat.search.words` makes them: the tokenizer *ascii*
leaves every other letter as it is. The full-text table keeps no second copy of the texts, so what is taken out of it
has to be named exactly as it was put in. Triggers do both, and so nothing that writes a text, in bulk or by hand, can
forget the index; what writes without Django has to bring `search_words` along, as `prepare` does. They name no table
but their own and those of the index: SQLite refuses to rename a table while the trigger of another one names it, and
Django makes most changes to a table by renaming a new one. That also drops the table's triggers; `missing` tells.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Membership
from chat.search.filters import NO_FILTERS, SearchFilters
from chat.search.permission import readable_condition
from chat.search.query import Query, Term
from chat.search.ranking import SOURCES, TEXTS, TITLES, HitKind, RankedHit
from chat.search.words import indexed_words

_TABLES = {
    HitKind.TITLE: ("chat_conversation", "title"),
    HitKind.QUESTION: ("chat_question", "text"),
    HitKind.ANSWER: ("chat_answer", "text"),
}
_OWNERS = {
    HitKind.TITLE: "SELECT NEW.id AS conversation_id, NEW.team_id AS team_id, NULL AS about",
    HitKind.QUESTION: (
        "SELECT conversation_id, team_id, NULL AS about FROM search_document"
        " WHERE kind = 'title' AND object_id = NEW.conversation_id"
    ),
    HitKind.ANSWER: (
        "SELECT conversation_id, team_id, id AS about FROM search_document"
        " WHERE kind = 'question' AND object_id = NEW.question_id"
    ),
}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS search_document (
    id integer PRIMARY KEY,
    kind text NOT NULL,
    object_id char(32) NOT NULL,
    conversation_id char(32) NOT NULL,
    team_id char(32) NOT NULL,
    at integer NOT NULL,
    about integer,
    UNIQUE (kind, object_id)
);
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
    team, title, text, content='', prefix='2', tokenize='ascii'
);
CREATE INDEX IF NOT EXISTS search_document_about ON search_document (about);
CREATE TABLE IF NOT EXISTS search_pending (document integer PRIMARY KEY);
CREATE TABLE IF NOT EXISTS search_fact (
    name integer NOT NULL, about integer NOT NULL, PRIMARY KEY (name, about)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS search_fact_about ON search_fact (about);
CREATE TABLE IF NOT EXISTS search_source (
    id integer PRIMARY KEY,
    kind text NOT NULL DEFAULT 'source',
    object_id char(32) NOT NULL UNIQUE,
    conversation_id char(32) NOT NULL,
    team_id char(32) NOT NULL,
    at integer NOT NULL,
    about integer
);
CREATE INDEX IF NOT EXISTS search_source_about ON search_source (about);
CREATE VIRTUAL TABLE IF NOT EXISTS search_source_index USING fts5(team, text, prefix='2', tokenize='ascii');
"""
_ABOUT = "UPDATE search_document SET about = id WHERE kind = '{kind}' AND object_id = NEW.id AND about IS NULL;\n"
_AWAITED = (
    "INSERT OR IGNORE INTO search_pending"
    " SELECT id FROM search_document WHERE kind = '{kind}' AND object_id = NEW.id AND kind <> 'title';\n"
)
_INSERTED = """
INSERT OR IGNORE INTO search_document (kind, object_id, conversation_id, team_id, at, about)
    SELECT '{kind}', NEW.id, conversation_id, team_id, CAST(strftime('%s', NEW.created_at) AS integer), about
    FROM ({owners});
INSERT INTO search_index (rowid, team, title, text)
    SELECT id, team_id, {new_title}, {new_text} FROM search_document WHERE kind = '{kind}' AND object_id = NEW.id;
"""
_REMOVED = """
INSERT INTO search_index (search_index, rowid, team, title, text)
    SELECT 'delete', id, team_id, {old_title}, {old_text} FROM search_document
    WHERE kind = '{kind}' AND object_id = OLD.id;
"""
_FORGOTTEN = """
DELETE FROM search_source_index
    WHERE rowid = (SELECT id FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id);
DELETE FROM search_source WHERE object_id = OLD.id;
DELETE FROM search_fact
    WHERE about = (SELECT id FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id);
DELETE FROM search_pending
    WHERE document = (SELECT id FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id);
DELETE FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id;
"""
_TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_inserted AFTER INSERT ON {table} WHEN NEW.{column} <> '' BEGIN"
    + _INSERTED
    + _ABOUT
    + _AWAITED
    + "END;",
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_updated AFTER UPDATE OF {column} ON {table}"
    " WHEN NEW.{column} <> OLD.{column} BEGIN" + _REMOVED + _INSERTED + _ABOUT + _AWAITED + "END;",
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_deleted AFTER DELETE ON {table} BEGIN" + _REMOVED + _FORGOTTEN + "END;",
)
_CANDIDATES = """
SELECT * FROM (
    SELECT document.kind, document.object_id, document.conversation_id, -bm25({index}) AS relevance, document.at
    FROM {index}
    JOIN {documents} AS document ON document.id = {index}.rowid
    JOIN chat_conversation AS conversation ON conversation.id = document.conversation_id
    WHERE {index} MATCH %s AND {index}.rowid <= %s
        AND {readable}{filters}
    ORDER BY {index}.rowid DESC LIMIT %s
)
"""
_FILL_ABOUT = (
    "UPDATE search_document SET about = id WHERE kind <> 'answer'",
    """
UPDATE search_document SET about = (
    SELECT asked.id FROM chat_answer AS answer JOIN search_document AS asked
        ON asked.kind = 'question' AND asked.object_id = answer.question_id
    WHERE answer.id = search_document.object_id
) WHERE kind = 'answer'
""",
    "INSERT OR IGNORE INTO search_pending SELECT id FROM search_document WHERE kind <> 'title'",
)
_BESIDES = ("search_pending", "search_fact", "search_source", "search_source_index")
"""What is kept beside the texts: which of them wait for `chat.search.facts`, and what that has found."""
_FILL_DOCUMENTS = """
INSERT INTO search_document (kind, object_id, conversation_id, team_id, at)
SELECT kind, object_id, conversation_id, team_id, CAST(strftime('%s', created_at) AS integer) FROM (
    SELECT 'title' AS kind, id AS object_id, id AS conversation_id, team_id, created_at
    FROM chat_conversation WHERE title <> ''
    UNION ALL
    SELECT 'question', q.id, c.id, c.team_id, q.created_at
    FROM chat_question AS q JOIN chat_conversation AS c ON c.id = q.conversation_id WHERE q.text <> ''
    UNION ALL
    SELECT 'answer', a.id, c.id, c.team_id, a.created_at
    FROM chat_answer AS a JOIN chat_question AS q ON q.id = a.question_id
    JOIN chat_conversation AS c ON c.id = q.conversation_id WHERE a.text <> ''
) ORDER BY created_at
"""


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Give a connection just made the function that the triggers call. Writing a text without it fails."""
    connection.connection.create_function("search_words", 1, indexed_words, deterministic=True)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index and its triggers. Uses only columns that were there from the start."""
    with connection.cursor() as cursor:
        for statement in _SCHEMA.split(";"):
            if statement.strip():
                cursor.execute(statement)
        for kind, (table, column) in _TABLES.items():
            new, old = f"search_words(NEW.{column})", f"search_words(OLD.{column})"
            title = kind is HitKind.TITLE
            for trigger in _TRIGGERS:
                cursor.execute(
                    trigger.format(
                        kind=kind,
                        table=table,
                        column=column,
                        owners=_OWNERS[kind],
                        new_title=new if title else "''",
                        new_text="''" if title else new,
                        old_title=old if title else "''",
                        old_text="''" if title else old,
                    )
                )


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a part of the index is not there, as after a migration that made one of the tables anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search\\_%' ESCAPE '\\'"
        )
        return bool(cursor.fetchone()[0] < len(_TABLES) * len(_TRIGGERS))


def upgrade(connection: BaseDatabaseWrapper) -> None:
    """Make an index of an earlier version anew, at once: a tokenizer cannot be changed in place."""
    uninstall(connection)
    install(connection)
    rebuild(connection)


def widen(connection: BaseDatabaseWrapper) -> None:
    """Have an index that knows texts alone keep facts and sources, too. `chat.search.facts` finds them afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pragma_table_info('search_document') WHERE name = 'about'")
        if cursor.fetchone()[0]:
            return
        was_missing = missing(connection)
        cursor.execute("ALTER TABLE search_document ADD COLUMN about integer")
        for kind in _TABLES:
            for event in ("inserted", "updated", "deleted"):
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{kind}_{event}")
    install(connection)
    if was_missing:  # a migration before took the triggers away, and may have written
        rebuild(connection)
        return
    with connection.cursor() as cursor:
        for statement in _FILL_ABOUT:
            cursor.execute(statement)


def renew(connection: BaseDatabaseWrapper, *, most: int) -> int:
    """Nothing is left to renew after `upgrade`."""
    return 0


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for kind in _TABLES:
            for event in ("inserted", "updated", "deleted"):
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{kind}_{event}")
        for table in ("search_index", *_BESIDES, "search_document"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the texts, oldest first. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        for table in ("search_document", *_BESIDES):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 (constants)
        cursor.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        cursor.execute(_FILL_DOCUMENTS)
        for kind, (table, column) in _TABLES.items():
            words = f"search_words(source.{column})"
            title, text = (words, "''") if kind is HitKind.TITLE else ("''", words)
            cursor.execute(
                f"INSERT INTO search_index (rowid, team, title, text) SELECT d.id, d.team_id, {title}, {text}"  # noqa: S608 (constants)
                f" FROM search_document AS d JOIN {table} AS source ON source.id = d.object_id"
                f" WHERE d.kind = '{kind}' ORDER BY d.id"
            )
        for statement in _FILL_ABOUT:
            cursor.execute(statement)


def find(
    connection: BaseDatabaseWrapper,
    membership: Membership,
    query: Query,
    *,
    through: int,
    filters: SearchFilters = NO_FILTERS,
) -> list[RankedHit]:
    """The newest documents, as many as are ranked and none after `through`, that the member may read and that match.

    The team is a word of the full-text index, which so leaves other teams' documents out before anything is looked up;
    what the person may read is decided by the conversation as it is now.
    """
    team = membership.team_id.hex
    readable, of_reader = readable_condition(membership, key=lambda pk: pk.hex)
    statements: list[str] = []
    parameters: list[Any] = []
    rare = filters.rarest(connection)
    for column, index, documents, most in _searched(filters):
        match = f'team : "{team}"' + (f" AND {{{column}}} : ({_expression(query)})" if query else "")
        titles = column == "title"
        narrowed, values = filters.conditions(titles=titles, key=lambda pk: pk.hex)
        if not query:  # the full-text table can't say which of its columns is empty
            narrowed += f" AND document.kind {'=' if titles else '<>'} 'title'"
        if rare:
            narrowed += f" AND +{index}.rowid IN ({_known(documents, titles, len(rare))})"
            values = [*values, *rare]
        statements.append(_CANDIDATES.format(index=index, documents=documents, readable=readable, filters=narrowed))
        parameters += [match, through, *of_reader, *values, most]
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parameters)
        return [
            RankedHit(HitKind(kind), _id(name), _id(conversation), relevance if query else 0.0, at)
            for kind, name, conversation, relevance, at in cursor.fetchall()
        ]


@lru_cache(maxsize=16_384)
def _id(name: str) -> UUID:
    """The id as it is called elsewhere. The newest texts are found again and again."""
    return UUID(hex=name)


def _known(documents: str, titles: bool, facts: int) -> str:
    """A query for the numbers of the documents of which one of so many facts is known."""
    marks = ", ".join(["%s"] * facts)
    if titles:
        return f"SELECT about FROM search_fact WHERE name IN ({marks})"  # noqa: S608 (placeholders)
    return (
        f"SELECT known.id FROM search_fact AS fact JOIN {documents} AS known ON known.about = fact.about"  # noqa: S608
        f" WHERE fact.name IN ({marks})"
    )


def _searched(filters: SearchFilters) -> list[tuple[str, str, str, int]]:
    """Which columns of which full-text tables hold what is looked for, their documents, and how many are wanted."""
    found = []
    if filters.finds(HitKind.TITLE):
        found.append(("title", "search_index", "search_document", TITLES))
    if filters.finds(HitKind.QUESTION) or filters.finds(HitKind.ANSWER):
        found.append(("text", "search_index", "search_document", TEXTS))
    if filters.finds(HitKind.SOURCE):
        found.append(("text", "search_source_index", "search_source", SOURCES))
    return found


def _expression(query: Query) -> str:
    """The query in FTS5's language. Tokens stand in quotes and hold none: nothing else gets through."""
    wanted = " AND ".join(map(_phrase, query.wanted))
    unwanted = " OR ".join(map(_phrase, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"' + (" *" if term.grows else "")
