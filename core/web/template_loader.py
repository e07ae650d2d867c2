"""Templates without the white space that only their authors need: a fifth of a page was the indentation of its lines.

It is done once, when a template is read, so pages are smaller without anything to do for each. What is between tags
of HTML keeps a line break, which browsers take for a blank. Texts that somebody else goes by stay as they are: those
to be translated, and what HTML takes letter by letter.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

_KEPT = re.compile(
    r"{%\s*(blocktranslate|blocktrans|verbatim|comment)\b.*?{%\s*end\1\s*%}|<(textarea|pre|script)\b.*?</\2>", re.DOTALL
)
_INDENTED = re.compile(r"[ \t]*\n[ \t\n]*")
# Lines of a page that hold nothing but tags which write nothing themselves.
_SILENT = re.compile(
    r"(?<=\n)(?:(?:{%\s*(?:load|if|elif|else|endif|for|empty|endfor|with|endwith)\b(?:(?!%}).)*%}|{#(?:(?!#}).)*#})\n)+"
)


class Loader(filesystem.Loader):
    """Django's loader of templates in the folders of the settings, which leaves out the indentation of HTML."""

    def get_contents(self, origin: Origin) -> str:
        """The template's source. Raises TemplateDoesNotExist."""
        source = super().get_contents(origin)
        return without_indentation(source) if str(origin.name).endswith(".html") else source


def without_indentation(source: str) -> str:
    """The template's source with nothing but a line break where it had blank lines and indentation, and none for lines
    that would be blank in the page."""
    pieces, done = [], 0
    for kept in _KEPT.finditer(source):
        pieces += [_tidied(source[done : kept.start()]), kept[0]]
        done = kept.end()
    return "".join([*pieces, _tidied(source[done:])])


def _tidied(html: str) -> str:
    return _SILENT.sub(lambda lines: lines[0].replace("\n", ""), _INDENTED.sub("\n", html))
