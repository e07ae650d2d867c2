"""The text of what people attach: read once, when it is uploaded, and kept beside the bytes."""

import logging

from chat.models import Attachment
from files import FileMissing, FileRefused, JudgedFile, Store
from files.text import DocumentText, Problem, read_text, sentence_about

logger = logging.getLogger(__name__)

REFUSED = frozenset({Problem.ENCRYPTED, Problem.BOMB})  # of no use to anybody, and perhaps of harm

store = Store("attachments")
"""The bytes of everything that is attached, and their text."""


def read_upload(judged: JudgedFile) -> DocumentText | None:
    """The text of an upload; None when it cannot be read right now. Takes up to a minute.

    Raises FileRefused for a document that nobody could read.
    """
    kept = _kept_text(judged.original_sha256)
    if kept is not None:
        return kept
    try:
        text = read_text(judged.source, media_type=judged.format.media_type)
    except OSError:
        logger.exception("No process can be started that reads documents.")
        return None
    if text.problem in REFUSED:
        raise FileRefused(sentence_about(text.problem))
    return text


def text_of(attachment: Attachment) -> DocumentText:
    """The text of a document that was attached. It is read now if it came before texts were kept, or got lost.

    Needs no database. Raises FileMissing when the document itself is gone, OSError when the store does not answer.
    """
    kept = _kept_text(attachment.sha256)
    if kept is not None:
        return kept
    with store.open(attachment.sha256) as source:
        text = read_text(source, media_type=attachment.media_type)
    store.put_text(attachment.sha256, text.to_bytes())
    return text


def _kept_text(sha256: str) -> DocumentText | None:
    try:
        return DocumentText.from_bytes(store.read_text(sha256))
    except (FileMissing, ValueError):
        return None
