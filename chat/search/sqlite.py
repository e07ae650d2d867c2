"""The index in SQLite: a table of documents, and a full-text table (FTS5) of their words and their team.

What is indexed is not a text but its words between blanks, as `chat.search.words` makes them: the tokenizer *ascii*
leaves every other letter as it is. The full-text table keeps no second copy of the texts, so what is taken out of it
has to be named exactly as it was put in. Triggers do both, and so nothing that writes a text, in bulk or by hand, can
forget the index; what writes without Django has to bring `search_words` along, as `prepare` does. They name no table
but their own and those of the index: SQLite refuses to rename a table while the trigger of another one names it, and
Django makes most changes to a table by renaming a new one. That also drops the table's triggers; `missing` tells.
"""

from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import Membership
from chat.models import Conversation
from chat.search.query import Query, Term
from chat.search.ranking import TEXTS, TITLES, HitKind, RankedHit
from chat.search.words import indexed_words

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
_SCHEMA = """
CREATE TABLE IF NOT EXISTS search_document (
    id integer PRIMARY KEY,
    kind text NOT NULL,
    object_id char(32) NOT NULL,
    conversation_id char(32) NOT NULL,
    team_id char(32) NOT NULL,
    at integer NOT NULL,
    UNIQUE (kind, object_id)
);
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
    team, title, text, content='', prefix='2', tokenize='ascii'
);
"""
_INSERTED = """
INSERT OR IGNORE INTO search_document (kind, object_id, conversation_id, team_id, at)
    SELECT '{kind}', NEW.id, conversation_id, team_id, CAST(strftime('%s', NEW.created_at) AS integer) FROM ({owners});
INSERT INTO search_index (rowid, team, title, text)
    SELECT id, team_id, {new_title}, {new_text} FROM search_document WHERE kind = '{kind}' AND object_id = NEW.id;
"""
_REMOVED = """
INSERT INTO search_index (search_index, rowid, team, title, text)
    SELECT 'delete', id, team_id, {old_title}, {old_text} FROM search_document
    WHERE kind = '{kind}' AND object_id = OLD.id;
"""
_FORGOTTEN = "DELETE FROM search_document WHERE kind = '{kind}' AND object_id = OLD.id;\n"
_TRIGGERS = (
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_inserted AFTER INSERT ON {table} WHEN NEW.{column} <> '' BEGIN"
    + _INSERTED
    + "END;",
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_updated AFTER UPDATE OF {column} ON {table}"
    " WHEN NEW.{column} <> OLD.{column} BEGIN" + _REMOVED + _INSERTED + "END;",
    "CREATE TRIGGER IF NOT EXISTS search_{kind}_deleted AFTER DELETE ON {table} BEGIN" + _REMOVED + _FORGOTTEN + "END;",
)
_CANDIDATES = """
SELECT * FROM (
    SELECT document.kind, document.object_id, -bm25(search_index) AS relevance, document.at
    FROM search_index
    JOIN search_document AS document ON document.id = search_index.rowid
    JOIN chat_conversation AS conversation ON conversation.id = document.conversation_id
    WHERE search_index MATCH %s AND search_index.rowid <= %s
        AND conversation.team_id = %s AND conversation.deleted_at IS NULL
        AND (conversation.visibility = %s OR conversation.owner_id = %s)
    ORDER BY search_index.rowid DESC LIMIT %s
)
"""
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


def renew(connection: BaseDatabaseWrapper, *, most: int) -> int:
    """Nothing is left to renew after `upgrade`."""
    return 0


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for kind in HitKind:
            for event in ("inserted", "updated", "deleted"):
                cursor.execute(f"DROP TRIGGER IF EXISTS search_{kind}_{event}")
        cursor.execute("DROP TABLE IF EXISTS search_index")
        cursor.execute("DROP TABLE IF EXISTS search_document")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the texts, oldest first. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document")
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


def find(connection: BaseDatabaseWrapper, membership: Membership, query: Query, *, through: int) -> list[RankedHit]:
    """The newest documents, as many as are ranked and none after `through`, that the member may read and that match.

    The team is a word of the full-text index, which so leaves other teams' documents out before anything is looked up;
    what the person may read is decided by the conversation as it is now.
    """
    columns = {"title": TITLES, "text": TEXTS}
    team = membership.team_id.hex
    parameters: list[Any] = []
    for column, most in columns.items():
        match = f'team : "{team}" AND {{{column}}} : ({_expression(query)})'
        parameters += [match, through, team, Conversation.Visibility.TEAM, membership.user_id.hex, most]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_CANDIDATES] * len(columns)), parameters)
        return [
            RankedHit(HitKind(kind), UUID(hex=name), relevance, at) for kind, name, relevance, at in cursor.fetchall()
        ]


def _expression(query: Query) -> str:
    """The query in FTS5's language. Tokens stand in quotes and hold none: nothing else gets through."""
    wanted = " AND ".join(map(_phrase, query.wanted))
    unwanted = " OR ".join(map(_phrase, query.unwanted))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"' + (" *" if term.grows else "")
