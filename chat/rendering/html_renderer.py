"""Parsed Markdown as HTML. Not safe yet: the sanitizer comes after it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from markdown_it.token import Token

from chat.rendering.block_splitter import BlockSplitter
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.code_blocks import code_block
from chat.rendering.footnotes import labels_in, notes_in
from chat.rendering.highlighting import Highlighter
from chat.rendering.links import site_of
from chat.rendering.markdown_parser import (
    DEEPEST,
    LONGEST,
    LONGEST_INLINE,
    Environment,
    StepBudget,
    is_number_with_address,
    parse_blocks,
    parse_inline,
)
from chat.rendering.mathml import as_written, formula_html
from chat.rendering.text import escape
from core.cpu_budget import CpuBudget, OverBudget

MOST_SECONDS = 0.6  # CPU seconds for a whole answer; 100,000 characters of an ordinary one take a third of it
MOST_SECONDS_FOR_BLOCKS = 0.5  # of them, until it is known which blocks there are
MOST_HTML = 2_000_000  # characters; what comes after so many is shown as it was written
LONGEST_KNOWN = 2_000
DEEPEST_INLINE = 30
_STRETCH = 10_000  # characters
_STEPS_PER_FORMULA = 20

_MARKUP = re.compile(r"[\n!$&*<\[\\\]_`~\u3010\uff3b]|://")

# A table's frame scrolls, so it can be focused. It is a group, for a page may hold many tables and regions would
# have to have names of their own. What it is called says the page, whose language is its reader's.
_FIXED = {
    "blockquote_open": '<blockquote dir="auto">\n',
    "blockquote_close": "</blockquote>\n",
    "bullet_list_close": "</ul>\n",
    "details_close": "</details>\n",
    "hr": "<hr>\n",
    "list_item_close": "</li>\n",
    "ordered_list_close": "</ol>\n",
    "summary_close": "</summary>\n",
    "summary_open": "<summary>",
    "table_open": '<div class="table" tabindex="0" role="group"><table dir="auto">\n',
    "table_close": "</table></div>\n",
    "tbody_close": "</tbody>\n",
    "tbody_open": "<tbody>\n",
    "td_close": "</td>\n",
    "th_close": "</th>\n",
    "thead_close": "</thead>\n",
    "thead_open": "<thead>\n",
    "tr_close": "</tr>\n",
    "tr_open": "<tr>\n",
}
_FIXED_INLINE = {
    "em_close": "</em>",
    "em_open": "<em>",
    "hardbreak": "<br>",
    "s_close": "</s>",
    "s_open": "<s>",
    "softbreak": "\n",
    "strong_close": "</strong>",
    "strong_open": "<strong>",
}
_TAGS = {"b": "strong", "i": "em", "del": "s", "strike": "s", "ins": "u"}


class HtmlRenderer:
    """Writes the HTML of one answer, from its beginning on.

    It remembers three things from one piece of text to the next. `outline` holds the levels of the headings that are
    open: the first heading of an answer becomes h3, one below it h4, whatever level the model began with. It
    keeps inline content that was rendered already, with the steps that it took, until told to forget it, for a text
    that grows. And it knows what is left of `budget`, which is for all that it renders: beyond it text is shown as it
    was written.
    """

    def __init__(self, marks: CitationMarks, budget: CpuBudget | None = None) -> None:
        self.outline: tuple[int, ...] = ()
        time = budget or CpuBudget(MOST_SECONDS)
        self.budget: CpuBudget | StepBudget = time
        self._known: dict[str, tuple[str, float]] = {}
        self._highlighter = Highlighter(budget=time)
        self._marks = marks
        self._written = 0  # characters of HTML

    @contextmanager
    def provisional(self, steps: int) -> Iterator[StepBudget]:
        """Render within steps apart what may turn out otherwise: nothing of it is kept or counted. What it looks like
        depends on the text alone, and not on what was rendered before."""
        before = self.outline, self.budget, self._written
        self.budget, self._written = StepBudget(steps), 0
        try:
            yield self.budget
        finally:
            self.outline, self.budget, self._written = before

    def render(self, text: str, *, highlighted: bool) -> str:
        """The HTML for tidy text that begins at the top level of the answer."""
        if len(text) > LONGEST:
            cut = text.rfind("\n\n", 0, LONGEST) + 1 or LONGEST
            return self.render(text[:cut], highlighted=highlighted) + preformatted(text[cut:].strip("\n"))
        with self.budget.counted():
            env: Environment = {}
            self._use_notes(labels_in(text))
            try:
                tokens = self.parse_blocks(text, env)
            except OverBudget:
                return self._render_in_pieces(text, highlighted=highlighted)
            if any(token.level >= DEEPEST - 1 for token in tokens):
                return self._render_in_pieces(text, highlighted=highlighted)
            return self.render_tokens(tokens, env, highlighted=highlighted)

    def parse_blocks(self, text: str, env: Environment) -> list[Token]:
        """As in `markdown_parser`, within the budget. Raises OverBudget."""
        return parse_blocks(text, env, self.budget.part(max(MOST_SECONDS_FOR_BLOCKS, 0.75 * self.budget.left)))

    def _render_in_pieces(self, text: str, *, highlighted: bool) -> str:
        """Show blocks that are nested too deeply, or take too long, as they were written.

        The parser leaves out what lies deeper and what comes after it as well, which is why the text is taken apart
        here.
        """
        parts = []
        for start, piece in self._pieces(text):
            if self._is_over or piece.strip() == text.strip():
                parts.append(preformatted(text[start:].rstrip("\n")))
                break
            if piece.strip():
                parts.append(self.render(piece, highlighted=highlighted))
        return "".join(parts)

    def _pieces(self, text: str) -> Iterator[tuple[int, str]]:
        """The blocks of a text and where they begin, found only as far as somebody wants to know and the budget goes.
        What is left then is the last of them."""
        splitter = BlockSplitter()
        for end in range(_STRETCH, len(text) + _STRETCH, _STRETCH):
            seen = text[:end] if end < len(text) else f"{text}\n"  # so that the last line counts
            for cut in splitter.feed(seen):
                yield cut.start, text[cut.start : cut.end]
            if self._is_over:
                break
        if splitter.start < len(text):
            yield splitter.start, text[splitter.start :]

    @property
    def _is_over(self) -> bool:
        return self._written > MOST_HTML or self.budget.is_spent

    def render_tokens(self, tokens: list[Token], env: Environment, *, highlighted: bool) -> str:
        """The HTML for parsed blocks."""
        parts: list[str] = []
        for place, token in enumerate(tokens):
            kind = token.type
            if kind == "inline":
                notes = notes_in(token.content) if token.content.startswith("[^") else []
                if notes and parts[-1] == "<p>":
                    parts[-1] = '<p class="footnote">'
                html = self._notes(notes, env) or self._inline(token.content, env)
                parts.append(f'<span class="lines">{html}</span>' if _is_bare(tokens, place) and "\n" in html else html)
                self._written += len(html)
            elif kind == "th_open" and not tokens[place + 1].content:
                parts.append("<td>")  # an empty cell is no heading, though it stands among headings
            elif kind == "th_close" and not tokens[place - 1].content:
                parts.append("</td>\n")
            elif kind in _FIXED:
                parts.append(_FIXED[kind])
            elif kind == "paragraph_open":
                parts.append("" if token.hidden else "<p>")
            elif kind == "paragraph_close":
                parts.append("\n" if token.hidden else "</p>\n")
            elif kind in ("fence", "code_block"):
                highlighter = self._highlighter if highlighted and not self._is_over else None
                parts.append(code_block(token.content, token.info, highlighter=highlighter))
                self._written += len(parts[-1])
            elif kind == "math_block":
                parts.append(f'<div class="math" tabindex="0">{self._formula(token)}</div>\n')
                self._written += len(parts[-1])
            elif kind == "heading_open":
                parts.append(f"<h{self._enter(int(token.tag[1]))}>")
            elif kind == "heading_close":
                parts.append(f"</h{self._level}>\n")
            else:
                parts.append(_opening_tag(token))
        return "".join(parts)

    def _enter(self, level: int) -> int:
        self.outline = (*(above for above in self.outline if above < level), level)
        return self._level

    @property
    def _level(self) -> int:
        return min(2 + len(self.outline), 6)

    def _formula(self, token: Token, *, display: bool = True) -> str:
        if isinstance(self.budget, StepBudget):
            self.budget.take(_STEPS_PER_FORMULA + len(token.content))
        return as_written(token.content) if self._is_over else formula_html(token.content, display=display)

    def inline(self, content: str) -> str:
        """The HTML for what one paragraph holds, in a text without footnotes and definitions."""
        self._use_notes(frozenset())
        return self._inline(content, {})

    def _inline(self, content: str, env: Environment) -> str:
        if len(content) > LONGEST_INLINE or not _MARKUP.search(content):
            return escape(content)
        if "references" in env:
            return self._render_inline(content, env)
        steps = self.budget if isinstance(self.budget, StepBudget) else None
        html, cost = self._known.get(content, ("", inf))
        if html and (steps is None or cost <= steps.left):
            if steps:
                steps.take(int(cost))
            return html
        before = steps.left if steps else inf
        html = self._render_inline(content, env)
        if len(content) <= LONGEST_KNOWN and not self._is_over:
            self._known[content] = html, before - (steps.left if steps else 0)
        return html

    def _notes(self, notes: list[tuple[str, str]], env: Environment) -> str:
        """Footnotes, a paragraph for each, inside of the first one."""
        htmls = [
            f'<sup data-note="footnote-back">{escape(label)}</sup> {self._inline(content, env)}'
            for label, content in notes
        ]
        return '</p>\n<p class="footnote">'.join(htmls)

    def _use_notes(self, labels: frozenset[str]) -> None:
        if labels != self._marks.notes:
            self._marks.notes = labels
            self._known.clear()

    def forget(self) -> None:
        """Let go of rendered content that is not needed again."""
        self._known.clear()

    def _render_inline(self, content: str, env: Environment) -> str:
        if self._is_over:
            return escape(content)
        try:
            tokens = parse_inline(content, env, self.budget)
        except OverBudget:
            return escape(content)
        parts: list[str] = []
        link = ending = url = ""
        for index, token in enumerate(tokens):
            if token.level > DEEPEST_INLINE:
                return escape(content)
            kind = token.type
            if kind == "text" and link and is_number_with_address(tokens, index):
                parts[-1:] = [self._marks.number_with_address(token.content.strip("[]"), url)]
                ending = ""
            elif kind == "text":
                parts.append(escape(token.content) if link else self._marks.text_with_links(token.content))
            elif (
                kind in ("softbreak", "hardbreak") and not token.markup and index and tokens[index - 1].markup == "<br>"
            ):
                continue  # `<br>` at the end of a line: one break
            elif kind in _FIXED_INLINE:
                parts.append(_FIXED_INLINE[kind])
            elif kind == "text_special":
                parts.append(escape(token.content))
            elif kind == "code_inline":
                parts.append(f"<code>{escape(token.content)}</code>")
            elif kind == "link_open":
                url = str(token.attrs["href"])
                link = self._marks.link_opening(url)
                opening, ending = _around_link(token, tokens[index + 1], link)
                parts.append(opening)
            elif kind == "link_close":
                parts.append(ending)
                link = ""
            elif kind == "image":
                parts.append(self._picture(token, inside_link=bool(link)))
            elif kind == "tag_open":
                parts.append(f"<{_TAGS.get(token.tag, token.tag)}>")
            elif kind == "tag_close":
                parts.append(f"</{_TAGS.get(token.tag, token.tag)}>")
            elif kind == "math":
                parts.append(self._formula(token, display=bool(token.meta["display"])))
        return "".join(parts)

    def _picture(self, token: Token, *, inside_link: bool) -> str:
        """A picture from elsewhere is never loaded: it becomes a link with its alternative text. One whose address
        cannot be a link is shown as it was written."""
        url = str(token.attrs["src"])
        link = "" if inside_link else self._marks.link_opening(url)
        text = escape(plain_text(token.children or [])) or escape(site_of(url))
        if inside_link:
            return text
        return f"{link}{text}</a>" if link else f"![{text}]{_destination(token, url)}"


def _around_link(token: Token, following: Token, link: str) -> tuple[str, str]:
    """What stands before and after the text of a link; `link` is its opening tag, "" for an address that cannot be
    one: nothing of it vanishes then, as in `[1](2023)`."""
    url = str(token.attrs["href"])
    if link:
        return link + (escape(site_of(url)) if following.type == "link_close" else ""), "</a>"
    return ("", "") if token.info == "auto" else ("[", f"]{_destination(token, url)}")


def _destination(token: Token, url: str) -> str:
    """The address and the title of a link or picture, as text."""
    title = f' "{escape(str(token.attrs["title"]))}"' if token.attrs.get("title") else ""
    return f"({escape(url)}{title})"


def _is_bare(tokens: list[Token], place: int) -> bool:
    """Whether inline content stands in an item without a paragraph around it, which would keep its line breaks."""
    return place > 0 and tokens[place - 1].type == "paragraph_open" and tokens[place - 1].hidden


def _opening_tag(token: Token) -> str:
    """The opening tag of what has something to say about itself: lists, their items, cells, and what can be opened."""
    match token.type:
        case "bullet_list_open":
            return '<ul class="tasks" dir="auto">\n' if "class" in token.attrs else '<ul dir="auto">\n'
        case "ordered_list_open":
            start = token.attrs.get("start")
            return '<ol dir="auto">\n' if start is None else f'<ol start="{start}" dir="auto">\n'
        case "details_open":
            return "<details open>\n" if token.meta["open"] else "<details>\n"
        case "list_item_open" if "checked" in token.meta:
            state = 'checked aria-label="Done"' if token.meta["checked"] else 'aria-label="Not done"'
            return f'<li class="task"><input type="checkbox" disabled {state}> '
        case "list_item_open":
            return "<li>"
        case "th_open" | "td_open":
            style = str(token.attrs.get("style", ""))
            align = f' class="align-{style.removeprefix("text-align:")}"' if style else ""
            return f"<{token.tag}{align}>"
    raise ValueError(token.type)


def plain_text(tokens: list[Token]) -> str:
    """Inline content without its markup."""
    parts = []
    for token in tokens:
        if token.children:
            parts.append(plain_text(token.children))
        else:
            parts.append(" " if token.type in ("softbreak", "hardbreak") else token.content)
    return "".join(parts)


def preformatted(text: str) -> str:
    """Text as it was written."""
    return f'<pre class="plain" tabindex="0">{escape(text)}</pre>\n'
