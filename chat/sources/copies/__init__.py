"""Copies of the pages that answers cite: read with care for their sites, kept as text.

A page goes by many addresses; `address_key` stands for it. What was read is a `PageCopy`, whose text `copy_text` has.
"""

from chat.sources.copies.addresses import address_key, normal_address, site_of
from chat.sources.copies.fetcher import shared_fetcher
from chat.sources.copies.history import Version, latest_copies, page_keys, versions_of
from chat.sources.copies.problems import PageProblem, sentence_for
from chat.sources.copies.reading import read_page
from chat.sources.copies.texts import copy_text

__all__ = [
    "PageProblem",
    "Version",
    "address_key",
    "copy_text",
    "latest_copies",
    "normal_address",
    "page_keys",
    "read_page",
    "sentence_for",
    "shared_fetcher",
    "site_of",
    "versions_of",
]
