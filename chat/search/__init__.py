"""Finding what was asked and answered: titles, questions, answers and sources, on SQLite and on PostgreSQL.

The database keeps the index by itself (`chat.search.sqlite`, `chat.search.postgresql`); nothing has to be called when
a text is written. An answer is indexed when it ends, which is when its text is stored.
"""

from chat.search.facts import note_facts
from chat.search.filters import SearchFilters
from chat.search.find import MOST_PLACES, FoundConversation, Place, ResultPage, SearchCursor, search
from chat.search.index import install, install_known, prepare, rebuild, renew, repair, uninstall, upgrade, widen
from chat.search.query import LONGEST
from chat.search.ranking import SearchOrder

__all__ = [
    "LONGEST",
    "MOST_PLACES",
    "FoundConversation",
    "Place",
    "ResultPage",
    "SearchCursor",
    "SearchFilters",
    "SearchOrder",
    "install",
    "install_known",
    "note_facts",
    "prepare",
    "rebuild",
    "renew",
    "repair",
    "search",
    "uninstall",
    "upgrade",
    "widen",
]
