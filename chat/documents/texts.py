"""The bytes and the whole text of documents, in a store of their own."""

from chat.models import DocumentVersion
from files import FileMissing, Store
from files.text import SPACE_BOUNDS, DocumentText, read_text

store = Store("documents")
"""The bytes of the documents of spaces, and their text."""


def read_file(sha256: str, media_type: str) -> DocumentText:
    """Read the text of a document in the store, and keep it there. Takes up to four minutes.

    Raises FileMissing when the document is gone, OSError when the store does not answer or no process can be started.
    """
    with store.open(sha256) as source:
        text = read_text(source, media_type=media_type, bounds=SPACE_BOUNDS)
    store.put_text(sha256, text.to_bytes())
    return text


def text_of(version: DocumentVersion) -> DocumentText:
    """The whole text of a version that was read; one without any passage where it is not there. Raises OSError."""
    try:
        return DocumentText.from_bytes(store.read_text(version.sha256))
    except (FileMissing, ValueError):
        return DocumentText(unit=version.unit or "page", count=version.pages)
