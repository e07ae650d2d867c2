"""Finding what was asked and answered: titles, questions and answers, on SQLite and on PostgreSQL.

The database keeps the index by itself (`chat.search.sqlite`, `chat.search.postgresql`); nothing has to be called when
a text is written. An answer is indexed when it ends, which is when its text is stored.
"""

from chat.search.find import Hit, ResultPage, SearchCursor, search
from chat.search.index import install, prepare, rebuild, renew, repair, uninstall, upgrade

__all__ = [
    "Hit",
    "ResultPage",
    "SearchCursor",
    "install",
    "prepare",
    "rebuild",
    "renew",
    "repair",
    "search",
    "uninstall",
    "upgrade",
]
