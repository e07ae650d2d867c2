r"""What models write as LaTeX, in the words that the converter knows.

The converter takes LaTeX at its word: outside an environment `\\` and `&` say nothing there, `\tag` belongs into a
numbered equation, equations count from 1 in each formula, and some names are aliases that it has not heard of. Whoever
writes an answer means what a browser's renderers make of them, and no number that is not written.
"""

import re

_COMMAND = re.compile(r"\\(?:[a-zA-Z]+\*?|.)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+)(\*?)\}")
_COLUMNS = re.compile(r"\s*\{\d{1,2}\}")
_ALIASES = {
    "split": "aligned",
    "alignedat": "aligned",
    "alignat": "align*",
    "flalign": "align*",
    "smallmatrix": "matrix",
    "psmallmatrix": "pmatrix",
    "bsmallmatrix": "bmatrix",
    "vsmallmatrix": "vmatrix",
}
_COUNTED = {"alignat", "alignedat"}  # whose first argument is a number of columns
_NUMBERED = ("align", "equation", "gather", "multline")
_COMMANDS = {
    **dict.fromkeys((r"\strut", r"\mathstrut", r"\nonumber", r"\notag", r"\hfill", r"\smash"), ""),
    **dict.fromkeys((r"\mathbbm", r"\mathds"), r"\mathbb"),
    **dict.fromkeys((r"\nicefrac", r"\sfrac"), r"\tfrac"),
    **{rf"\{name}": rf"\operatorname{{{name}}}" for name in ("Cov", "Tr", "Var", "diag", "rank", "sgn", "tr")},
    r"\AA": r"\text{\AA}",
    r"\euro": "€",
    r"\mbox": r"\text",
    r"\perthousand": "‰",
    r"\pmb": r"\boldsymbol",
    r"\textdegree": r"\degree",
    r"\textup": r"\text",
}
_POSITION = re.compile(r"(\\begin\s*\{(?:aligned|alignedat|array|gathered|multlined|split)\})\s*\[[tbc]\]")
_LABEL = re.compile(r"\\label\s*\{[^{}]{0,100}\}")
_LAST_BREAK = re.compile(r"\\\\(?:\[[^\]\n]{0,10}\])?\s{0,50}(?=\\end(?![a-zA-Z]))")
_DISTANCE = re.compile(r"\\\\\*?\s{0,50}\[\s{0,50}-?(?:\d{0,4}\.)?\d{1,8}\s{0,50}[a-z]{2}\s{0,50}\]")
_ONE_EQUATION = re.compile(
    r"\s*\\begin\{equation\*\}((?:(?!\\(?:begin|end)\{equation).)*)\\end\{equation\*\}\s*", re.DOTALL
)
_SIGNS = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ESCAPED = re.compile("|".join(_SIGNS))
_SUBSTACK = re.compile(r"\\substack\s*\{")
_TEXT = re.compile(r"\\text[a-z]{0,6}\s*\{")
_BLANK_AFTER_SIGN = re.compile(r"(\\[%&#_{}$]) ")
_TAKES_TAG = re.compile(r"\\begin\s*\{(?:equation|align|gather|multline)\*\}")


def in_known_words(latex: str) -> str:
    """The same formula, so that the converter reads in it what its writer meant."""
    latex = _ESCAPED.sub(lambda found: _SIGNS[found[0]], latex)
    latex = _DISTANCE.sub(r"\\\\", latex)
    latex = _LAST_BREAK.sub("", _LABEL.sub("", _POSITION.sub(r"\1", latex)))
    latex = _ENVIRONMENT.sub(_environment, _without_counts(latex))
    latex = _COMMAND.sub(lambda found: _COMMANDS.get(found[0], found[0]), latex)
    latex = _with_blanks_in_texts(_without_substacks(latex))
    if r"\tag" in latex and not _TAKES_TAG.search(latex):
        return rf"\begin{{equation*}}{latex}\end{{equation*}}"
    if r"\tag" not in latex and (equation := _ONE_EQUATION.fullmatch(latex)):
        latex = equation[1]
    has_rows, has_columns = _outer_structure(latex)
    if has_rows or has_columns:
        environment = "aligned" if has_columns else "gathered"
        return rf"\begin{{{environment}}}{latex}\end{{{environment}}}"
    return latex


def _environment(found: re.Match[str]) -> str:
    name = found[2]
    if name == "eqnarray":
        return r"\begin{array}{rcl}" if found[1] == "begin" else r"\end{array}"
    star = "*" if name in _NUMBERED else found[3]
    return rf"\{found[1]}{{{_ALIASES.get(name, name + star)}}}"


def _without_counts(latex: str) -> str:
    """Leave out the numbers of columns, which only say how far columns are apart."""
    parts: list[str] = []
    at = 0
    for found in _ENVIRONMENT.finditer(latex):
        parts.append(latex[at : found.end()])
        at = found.end()
        if found[1] == "begin" and found[2] in _COUNTED and (columns := _COLUMNS.match(latex, at)):
            at = columns.end()
    return "".join(parts) + latex[at:]


def _with_blanks_in_texts(latex: str) -> str:
    r"""Keep the blank after an escaped sign inside of a text, which the converter drops: `\text{50\% of it}`."""
    parts: list[str] = []
    at = 0
    while found := _TEXT.search(latex, at):
        end = _closing_brace(latex, found.end())
        if end < 0:
            break
        parts += (latex[at : found.end()], _BLANK_AFTER_SIGN.sub(r"\1\\ ", latex[found.end() : end]))
        at = end
    return "".join(parts) + latex[at:]


def _without_substacks(latex: str) -> str:
    r"""`\substack{a \\ b}` as the environment that it is short for. One that is not closed stays."""
    while found := _SUBSTACK.search(latex):
        end = _closing_brace(latex, found.end())
        if end < 0:
            return latex
        inside = latex[found.end() : end]
        latex = rf"{latex[: found.start()]}\begin{{subarray}}{{c}}{inside}\end{{subarray}}{latex[end + 1 :]}"
    return latex


def _closing_brace(latex: str, at: int) -> int:
    depth = 1
    for found in re.finditer(r"\\.|[{}]", latex[at:], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return at + found.start()
    return -1


def _outer_structure(latex: str) -> tuple[bool, bool]:
    r"""Whether there is a `\\`, and a `&`, outside every environment and every pair of braces."""
    depth = 0
    rows = columns = False
    for found in re.finditer(r"\\begin|\\end|\\left|\\right|\\.|[{}&]", latex, re.DOTALL):
        sign = found[0]
        if sign in ("{", r"\begin"):
            depth += 1
        elif sign in ("}", r"\end"):
            depth -= 1
        elif depth == 0:
            rows = rows or sign == "\\\\"
            columns = columns or sign == "&"
    return rows, columns
