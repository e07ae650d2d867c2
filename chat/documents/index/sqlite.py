"""The index of passages in SQLite: a full-text table (FTS5) of their words, whose rows have the passages' numbers.

As with the index of conversations (`chat.search.sqlite`), what is indexed is words between blanks, made by a function
that `prepare` gives to a connection, and no second copy of the texts is kept.

FTS5's own measure of how well a passage matches takes about two microseconds for each passage with one of the words,
and a word may stand in every second one. So the rarest words choose the passages (`_parted`): about ROOM of them
are measured.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from chat.documents.index.marks import marked, space_mark
from chat.search.query import Query, Term
from chat.search.words import indexed_words

ROOM = 5_000
"""Passages that are measured for one question, about."""
_SPACES_AT_ONCE = 50
_MOST_TOGETHER = 4  # common words that are looked for together
_AFTER_ALL = "\U0010ffff"  # after every sign that a word goes on with

_SCHEMA = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS passage_index USING fts5(words, content='', tokenize='ascii')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS passage_vocabulary USING fts5vocab(passage_index, 'row')",
)
_WORDS = "passage_words({row}.found_in, {row}.label, {row}.text)"
_ADD = f"INSERT INTO passage_index (rowid, words) VALUES (NEW.id, {_WORDS.format(row='NEW')});"  # noqa: S608 (constants)
_REMOVE = (
    "INSERT INTO passage_index (passage_index, rowid, words)"
    f" SELECT 'delete', OLD.id, {_WORDS.format(row='OLD')} WHERE OLD.found_in IS NOT NULL;"
)
_ADD_IF_FOUND = (
    f"INSERT INTO passage_index (rowid, words) SELECT NEW.id, {_WORDS.format(row='NEW')}"
    " WHERE NEW.found_in IS NOT NULL;"
)
_TRIGGERS = {
    "passages_inserted": f"AFTER INSERT ON chat_passage WHEN NEW.found_in IS NOT NULL BEGIN {_ADD} END",
    "passages_updated": (
        "AFTER UPDATE OF found_in, label, text ON chat_passage"
        " WHEN NEW.found_in IS NOT OLD.found_in OR NEW.label <> OLD.label OR NEW.text <> OLD.text"
        f" BEGIN {_REMOVE} {_ADD_IF_FOUND} END"
    ),
    "passages_deleted": f"AFTER DELETE ON chat_passage WHEN OLD.found_in IS NOT NULL BEGIN {_REMOVE} END",
}


def prepare(connection: BaseDatabaseWrapper) -> None:
    """Give a connection just made the function that the triggers call. Writing a passage without it fails."""
    connection.connection.create_function("passage_words", 3, _passage_words, deterministic=True)


def _passage_words(space: str | None, label: str, text: str) -> str:
    return marked(indexed_words(f"{label}\n{text}"), space) if space else ""


def install(connection: BaseDatabaseWrapper) -> None:
    """Make what is missing of the index and its triggers."""
    with connection.cursor() as cursor:
        for statement in _SCHEMA:
            cursor.execute(statement)
        for name, body in _TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")


def missing(connection: BaseDatabaseWrapper) -> bool:
    """Whether a part of the index is not there, as after a migration that made the table of passages anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return not set(_TRIGGERS) <= {name for (name,) in cursor.fetchall()}


def uninstall(connection: BaseDatabaseWrapper) -> None:
    """Remove the index and its triggers."""
    with connection.cursor() as cursor:
        for name in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute("DROP TABLE IF EXISTS passage_vocabulary")
        cursor.execute("DROP TABLE IF EXISTS passage_index")


def rebuild(connection: BaseDatabaseWrapper) -> None:
    """Make the index anew from the passages. Has to run inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO passage_index (passage_index) VALUES ('delete-all')")
        cursor.execute(
            "INSERT INTO passage_index (rowid, words) SELECT id, passage_words(found_in, label, text)"
            " FROM chat_passage WHERE found_in IS NOT NULL ORDER BY id"
        )


def best(connection: BaseDatabaseWrapper, space: UUID, terms: Sequence[Term], *, most: int) -> list[tuple[int, float]]:
    """The ids of passages in which some of the terms stand, with how well they match: the best come first."""
    mark = space_mark(space)
    with connection.cursor() as cursor:
        counted = sorted(_counted(cursor, mark, term) for term in terms)
        rare, common = _parted([one for one in counted if one[0]])
        found = dict(_ranked(cursor, " OR ".join(rare), most=most)) if rare else {}
        least = min(found.values(), default=1.0)  # what is not measured comes after what is
        for length in (2,) if rare else range(len(common), 0, -1):
            together = _some(cursor, " AND ".join(common[:length]), most=most) if length <= len(common) else []
            for number in together:
                found[number] = found.get(number, 0.0) + least * length / (2 * _MOST_TOGETHER)
            if len(found) >= most:
                break
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:most]


def matching(
    connection: BaseDatabaseWrapper, spaces: Sequence[UUID], query: Query, *, most: int
) -> list[tuple[int, float]]:
    """The same of passages that have all that the query wants and nothing that it does not."""
    expressions = [f"({_expression(space_mark(space), query)})" for space in spaces]
    with connection.cursor() as cursor:
        found: list[tuple[int, float]] = []
        for start in range(0, len(expressions), _SPACES_AT_ONCE):
            found += _ranked(cursor, " OR ".join(expressions[start : start + _SPACES_AT_ONCE]), most=most)
    return sorted(found, key=lambda one: (-one[1], one[0]))[:most]


def in_version(connection: BaseDatabaseWrapper, space: UUID, version: UUID, query: Query) -> list[int]:
    """The ids of the passages of one version that match the query, in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM chat_passage WHERE version_id = %s", [version.hex])
        first, last = cursor.fetchone()
        if first is None:
            return []
        cursor.execute(
            "SELECT passage.id FROM passage_index JOIN chat_passage AS passage ON passage.id = passage_index.rowid"
            " WHERE passage_index MATCH %s AND passage_index.rowid BETWEEN %s AND %s AND passage.version_id = %s"
            " ORDER BY passage_index.rowid",
            [_expression(space_mark(space), query), first, last, version.hex],
        )
        return [number for (number,) in cursor.fetchall()]


def _parted(counted: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    """Of words with how often they stand there, rarest first: those that have room together, and the next few.

    Passages with the first two of the others count as well. Where not even the rarest has room, passages with all of
    them are looked for, then with all but the most common one, and so on; none of these is measured.
    """
    rare: list[str] = []
    room = ROOM
    for count, phrase in counted:
        if count > room:
            break
        room -= count
        rare.append(phrase)
    return rare, [phrase for _count, phrase in counted[len(rare) :]][:_MOST_TOGETHER]


def _some(cursor: CursorWrapper, expression: str, *, most: int) -> list[int]:
    """Passages that match, whichever come first."""
    cursor.execute("SELECT rowid FROM passage_index WHERE passage_index MATCH %s LIMIT %s", [expression, most])
    return [number for (number,) in cursor.fetchall()]


def _ranked(cursor: CursorWrapper, expression: str, *, most: int) -> list[tuple[int, float]]:
    cursor.execute(
        "SELECT number, -relevance FROM ("
        " SELECT rowid AS number, bm25(passage_index) AS relevance FROM passage_index"
        " WHERE passage_index MATCH %s LIMIT %s"
        ") ORDER BY relevance LIMIT %s",
        [expression, ROOM, most],
    )
    return [(number, relevance) for number, relevance in cursor.fetchall()]


def _counted(cursor: CursorWrapper, mark: str, term: Term) -> tuple[int, str]:
    """In how many passages of the space the term stands, at most, and what to look for.

    The beginning of a word may be that of thousands, which FTS5 puts together before it finds the first passage. Once
    there are more than have room, the commonest of those seen stands for all.
    """
    counts = [_count(cursor, mark + token) for token in (term.tokens[:-1] if term.grows else term.tokens)]
    if term.grows:
        start, total, largest = mark + term.tokens[-1], 0, (0, "")
        cursor.execute(
            "SELECT term, doc FROM passage_vocabulary WHERE term >= %s AND term < %s", [start, start + _AFTER_ALL]
        )
        while row := cursor.fetchone():
            total, largest = total + row[1], max(largest, (row[1], row[0]))
            if total > ROOM and len(term.tokens) == 1:
                return total, f'"{largest[1]}"'
        counts.append(total)
    return min(counts), _phrase(mark, term)


def _count(cursor: CursorWrapper, word: str) -> int:
    cursor.execute("SELECT doc FROM passage_vocabulary WHERE term = %s", [word])
    found = cursor.fetchone()
    return found[0] if found else 0


def _expression(mark: str, query: Query) -> str:
    """The query in FTS5's language. Tokens stand in quotes and hold none: nothing else gets through."""
    wanted = " AND ".join(_phrase(mark, term) for term in query.wanted)
    unwanted = " OR ".join(_phrase(mark, term) for term in query.unwanted)
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _phrase(mark: str, term: Term) -> str:
    return f'"{" ".join(mark + token for token in term.tokens)}"' + (" *" if term.grows else "")
