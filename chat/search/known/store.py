"""The keys of all questions, kept by triggers: a table of keys and questions, in which those of a key stand by age.

As with the search index, a trigger of SQLite names no table but its own and those of the index, and what writes
without Django has to bring the functions along that `prepare` makes. A key whose question is gone does no harm.
"""

from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper

from chat.search.known import keys
from chat.search.words import sql_functions

_AT_ONCE = 2_000  # questions

_SQLITE_KEYS = """SELECT value, search_known_id({row}.id) FROM json_each(search_known_keys({row}.text, (
    SELECT team_id FROM search_document WHERE kind = 'title' AND object_id = {row}.conversation_id)))"""
_SQLITE_PUT = "INSERT OR IGNORE INTO search_known (word, question) " + _SQLITE_KEYS.format(row="NEW") + ";"
_SQLITE_TAKEN = f"DELETE FROM search_known WHERE (word, question) IN ({_SQLITE_KEYS.format(row='OLD')});"  # noqa: S608 (constants)
_SQLITE = (
    """CREATE TABLE IF NOT EXISTS search_known (
    word integer NOT NULL,
    question blob NOT NULL,
    PRIMARY KEY (word, question)
) WITHOUT ROWID""",
    f"CREATE TRIGGER IF NOT EXISTS known_question_inserted AFTER INSERT ON chat_question BEGIN {_SQLITE_PUT} END",
    "CREATE TRIGGER IF NOT EXISTS known_question_updated AFTER UPDATE OF text ON chat_question"
    f" WHEN NEW.text <> OLD.text BEGIN {_SQLITE_TAKEN} {_SQLITE_PUT} END",
    f"CREATE TRIGGER IF NOT EXISTS known_question_deleted AFTER DELETE ON chat_question BEGIN {_SQLITE_TAKEN} END",
)

_TEAM_OF = "(SELECT team_id FROM chat_conversation WHERE id = {row}.conversation_id)"
_POSTGRESQL_TAKEN = f"""DELETE FROM search_known
    WHERE question = OLD.id AND word IN (SELECT search_known_keys({_TEAM_OF.format(row="OLD")}, OLD.text));"""  # noqa: S608 (constants)
_POSTGRESQL = (
    """CREATE TABLE IF NOT EXISTS search_known (
    word integer NOT NULL,
    question uuid NOT NULL,
    PRIMARY KEY (word, question)
)""",
    f"""CREATE OR REPLACE FUNCTION known_question_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        {_POSTGRESQL_TAKEN}
    END IF;
    INSERT INTO search_known (word, question)
        SELECT number, NEW.id FROM search_known_keys({_TEAM_OF.format(row="NEW")}, NEW.text) AS number
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$""",  # noqa: S608 (constants)
    f"""CREATE OR REPLACE FUNCTION known_question_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_POSTGRESQL_TAKEN}
    RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION known_question_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE search_known;
    RETURN NULL;
END $$""",
    "CREATE OR REPLACE TRIGGER known_question_inserted AFTER INSERT ON chat_question"
    " FOR EACH ROW EXECUTE FUNCTION known_question_stored()",
    "CREATE OR REPLACE TRIGGER known_question_updated AFTER UPDATE OF text ON chat_question"
    " FOR EACH ROW WHEN (NEW.text <> OLD.text) EXECUTE FUNCTION known_question_stored()",
    "CREATE OR REPLACE TRIGGER known_question_deleted AFTER DELETE ON chat_question"
    " FOR EACH ROW EXECUTE FUNCTION known_question_deleted()",
    "CREATE OR REPLACE TRIGGER known_question_emptied AFTER TRUNCATE ON chat_question"
    " FOR EACH STATEMENT EXECUTE FUNCTION known_question_emptied()",
)
_POSTGRESQL_FILL = """INSERT INTO search_known (word, question)
    SELECT number, question.id FROM chat_question AS question
    JOIN chat_conversation AS kept ON kept.id = question.conversation_id,
    search_known_keys(kept.team_id, question.text) AS number
    ON CONFLICT DO NOTHING"""
_SQLITE_TEXTS = """SELECT question.id, kept.team_id, question.text FROM chat_question AS question
    JOIN chat_conversation AS kept ON kept.id = question.conversation_id
    WHERE question.id > %s ORDER BY question.id LIMIT %s"""
_TRIGGERS = {"sqlite": 3, "postgresql": 4}


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Give a connection of SQLite just made the functions that the triggers call."""
    connection.connection.create_function("search_known_keys", 2, keys.keys_as_json, deterministic=True)
    connection.connection.create_function("search_known_id", 1, bytes.fromhex, deterministic=True)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the table and its triggers, with the functions that it shares with the search index."""
    on_postgresql = (*sql_functions(), keys.sql_function(), *_POSTGRESQL)
    statements = _SQLITE if connection.vendor == "sqlite" else on_postgresql
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a trigger is not there, as after a migration that made the table of questions anew."""
    count = (
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'known\\_%' ESCAPE '\\'"
        if connection.vendor == "sqlite"
        else "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'known\\_%' AND NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(count)
        return bool(cursor.fetchone()[0] < _TRIGGERS[connection.vendor])


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the table and its triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for event in ("inserted", "updated", "deleted"):
                cursor.execute(f"DROP TRIGGER IF EXISTS known_question_{event}")
        else:
            for does in ("stored", "deleted", "emptied"):
                cursor.execute(f"DROP FUNCTION IF EXISTS known_question_{does}() CASCADE")
            cursor.execute("DROP FUNCTION IF EXISTS search_known_keys(uuid, text)")
        cursor.execute("DROP TABLE IF EXISTS search_known")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the keys of all questions anew: a second or two for 10,000. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_known")
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FILL)
            cursor.execute("ANALYZE search_known")
            return
        last = ""
        while True:
            cursor.execute(_SQLITE_TEXTS, [last, _AT_ONCE])
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            cursor.executemany(
                "INSERT OR IGNORE INTO search_known (word, question) VALUES (%s, %s)",
                [(key, UUID(hex=pk).bytes) for pk, team, text in rows for key in keys.keys_of(team, text)],
            )
