"""Which questions share most keys with a text: a bounded number of rows is looked at, however many there are.

Of each key only the newest questions are read. For a rare word these are all, and they tell the candidates. Where the
words are all common, more questions with one of the two rarest are looked at, for how many of the others they have.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from chat.search.known.keys import keys_of

_NEWEST = 80
"""Questions of a key that are read."""
_DEEPER = 500
"""Questions of a common word that are looked at where the newest ones tell nothing."""
_OTHERS = 4
"""Common words that are counted in them."""
_ENOUGH = 0.6
"""Of the keys of a text: where a question has so many, none is looked for among the older ones."""

_OF_KEY = "SELECT word, question FROM search_known WHERE word = %s ORDER BY question DESC LIMIT {most}"
_OF_KEYS_POSTGRESQL = f"""
SELECT key, question FROM unnest(%s::integer[]) AS key
CROSS JOIN LATERAL (SELECT question FROM search_known WHERE word = key ORDER BY question DESC LIMIT {_NEWEST}) AS newest
"""  # noqa: S608 (constants)
# For each of so many questions the others are looked up by themselves: joined, PostgreSQL would read all of theirs.
# The second limit keeps it from counting twice.
_WITH_OTHERS = """SELECT question, others FROM (
    SELECT newest.question, (
        SELECT count(*) FROM search_known AS other
        WHERE other.question = newest.question AND other.word IN ({others})
    ) AS others
    FROM (SELECT question FROM search_known WHERE word = %s ORDER BY question DESC LIMIT {most}) AS newest
    LIMIT {most}
) AS counted WHERE others > 0 ORDER BY others DESC, question DESC LIMIT {best}"""


def candidates(connection: BaseDatabaseWrapper, *, team_id: UUID, text: str, most: int) -> list[UUID]:
    """The team's questions that share most with the text, best first, whoever may read them."""
    with connection.cursor() as cursor:
        keys = _keys(cursor, connection.vendor, team_id, text)
        if not keys:
            return []
        found = _newest_by_key(cursor, connection.vendor, keys)
        hits: Counter[bytes | UUID] = Counter()
        for ids in found.values():
            hits.update(ids)
        if not any(count >= _ENOUGH * len(keys) for count in hits.values()):
            hits |= _among_older(cursor, found)
        hits.update(dict.fromkeys(found.get(keys[0], ()), len(keys)))  # with all the same words
        best = sorted(hits, key=lambda pk: (hits[pk], pk), reverse=True)[:most]
    return [UUID(bytes=pk) if isinstance(pk, bytes) else pk for pk in best]


def _keys(cursor: CursorWrapper, vendor: str, team_id: UUID, text: str) -> list[int]:
    if vendor == "sqlite":
        return keys_of(team_id.hex, text)
    cursor.execute("SELECT search_known_keys(%s, %s)", [team_id, text])
    return [key for (key,) in cursor.fetchall()]


def _newest_by_key(cursor: CursorWrapper, vendor: str, keys: Sequence[int]) -> dict[int, list[bytes | UUID]]:
    """The newest questions of each key; no list for a key that no question has."""
    if vendor == "sqlite":
        each = f"SELECT * FROM ({_OF_KEY.format(most=_NEWEST)})"  # noqa: S608 (constants)
        cursor.execute(" UNION ALL ".join([each] * len(keys)), keys)
    else:
        cursor.execute(_OF_KEYS_POSTGRESQL, [list(keys)])
    found: dict[int, list[bytes | UUID]] = {}
    for key, question in cursor.fetchall():
        found.setdefault(key, []).append(question)
    return found


def _among_older(cursor: CursorWrapper, found: dict[int, list[bytes | UUID]]) -> Counter[bytes | UUID]:
    """How many of the common keys the questions have that have one of the two rarest."""
    common = [key for key, ids in found.items() if len(ids) == _NEWEST]
    common.sort(key=lambda key: found[key][-1])  # rare is of what as many questions reach back further
    hits: Counter[bytes | UUID] = Counter()
    for key in common[:2]:
        others = [other for other in common[: _OTHERS + 1] if other != key]
        if others:
            places = ", ".join(["%s"] * len(others))
            cursor.execute(_WITH_OTHERS.format(most=_DEEPER, others=places, best=_NEWEST), [*others, key])
            hits |= Counter({question: count + 1 for question, count in cursor.fetchall()})
    return hits
