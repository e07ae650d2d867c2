r"""Formulas in Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, as rules for the parser.

The formula plugins of mdit-py-plugins are not used: they take `$HOME/bin:$PATH`, `$5 a month, or 50$`, `\[1\]` and
`\(see below\)` for formulas, let a formula run over headings and fences, do not see one that interrupts a paragraph,
and take quadratic time for brackets that are never closed.
"""

import re
from unicodedata import name

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from chat.rendering.mathml import LONGEST

MOST_LINES = 40  # of one formula
INTERRUPTS = re.compile(r" {0,3}(?:`{3}|~{3}|#{1,6}(?:[ \t]|\Z)|<details[ >])")

_DOLLAR = re.compile(r"\$(?!\s)((?:[^$\\]|\\.)++)(?<!\s)\$(?![\d$])", re.DOTALL)
_DOUBLE = re.compile(r"\$\$((?:[^$\\]|\\.)++)\$\$(?!\$)", re.DOTALL)
_RUN = re.compile(r"\${3,}")
_SIGN = re.compile(r"[\\^_={}<>+]|\d\s*[-−]\s*\d")
_VARIABLE = re.compile(r"[^\W\d]\w+(?:[/:.,;-]\w*)*")
_WORDS = re.compile(r"[^\W\d_]{3,}[\w\s,.;:'’-]*")
_NOTE = re.compile(r"\s*[\d\s,–-]*\s*")
_ENDS_OPEN = re.compile(r"[-+*/=<>|:,.(\[{]\Z")
_BEGINS_CLOSED = re.compile(r"[)\]},;.!?]")


def dollar_math(state: StateInline, silent: bool) -> bool:
    """`$x$` and `$$x$$` inside a paragraph. Sums of money and names of variables stay text: an opening sign has no
    blank after it and no letter or digit before it, a closing one no blank before and no digit after it.
    """
    pos, src = state.pos, state.src
    if run := _RUN.match(src, pos, state.posMax):
        if not silent:
            state.append_pending(run.group())
        state.pos = run.end()
        return True
    double = src.startswith("$$", pos)
    match = (_DOUBLE if double else _DOLLAR).match(src, pos, min(state.posMax, pos + LONGEST))
    if match is None:
        return False
    latex = match.group(1)
    before, after = src[pos - 1 : pos], src[match.end() : match.end() + 1]
    if not latex.strip() or (not double and (_is_latin(before) or _is_text(latex, after))):
        return False
    return _accept(state, silent, latex, end=match.end(), display=double)


def _is_text(latex: str, after: str) -> bool:
    """`$5 a month, or 10$`, `$HOME:$USER`, `${HOME}/bin:${PATH}`, `$this->foo($bar)` and `($), A$` are text; `$5 + x$`,
    `$12$` and `$n$th` are formulas.
    """
    if _BEGINS_CLOSED.match(latex):
        return True
    if after == "{" or _is_latin(after):
        return _VARIABLE.fullmatch(latex) is not None or _ENDS_OPEN.search(latex) is not None
    return latex[0].isdigit() and any(map(str.isspace, latex)) and not _SIGN.search(latex)


def _is_latin(sign: str) -> bool:
    """Whether it is a digit or a letter that words with formulas are written in: other scripts set no blanks there."""
    return sign.isdigit() or sign == "_" or (sign.isalpha() and name(sign, "").startswith("LATIN"))


def bracket_math(state: StateInline, silent: bool) -> bool:
    r"""`\(x\)` and `\[x\]` inside a paragraph. Escaped brackets around words or numbers stay text."""
    pos, src = state.pos, state.src
    opening = src[pos : pos + 2]
    if opening not in (r"\(", r"\["):
        return False
    closing = r"\)" if opening == r"\(" else r"\]"
    end = src.find(closing, pos + 2, min(state.posMax, pos + LONGEST))
    if end < 0:
        return False
    latex = src[pos + 2 : end]
    if not _is_formula(latex, closing):
        return False
    return _accept(state, silent, latex, end=end + 2, display=closing == r"\]")


def _is_formula(latex: str, closing: str) -> bool:
    if not latex.strip(" \n\t\\") or _WORDS.fullmatch(latex.strip()):
        return False
    return closing != r"\]" or not _NOTE.fullmatch(latex)


def _accept(state: StateInline, silent: bool, latex: str, *, end: int, display: bool) -> bool:
    if not silent:
        token = state.push("math", "", 0)
        token.content = latex
        token.meta = {"display": display}
    state.pos = end
    return True


def display_math(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""A formula on lines of its own, from `$$` or `\[` at the start of a line to the end of the same or a later line.

    It ends at the latest before an empty line, a heading or a code fence: what ends a paragraph ends a formula, so
    that an unfinished one cannot change what comes after it.
    """
    first = _line(state, start)
    opening = first[:2]
    if opening not in ("$$", r"\[") or state.is_code_block(start):
        return False
    closing = "$$" if opening == "$$" else r"\]"
    begin = state.bMarks[start] + state.tShift[start] + 2
    if state.src.find(closing, begin, begin + LONGEST) < 0:
        return False
    last = start
    text = first[2:]
    while closing not in text:
        last += 1
        if last >= min(end, start + MOST_LINES) or state.isEmpty(last) or state.sCount[last] < state.blkIndent:
            return False
        text = _line(state, last)
        if INTERRUPTS.match(text):
            return False
    if not text.rstrip().endswith(closing) or text.count(closing) != 1:
        return False
    latex = state.getLines(start, last + 1, state.blkIndent, False).strip()[2:-2]
    if len(latex) > LONGEST or not _is_formula(latex, closing):
        return False
    if silent:
        return True
    token = state.push("math_block", "", 0)
    token.content = latex
    token.map = [start, last + 1]
    state.line = last + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
