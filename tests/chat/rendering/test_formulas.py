"""Formulas from the wild, against a second renderer: what they say and how they are built, finished and streamed."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.mathml import to_mathml
from tests.chat.rendering.formula_differences import AS_WRITTEN, OTHER_NAMES, OTHER_ROWS, OTHER_SIGNS
from tests.chat.rendering.formula_shapes import shape_of
from tests.chat.rendering.formulas import FORMULAS
from tests.chat.rendering.inert import assert_inert, shown
from tests.walks import some

ALL = [formula for formulas in FORMULAS.values() for formula in formulas]
DIFFERENT = {**OTHER_ROWS, **OTHER_NAMES, **OTHER_SIGNS}


CONVERT = """
import json, sys
from latex2mathml.converter import convert
def made(formula):
    try:
        return [convert(formula, display="block"), ""]
    except Exception as failure:  # it has one for each of its reasons
        return ["", type(failure).__name__]
print(json.dumps({formula: made(formula) for formula in json.load(sys.stdin)}))
"""


@lru_cache(maxsize=1)
def converted() -> dict[str, list[str]]:
    """What the second renderer makes of each, in a process of its own: who draws formulas for exports (ziamath) changes
    it for the whole process."""
    done = subprocess.run(
        [sys.executable, "-c", CONVERT], input=json.dumps(ALL), capture_output=True, check=True, text=True
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def theirs(formula: str) -> str:
    """What the second renderer makes of it, or why it makes nothing of it."""
    html, failure = converted()[formula]
    try:
        return f"nothing: {failure}" if failure else shape_of(html)
    except Exception as broken:  # it writes broken XML
        return f"nothing: {type(broken).__name__}"


def test_there_are_three_hundred_of_them_and_no_list_names_others() -> None:
    assert len(ALL) == len(set(ALL)) >= 300
    assert set(AS_WRITTEN) | set(DIFFERENT) <= set(ALL)
    assert not set(AS_WRITTEN) & set(DIFFERENT)


@pytest.mark.parametrize("formula", [formula for formula in ALL if formula not in AS_WRITTEN])
def test_two_renderers_agree_about_a_formula_or_it_is_known_who_is_right(formula: str) -> None:
    ours = to_mathml(formula, display=True)
    assert ours, "it is shown as it was written"
    assert_inert(ours)
    if formula in DIFFERENT:
        assert shape_of(ours) == DIFFERENT[formula]
        assert theirs(formula) != DIFFERENT[formula], "they agree by now"
    else:
        assert shape_of(ours) == theirs(formula)


@pytest.mark.parametrize("formula", AS_WRITTEN)
def test_what_is_not_known_is_shown_as_it_was_written(formula: str) -> None:
    html = to_html(f"$$\n{formula}\n$$")
    assert "<math" not in html
    assert shown(html).strip() == formula


def pieces(text: str) -> Iterator[list[str]]:
    """The text in pieces of 1, 2, 3, 7 and of random sizes."""
    for size in (1, 2, 3, 7):
        yield [text[start : start + size] for start in range(0, len(text), size)]
    sizes = random.Random(text)
    cut: list[str] = []
    while (at := sum(map(len, cut))) < len(text):
        cut.append(text[at : at + sizes.randint(1, 20)])
    yield cut


@pytest.mark.parametrize("formula", some(ALL))
def test_a_formula_that_is_streamed_ends_as_the_finished_one(formula: str) -> None:
    text = f"As ${formula}$, so\n\n$$\n{formula}\n$$\n\n- and \\({formula}\\)\n- or\n\\[{formula}\\]\n\nEnd."
    finished = to_html(text)
    for cut in pieces(text):
        growing = Growing()
        for number, piece in enumerate(cut):
            growing.extend(piece)
            if number % 5 == 0:
                assert_inert(growing.tail_html())
        assert "".join(block.html for block in growing.blocks) + growing.tail_html() == finished


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        (r"\begin{align} a &= b \tag{7} \\ c &= d \end{align}", "table[|a|=b|(7)/|c|=d]"),
        (r"\begin{gather} a \\ b \end{gather}", "table[|a/|b]"),
        (r"\begin{aligned} a \\ b \\ \end{aligned}", "table[a/b]"),
        (r"\begin{equation} \begin{aligned} a &= b \end{aligned} \end{equation}", "table[a|=b]"),
        (r"\ket{\psi}\bra{\phi}", "|ψ〉〈φ|"),
        (r"\Tr A + \rank B", "TrA+rankB"),
    ],
)
def test_only_what_is_written_is_numbered_and_names_of_packages_are_names(formula: str, shape: str) -> None:
    assert shape_of(to_mathml(formula, display=True)) == shape
