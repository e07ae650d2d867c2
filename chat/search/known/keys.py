"""What stands for a question: its words without those that say little, and the keys by which the database finds it.

Two questions are compared by their words. A key is a number made of the team and the beginning of a word, so that
*harbour* and *harbours* have the same; one more, of all the words together, is that of every question with just these.
PostgreSQL makes keys by a function of its own, from the same tables here; that its numbers are others does not matter.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache

from chat.search.known.stop_words import STOP_WORDS
from chat.search.words import CJK, PICTOGRAPHS, character_classes, fold_text, typed_words

LONGEST = 4_000
"""Characters of a question that count."""
MOST_KEYS = 24
"""Words of a question that get a key. Of more, those whose keys are the smallest: the same ones of a similar text."""
BEGINNING = 6
"""Letters of a word that are in its key."""

_RUN_OF_CJK, _RUN_WITHOUT_BLANKS = 2, 4
"""Characters that make a word where a script puts no blanks between them."""


@dataclass(frozen=True)
class Words:
    """Every word of a text, and those that say what is asked: pieces of two or four characters in scripts without
    blanks."""

    every: frozenset[str]
    content: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Words":
        """The words of the text, as far as it counts."""
        folded = fold_text(text[:LONGEST])
        every = frozenset(typed_words(folded))
        content = {word for word in every if len(word) > 1} - STOP_WORDS
        return cls(every, frozenset(content if folded.isascii() else content | _pieces(folded)))

    @property
    def numbers(self) -> frozenset[str]:
        """The content words that have a digit."""
        return frozenset(word for word in self.content if not word.isalpha() and any(map(str.isdigit, word)))


def keys_of(team: str, text: str) -> list[int]:
    """The keys of a question of the team with this id: the first of all the words together, each in 32 bits."""
    words = Words.of(text)
    if not words.every:
        return []
    beginnings = {word[:BEGINNING] for word in words.content}
    keys = sorted(_key(team, word) for word in beginnings)[:MOST_KEYS]
    return list(dict.fromkeys([_key(team, "=" + " ".join(sorted(words.every))), *keys]))


def keys_as_json(text: str, team: str | None) -> str:
    """The same for a trigger of SQLite, which reads them from JSON; none for a question that is no team's."""
    return json.dumps(keys_of(team, text) if team else [])


def _key(team: str, word: str) -> int:
    made = hashlib.blake2b(f"{team} {word}".encode(), digest_size=4)
    return int.from_bytes(made.digest(), signed=True)


def _pieces(folded: str) -> set[str]:
    found: set[str] = set()
    for run in _runs().finditer(folded):
        text, length = run[0], _RUN_OF_CJK if run.lastgroup == "cjk" else _RUN_WITHOUT_BLANKS
        found.update(text[at : at + length] for at in range(max(1, len(text) - length + 1)))
    return found


@cache
def _runs() -> re.Pattern[str]:
    _letters, marks, unspaced = character_classes()
    return re.compile(f"(?P<cjk>[{CJK}]{{2,}})|(?P<unspaced>[{unspaced}][{unspaced}{marks}]+)")


def sql_function() -> str:
    """The same for PostgreSQL: `search_known_keys(team, content)`, the numbers without the name of their table."""
    _letters, marks, unspaced = character_classes()
    stopped = ", ".join(f"'{word}'" for word in sorted(STOP_WORDS))
    single = f"^([{CJK}]|[{PICTOGRAPHS}]|[{unspaced}][{marks}]*)$"
    return f"""
CREATE OR REPLACE FUNCTION search_known_keys(team uuid, content text) RETURNS SETOF integer
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE folded text := search_fold(left(content, {LONGEST})); words text[]; beginnings text[]; is_plain boolean;
BEGIN
    is_plain := octet_length(folded) = length(folded);
    words := tsvector_to_array(search_lexemes(folded));
    IF coalesce(cardinality(words), 0) = 0 THEN
        RETURN;
    END IF;
    SELECT array_agg(left(word, {BEGINNING})) INTO beginnings FROM unnest(words) AS word
    WHERE length(word) > 1 AND (is_plain OR word !~ '{single}')
        AND word <> ALL (ARRAY[{stopped}]);
    IF NOT is_plain THEN
        SELECT beginnings || array_agg(substr(run, at, length)) INTO beginnings
        FROM (
            SELECT parts[1] AS run, {_RUN_OF_CJK} AS length FROM regexp_matches(folded, '([{CJK}]{{2,}})', 'g') AS parts
            UNION ALL
            SELECT parts[1], {_RUN_WITHOUT_BLANKS}
            FROM regexp_matches(folded, '([{unspaced}][{unspaced}{marks}]+)', 'g') AS parts
        ) AS runs, generate_series(1, greatest(1, length(run) - length + 1)) AS at;
    END IF;
    RETURN QUERY
        SELECT hashtext(team || '=' || array_to_string(words, ' '))
        UNION ALL
        SELECT number FROM (
            SELECT DISTINCT hashtext(team || ' ' || word) AS number FROM unnest(beginnings) AS word
            ORDER BY number LIMIT {MOST_KEYS}
        ) AS numbers;
END $$
"""  # noqa: S608 (constants)
