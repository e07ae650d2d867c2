"""The text of kept copies, in a store of its own. The same text is kept once, however many pages and teams have it."""

import orjson

from chat.models import PageCopy
from files import FileMissing, Store
from files.text import DocumentText, Passage, Problem

store = Store("pages")
"""The text of copies, each as a file of JSON under the SHA-256 of its bytes. It is not compressed, so that whoever has
the file can check it with any program."""


def as_file(text: DocumentText) -> bytes:
    """The text as it is kept."""
    passages = [[passage.number, passage.label, passage.text] for passage in text.passages]
    return orjson.dumps({"unit": text.unit, "count": text.count, "problem": text.problem.value, "passages": passages})


def copy_text(copy: PageCopy) -> DocumentText:
    """The text of a copy, page by page where it has pages; one without any passage where nothing was kept, or it is no
    longer there. Raises OSError when the store does not answer."""
    nothing = DocumentText(unit=copy.unit or "part", count=copy.pages)
    if not copy.text_sha256:
        return nothing
    try:
        kept = orjson.loads(store.read(copy.text_sha256))
        passages = tuple(Passage(number, text, label) for number, label, text in kept["passages"])
        return DocumentText(kept["unit"], kept["count"], passages, Problem(kept["problem"]))
    except (FileMissing, ValueError, KeyError, TypeError):
        return nothing
