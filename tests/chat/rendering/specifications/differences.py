"""Where an answer is shown otherwise than CommonMark's and GitHub's specifications say, and why.

Each difference is listed once, with the numbers of the examples that show it. `same_tree.py` has those that are a rule
for every example: addresses that no link may have, pictures, levels of headings, titles of links.
"""

from typing import NamedTuple


class Difference(NamedTuple):
    """Why, and in which examples of which suite, as ranges of numbers."""

    name: str
    reason: str
    examples: dict[str, str]


DIFFERENCES = [
    Difference(
        "HTML is text",
        "An answer may come from anywhere, so its HTML is shown as it was written, comments and declarations too. Only "
        "tags without attributes that say something about the text work, and Markdown inside of others is still "
        "Markdown.",
        {
            "CommonMark": "21 31 148-167 169-191 201 308-309 344 475-477 491 494 524 536 613-617 623 625-631 642-643",
            "GFM": "118-137 139-160 170 288-289 317 327 354 484-486 500 503 532 544 632-636 642 644-650 652 662-663",
        },
    ),
    Difference(
        "Bare addresses are links",
        "An address that begins with https:// or http:// is a link wherever it stands in the text, also between signs "
        "that make no link of it, so that the reader can follow it and is told whether the search returned it.",
        {"CommonMark": "346 602 608 611", "GFM": "356 610 616 619"},
    ),
    Difference(
        "Names are no addresses",
        "A bare www.… or name@host is text. Whether it is an address is a guess, and no source can be compared with "
        "it.",
        {"GFM": "621-627 629-631"},
    ),
    Difference(
        "Notes are no definitions",
        "A line such as [Sources]: none defines a link that nobody meant, and would vanish. What follows the colon has "
        "to look like an address.",
        {"CommonMark": "194 203-204", "GFM": "163 172-173"},
    ),
    Difference(
        "Every cell is shown",
        "GitHub drops the cells of a row that has more of them than the head. What an answer says does not vanish.",
        {"GFM": "204"},
    ),
]


def numbers(ranges: str) -> set[int]:
    """The numbers in a text such as "3 5-7"."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def listed(suite: str) -> set[int]:
    """The numbers of all examples of a suite that are shown otherwise."""
    return {number for difference in DIFFERENCES for number in numbers(difference.examples.get(suite, ""))}
