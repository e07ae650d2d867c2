"""However an answer arrives, it ends as what the whole of it is."""

import random
import re
from collections.abc import Iterator

import pytest

from chat.rendering import Growing, to_html
from tests import walks
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.east_asian import EXAMPLES as EAST_ASIAN
from tests.chat.rendering.hostile import EVERY_PAYLOAD
from tests.chat.rendering.specifications.examples import examples
from tests.chat.rendering.written import WRITTEN

TEXTS: dict[str, list[str]] = {
    "East Asia": [text for text, _ in EAST_ASIAN],
    "what models write": WRITTEN,
    "the hostile": EVERY_PAYLOAD,
}
SIZES = [1, 2, 3, 7, 0]
LONGEST = 400  # characters; of a longer text the pieces are larger, so that there are no more of them
DEFINITION = re.compile(r"(?m)^[ \t>*+-]*\[[^\]]+\]:")


@pytest.mark.parametrize("suite", ["CommonMark", "GFM"])
def test_an_example_of_a_specification_ends_as_the_whole_however_it_arrives(suite: str) -> None:
    for example in walks.some(examples(suite)):
        assert_ends_as_the_whole(example.markdown)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_ends_as_the_whole_however_it_arrives(kind: str) -> None:
    for text in walks.some(TEXTS[kind]):
        assert_ends_as_the_whole(text)


def assert_ends_as_the_whole(text: str) -> None:
    """In pieces of each size, and looked at after each piece, as a page is that is open."""
    text = f"{text}\n"  # a last line that is not ended may still become something else
    ends = {size: end_of(text, size) for size in SIZES}
    assert len(set(ends.values())) == 1, text
    if not DEFINITION.search(text):  # those serve their own block until the answer is finished
        assert ends[1] == without_colours(to_html(text, sources=SOURCES, anchor="a")), text


def end_of(text: str, size: int) -> str:
    growing = Growing(sources=SOURCES, anchor="a")
    for piece in pieces(text, size):
        growing.extend(piece)
        growing.tail_html()
    assert growing.text == text
    return without_colours("".join(block.html for block in growing.blocks) + growing.tail_html())


def pieces(text: str, size: int) -> Iterator[str]:
    """Pieces of this many characters; of random sizes for 0."""
    rolls = random.Random(len(text))
    times = max(1, len(text) // LONGEST)
    begin = 0
    while begin < len(text):
        end = begin + times * (size or rolls.randint(1, 12))
        yield text[begin:end]
        begin = end


def without_colours(html: str) -> str:
    """The HTML without the spans of highlighted code, which an open block does not have yet."""
    return re.sub(
        r"(<code class=\"highlight[^>]*>)(.*?)(</code>)",
        lambda code: code[1] + re.sub(r"</?span[^>]*>", "", code[2]) + code[3],
        html,
        flags=re.DOTALL,
    )
