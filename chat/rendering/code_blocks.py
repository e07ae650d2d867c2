"""Code blocks as HTML: a head with the language that was named, and the code."""

from markdown_it.common.utils import unescapeAll

from chat.rendering.highlighting import LANGUAGES, Highlighter
from chat.rendering.text import escape
from core import graphemes

LONGEST_NAME = 30  # characters of a language's name in the head


def code_block(code: str, info: str, *, highlighter: Highlighter | None) -> str:
    """A code block. `info` is what was written behind the opening fence; its first word names the language.

    Without a highlighter the code stays plain, as it does when the language is not named or not known.
    """
    words = unescapeAll(info).split(maxsplit=1)
    name = words[0] if words else ""
    lexer = LANGUAGES.get(name.lower(), "")
    body = highlighter.highlight(code, lexer) if highlighter else escape(code)
    language = f" language-{lexer}" if lexer else ""
    return (
        f'<div class="code"><div class="code-head"><span>{escape(graphemes.cut(name, LONGEST_NAME))}</span></div>'
        f'<pre tabindex="0"><code class="highlight{language}">{body}</code></pre></div>\n'
    )
