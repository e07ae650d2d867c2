"""The rows about claims: how often each state is right for the labelled sentences, and what checking an answer takes.

The sentences are in tests/labelled/claims/, each with a passage and the state that it should get. The first half was
written before the rules, the others by people who had not read them; the rules were never adjusted to the fourth.
"""

import json
import random
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from chat.sources.claims.finding import facts_of
from chat.sources.claims.judgements import SourceText, State
from chat.sources.claims.judging import judge
from chat.sources.claims.sentences import cited_sentences
from tests.stores import ROOT

HALVES = {"1": "first_half.json", "2": "second_half.json", "3": "third_set.json", "4": "fourth_set.json"}
_FOLDER = ROOT / "tests" / "labelled" / "claims"
_MARKS = 20
_PAGE = 50_000  # bytes

Item = dict[str, Any]


def claims(_bench: Bench) -> Figures:
    """The rates of each set, in percent, and the CPU seconds of checking an answer that cites 20 pages."""
    figures: Figures = {}
    for half in HALVES:
        rates = rates_of(labelled_sentences(half))
        figures |= {f"claims.{half}.{name}": rate for name, rate in rates.items()}
    figures["claims.cpu"] = _seconds_of_an_answer(labelled_sentences("1"))
    return figures


def labelled_sentences(half: str) -> list[Item]:
    """The items of a half, or of a further set: `sentence`, `passage`, `language`, and the state that is `expected`."""
    items: list[Item] = json.loads((_FOLDER / HALVES[half]).read_text(encoding="utf-8"))
    return items


def state_of(item: Item) -> str:
    """The state that the rules give, by the name that the set has for it."""
    state = judge(item["sentence"], [SourceText(item["passage"])], language=item["language"]).state
    return "shown" if state == State.SHOWN else state.value


def rates_of(items: Sequence[Item]) -> dict[str, float]:
    """How many are `right`, and how many of those that got a state did so wrongly (`found`, `missing`): percent."""
    given = [(state_of(item), item["expected"]) for item in items]
    rates = {"right": 100 * sum(state == expected for state, expected in given) / len(given)}
    for name in ("found", "missing"):
        wanted = [expected for state, expected in given if state == name]
        rates[name] = 100 * sum(expected != name for expected in wanted) / max(len(wanted), 1)
    return rates


def _seconds_of_an_answer(items: Sequence[Item]) -> float:
    """CPU seconds for an answer of 20 sentences, each with a mark of a page of 50 kB full of figures."""
    chance = random.Random(20)
    cited = chance.sample([item for item in items if item["expected"] != "shown"], _MARKS)
    pages = [SourceText(_page(items, item, chance)) for item in cited]
    answer = "\n\n".join(f"{item['sentence']} [{number}]" for number, item in enumerate(cited, start=1))
    judge("In 2024 it cost 3 million.", [SourceText("It cost 3 million in 2024.")])  # tables are made once in a process
    began = time.process_time()
    facts_of(answer)
    for sentence in cited_sentences(answer):
        for number in sentence.numbers:
            judge(sentence.text, [pages[number - 1]])
    return time.process_time() - began


def _page(items: Sequence[Item], cited: Item, chance: random.Random) -> str:
    """A page in the language of the sentence, with its passage somewhere in it."""
    passages = [item["passage"] for item in items if item["language"] == cited["language"]]
    size = 0
    page: list[str] = []
    while size < _PAGE:
        page.append(chance.choice(passages))
        size += len(page[-1].encode()) + 1
    page[chance.randrange(len(page))] = cited["passage"]
    return " ".join(page)
