"""What is taken as a document: judged by its bytes, on disk, before anything is stored."""

from pathlib import PurePath
from typing import BinaryIO

from core.sentences import sentence as _
from files import FileRefused, JudgedFile, judge
from files.formats import DOC, HEAD, document_format, picture_format, text_format


def judge_document(source: BinaryIO, *, name: str) -> JudgedFile:
    """What the file is. Raises FileRefused with a sentence for anything but a document that can be read.

    Pictures are turned away before anybody decodes them.
    """
    source.seek(0)
    head = source.read(HEAD)
    if picture_format(head):
        raise FileRefused(
            _("This is an image. Spaces take documents: PDF, Word, PowerPoint, Excel, CSV, Markdown, HTML or text.")
        )
    found = document_format(head) or text_format(PurePath(name).suffix.lower())
    if found is DOC:
        raise FileRefused(_("Parley can’t read documents of older Office versions. Save it as DOCX or PDF."))
    if head and found is None:
        raise FileRefused(
            _(
                "This isn’t a document that Parley can read. Spaces take PDF, Word, PowerPoint, Excel, CSV, Markdown, "
                "HTML and text."
            )
        )
    return judge(source, name=name)
