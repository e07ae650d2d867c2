"""A town that the demo has made up, with pages that say the same as what the search returned of them, something else,
or nothing: so that in the demo, too, a check of an answer finds all that it may find.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from upstream.demo.documents.blocks import Block
from upstream.demo.documents.passages import Passage

DATE = "2026-01-20"
PAGE = "Aldmere, a town of the demo"


@dataclass(frozen=True, slots=True)
class InventedPage:
    """`returned` is what the search returns of it, `says` what the page itself says. `state` is what becomes of reading
    it."""

    address: str
    title: str
    returned: str
    says: str
    state: Literal["page", "pdf", "gone", "login", "robots"] = "page"


PAGES = (
    InventedPage(
        "https://harbour.aldmere.example/tides",
        "Tides at Aldmere",
        "In 2025 the highest tide at Aldmere was 6.42 metres, on 29 September 2025. The lowest was 0.18 metres, on "
        "12 March 2025.",
        "In 2025 the highest tide at Aldmere was 6.42 metres, on 29 September 2025. The lowest was 0.18 metres, on "
        "12 March 2025. The gauge on the quay at Aldmere has been read every six minutes since 1974, and its readings "
        "are compared each spring with those of the gauge at the pilot station. “The harbour wall held,” said the "
        "harbour master, Ines Marlow, after the tide in September.",
    ),
    InventedPage(
        "https://news.aldmere.example/ferry",
        "The ferry from Aldmere",
        "The ferry from Aldmere carried 184,200 passengers in 2025, 7 % more than in the year before.",
        "Correction: an earlier report had two digits the wrong way round. The ferry from Aldmere carried 148,200 "
        "passengers in 2025, 7 % more than in the year before. It crosses the sound eleven times a day in summer and "
        "five times a day in winter, and takes 35 minutes from quay to quay.",
    ),
    InventedPage(
        "https://council.aldmere.example/budget-2026.pdf",
        "Budget of Aldmere for 2026",
        "For 2026 the council of Aldmere has set aside 3.1 million euros for the harbour wall.",
        "For 2026 the council of Aldmere has set aside 3.1 million euros for the harbour wall. Another 420,000 euros "
        "are meant for the lighthouse. The budget was passed on 11 December 2025 by nine votes to two.",
        "pdf",
    ),
    InventedPage(
        "https://archive.aldmere.example/lighthouse",
        "The lighthouse of Aldmere",
        "The lighthouse of Aldmere was built in 1861 and has been without a keeper since 1987.",
        "",
        "gone",
    ),
    InventedPage(
        "https://gazette.aldmere.example/fish-market",
        "The fish market of Aldmere",
        "The fish market of Aldmere sold 2,140 tonnes in 2025.",
        "",
        "login",
    ),
    InventedPage(
        "https://statistics.aldmere.example/population",
        "The people of Aldmere",
        "Aldmere had 18,460 inhabitants on 1 January 2026.",
        "Aldmere had 18,460 inhabitants on 1 January 2026.",
        "robots",
    ),
)


def invented() -> Iterator[Passage]:
    """What a search returns of them."""
    for page in PAGES:
        yield Passage(page.title, PAGE, page.address, DATE, "invented", [Block("text", page.returned)])
