"""The work of a run: what it looks up, reads and writes, by the same library and words as Sonar's answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from upstream.demo.agent import besides
from upstream.demo.agent.besides import Item
from upstream.demo.agent.plan import LINK, Plan
from upstream.demo.agent.table import DATES, FEWEST_TOKENS, american_date
from upstream.demo.agent.usage import Page, page_of
from upstream.demo.documents import library, quoting
from upstream.demo.documents.blocks import sentences
from upstream.demo.documents.extracts import Extract, Group, compose_extract
from upstream.demo.documents.filters import filters_of
from upstream.demo.documents.formats import formatted
from upstream.demo.documents.opinions import opinion_on
from upstream.demo.documents.passages import Passage
from upstream.demo.documents.sent import Sent, passages_in, with_quotes, without_passages
from upstream.demo.sonar import media, notes
from upstream.demo.sonar.messages import text_of
from upstream.demo.sonar.usage import CHARACTERS_PER_TOKEN, tokens
from upstream.demo.switches import Switches, without_switches

_ADDRESS = re.compile(r"https?://[^\s)\]>\"']+")
_LONGEST_QUESTION = 4000  # characters that are looked at
_SNIPPET, _DIGEST = 240, 400  # characters of a result, and of a page that was read
_MOST = {"low": 4, "medium": 5, "high": 6}  # sources of a model's search, by its context size
_ALL_FOR_THOUGHT = 64  # tokens; where an answer may not be longer, thinking leaves nothing of it
_OUT_OF_STEPS = (
    "The only step of this run went into its search, so that none was left to write about what came back. "
    "More steps would do that."
)


@dataclass(slots=True)
class Work:
    """What a run has come to: `items` of the output in their order, and the text, None where it calls a function.

    `starts` has the places of the searches among the items in the order in which they began. `calls` are numbers of
    calls by the names of the wire, `pages` what was read, `found` the tokens of what came back.
    """

    items: list[Item] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    text: str | None = ""
    finish: str = ""
    calls: dict[str, int] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    found: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question in its conversation, in Sonar's words; `carried` are the sources that are known from before."""

    body: Mapping[str, Any]
    question: str
    history: Sequence[Mapping[str, Any]]
    carried: Sequence[Mapping[str, Any]]
    switches: Switches
    documents: str


def do_work(plan: Plan, asked: Asked) -> Work:
    """Do what the plan says. Takes milliseconds and no network; belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    work, switches = Work(), asked.switches
    if asked.carried:
        results = [{**source, "id": number} for number, source in enumerate(asked.carried, 1)]
        work.items.append({"type": "search_results", "queries": None, "results": results})
    if function := _function(plan, asked):
        work.items.append(besides.function_call(function))
        work.text = None
        return work
    named = _named_pages(asked) if "fetch_url" in plan.used else []
    searching = "web_search" in plan.used and (plan.is_fast or not named or plan.preset is None)
    extract = _quoted(named) if named and not searching else _extract(plan, asked, cite=searching)
    is_empty = bool(switches.any_of("forced_yet_empty", "no_sources"))
    if searching and not is_empty:
        _search(work, plan, asked, extract)
    if "fetch_url" in plan.used and not is_empty:
        most = plan.preset.pages if plan.preset and not named else 10
        _read(work, plan, named or [group[0] for group in extract.sources if plan.preset], most)
    if "forced_yet_empty" in switches:
        extract = replace(extract, draft=quoting.marked(extract.draft, lambda _: ""))
    _use_other_tools(work, plan, asked)
    work.text = _cut(work, asked, _text(work, plan, asked, extract, searching=searching))
    if "sandbox" in plan.used:
        work.items += besides.sandbox(work.text or "")
        work.calls["sandbox"] = 1
    if "unknown_items" in switches:
        work.items += besides.unknown()
    return work


# --- Searching and reading -------------------------------------------------------------------------------------------


def _extract(plan: Plan, asked: Asked, *, cite: bool) -> Extract:
    tool = plan.tools.get("web_search", {})
    filters = dict(tool.get("filters") or {})
    filters |= {name: american_date(filters[name]) for name in DATES if filters.get(name)}
    preset = plan.preset
    most = preset.sources if preset else _MOST[tool.get("search_context_size") or "low"]
    searches = preset.searches if preset else 1
    said = [without_passages(text_of(message)) for message in asked.history if message["role"] == "user"]
    users = [without_switches(text) for text in said if text.strip()]
    return compose_extract(
        asked.question[:_LONGEST_QUESTION],
        asked.documents,
        earlier=tuple(turn[:_LONGEST_QUESTION] for turn in users[:-1][-3:]),
        filters=filters_of(filters),
        most=min(most, searches * (tool.get("max_results") or most)),
        in_depth=bool(preset and preset.in_depth),
        cite=cite,
    )


def _search(work: Work, plan: Plan, asked: Asked, extract: Extract) -> None:
    """Put the results of the searches into the output: numbered as these began, but the first one ends last."""
    found = [_result(group) for group in extract.sources]
    found = list(asked.switches.given.get("sources", found))
    wanted = min(plan.preset.searches if plan.preset else 1, plan.calls)
    size = -(-len(found) // wanted) or 1
    blocks = [found[start : start + size] for start in range(0, len(found), size)] or [[]]
    number = len(asked.carried)
    items: list[Item] = []
    for place, block in enumerate(blocks):
        results = [{"id": number + at, **result} for at, result in enumerate(block, 1)]
        number += len(block)
        words = " ".join(extract.searches[place].words) if place < len(extract.searches) else ""
        query = words or (str(block[0].get("title")) if block else asked.question)
        if plan.is_fast and len(asked.history) == 1:
            query = asked.question  # word for word, whatever it is
        items.append({"type": "search_results", "queries": [query], "results": results})
    work.calls["search_web"] = len(items)
    work.found = sum(tokens(str(result.get("snippet"))) for result in found)
    before = len(work.items)
    work.items += [*items[1:], *items[:1]]
    work.starts = [before + (place - 1) % len(items) for place in range(len(items))]
    for item in items:
        _make_odd(item["results"], asked.switches)


def _make_odd(results: list[Item], switches: Switches) -> None:
    for result in results:
        if "ids_missing" in switches:
            result.pop("id")
        elif "ids_repeat" in switches:
            result["id"] = 1


def _result(group: Group) -> Item:
    passage = group[0]
    found = {"title": passage.full_title, "url": passage.url, "source": "web"}
    dates = {"date": passage.date, "last_updated": passage.date}
    snippet = " ".join(passage.plain.split())[:_SNIPPET]
    return {**found, "snippet": snippet, **{name: day for name, day in dates.items() if day}}


def _read(work: Work, plan: Plan, pages: Sequence[Passage], most: int) -> None:
    """Put pages into the output, each in an item of its own, as each was a call of its own."""
    most = min(most, plan.tools.get("fetch_url", {}).get("max_urls") or most)
    for page in pages[: max(0, min(most, plan.calls - sum(work.calls.values())))]:
        content = {"url": page.url, "title": page.full_title, "snippet": page.plain[:_DIGEST]}
        work.items.append({"type": "fetch_url_results", "contents": [content]})
        work.pages.append(page_of(page.plain, content["snippet"]))
        work.found += work.pages[-1].kept


def _named_pages(asked: Asked) -> list[Passage]:
    """The pages in the library whose addresses the question names. Other addresses are not there to be read."""
    named = _ADDRESS.findall(asked.question)
    passages = library.shared(asked.documents).passages if named else ()
    return list({one.url: one for one in reversed(passages) if one.url in named}.values())


def _quoted(pages: Sequence[Passage]) -> Extract:
    """The text about pages that were read and not searched for, which have no ids: their marks are zeros."""
    draft = quoting.briefly([(page,) for page in pages], cite=True)
    zeros = quoting.marked(draft, lambda _: " [web:0]")
    return Extract(zeros, zeros)


# --- Other tools -----------------------------------------------------------------------------------------------------


def _use_other_tools(work: Work, plan: Plan, asked: Asked) -> None:
    query = asked.question[:200]
    if "finance_search" in plan.used:
        items = besides.finance(plan.steps)
        work.items += items
        work.calls["finance_search"] = len(items) - 1
    if "people_search" in plan.used:
        known = [result for item in work.items for result in item.get("results") or () if "id" in result]
        work.items.append(besides.people(query, len(known) + 1))
        work.calls["search_people"] = 1
    if "image_search" in plan.used:
        item = besides.images(query, _pictures(plan, asked), asked.switches)
        work.items.append(item)
        work.calls["image_search"] = int(bool(item["results"]))


def _pictures(plan: Plan, asked: Asked) -> Sequence[Mapping[str, Any]]:
    tool = plan.tools.get("image_search", {})
    filters = tool.get("filters") or {}
    wanted = {
        "model": "",
        "return_images": True,
        "num_images": tool.get("max_results"),
        "image_domain_filter": filters.get("domain_filter"),
        "image_format_filter": filters.get("format_filter"),
    }
    sources = [_result(group) for group in _extract(plan, asked, cite=True).sources]
    return list(asked.switches.given.get("images", media.pictures(wanted, sources)))


def _function(plan: Plan, asked: Asked) -> Mapping[str, Any] | None:
    """The caller's own function that is called: the one that has to be, or one that the question names."""
    functions = {name: tool for name, tool in plan.tools.items() if tool["type"] == "function"}
    called = next((name for name in functions if plan.forced == name or name in asked.question), "")
    if not called and plan.forced in ("required", "function") and not plan.used:
        called = next(iter(functions), "")
    has_returned = asked.history[-1]["role"] == "tool"
    return functions.get(called) if plan.calls and not has_returned else None


# --- Writing ---------------------------------------------------------------------------------------------------------


def _text(work: Work, plan: Plan, asked: Asked, extract: Extract, *, searching: bool) -> str:
    """The whole text, its marks written out."""
    switches = asked.switches
    draft = notes.replacement(switches, replace(extract, text=extract.draft), asked.documents)
    if draft is None:
        said = [sentence for group in extract.sources for sentence in sentences(group[0].blocks[0].text)]
        wanted = asked.body.get("response_format")
        draft = opinion_on(wanted, asked.question) or formatted(wanted, said)
    if draft is None:
        draft = _OUT_OF_STEPS if searching and plan.forced == "web_search" and plan.steps == 1 else extract.draft
        cites, beyond = "documents_uncited" not in switches, "document_beyond" in switches
        draft = with_quotes(draft, _sent(asked), asked.question, cites=cites, beyond=beyond)
        draft = f"{draft}\n\n{_closing(work, plan, asked, extract, searching=searching)}"
    if "mark_beyond" in switches:
        draft += " \ue00099\ue001"
    titles = {number: _result(group) for number, group in enumerate(extract.sources, 1)}

    def mark(number: int) -> str:
        if plan.mark == LINK:
            source = titles.get(number)
            return f" ([{source['title'].replace('[', '(').replace(']', ')')}]({source['url']}))" if source else ""
        return plan.mark.format(len(asked.carried) + number)

    return quoting.marked(draft, mark)


def _sent(asked: Asked) -> Sent:
    """The passages that came along, in an item of their own before the question or in its own."""
    asking = list(takewhile(lambda message: message["role"] == "user", reversed(asked.history)))
    return next((sent for message in asking if (sent := passages_in(text_of(message)))), Sent())


def _closing(work: Work, plan: Plan, asked: Asked, extract: Extract, *, searching: bool) -> str:
    instructions = asked.body.get("instructions")
    told = [{"role": "system", "content": instructions}] if instructions else []
    history = sorted(asked.history, key=lambda message: message["role"] != "system")
    body = {"messages": [*told, *history], "language_preference": asked.body.get("language_preference")}
    origin = "" if searching or work.pages else "it answered without searching, so no sources are named."
    found = work.calls.get("finance_search")
    besides_that = (
        (found == 0, "Market data could not be had: the only step loaded the skill for it."),
        (found or work.calls.get("search_people"), "What it found about markets and people is made up."),
        (asked.history[-1]["role"] == "tool", "A function has returned something, which it cannot read."),
    )
    more = [sentence for applies, sentence in besides_that if applies]
    return notes.closing(body, extract, origin=origin, more=more)


def _cut(work: Work, asked: Asked, text: str) -> str | None:
    """The text as far as it may go, or None where thinking has used up what it may have."""
    most = max(asked.body.get("max_output_tokens") or len(text) + FEWEST_TOKENS, FEWEST_TOKENS)
    emptied = "incomplete_empty" in asked.switches
    if len(text) <= most * CHARACTERS_PER_TOKEN and not emptied:
        return text
    work.finish = "max_output_tokens"
    return None if emptied or most <= _ALL_FOR_THOUGHT else text[: most * CHARACTERS_PER_TOKEN]
