"""Code blocks as HTML: a head with the language that was named, and the code.

Nothing draws the diagrams that models write as code: a reader's page runs no renderer of others. They are shown as code
and marked, so that the page can say so in its reader's language: this HTML is the same for all of them.
"""

from markdown_it.common.utils import unescapeAll

from chat.rendering.highlighting import LANGUAGES, Highlighter
from chat.rendering.text import escape
from core import graphemes

LONGEST_NAME = 30  # characters of a language's name in the head

DIAGRAMS = {
    "d2": "D2",
    "dot": "Graphviz",
    "graphviz": "Graphviz",
    "gv": "Graphviz",
    "mermaid": "Mermaid",
    "mmd": "Mermaid",
    "plantuml": "PlantUML",
    "puml": "PlantUML",
    "svg": "SVG",
    "vega": "Vega",
    "vega-lite": "Vega-Lite",
}
"""What languages in which pictures are described are called, by the name behind the fence in small letters."""


def code_block(code: str, info: str, *, highlighter: Highlighter | None) -> str:
    """A code block. `info` is what was written behind the opening fence; its first word names the language.

    Without a highlighter the code stays plain, as it does when the language is not named or not known.
    """
    words = unescapeAll(info).split(maxsplit=1)
    name = words[0] if words else ""
    lexer = LANGUAGES.get(name.lower(), "")
    body = highlighter.highlight(code, lexer) if highlighter else escape(code)
    language = f" language-{lexer}" if lexer else ""
    diagram = DIAGRAMS.get(name.lower(), "")
    kind = f' data-kind="diagram" data-language="{name.lower()}"' if diagram else ""
    label = escape(diagram or graphemes.cut(name, LONGEST_NAME))
    return (
        f'<div class="code"{kind}><div class="code-head"><span>{label}</span></div>'
        f'<pre tabindex="0"><code class="highlight{language}">{body}</code></pre></div>\n'
    )
