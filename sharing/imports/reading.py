"""What an upload holds: judged by its bytes, never by its name, and read one conversation after the other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from core.sentences import sentence as _
from sharing.imports.archives import DAMAGED, Archive
from sharing.imports.foreign import Found, ImportRefused, Unreadable, dict_of, text_of
from sharing.imports.json_stream import BrokenOff, TooLarge, items_in
from sharing.imports.services import chatgpt, librechat, open_webui, parley, perplexity, perplexity_account

_HEAD = 4096  # bytes
_BLANK = b" \t\r\n\xef\xbb\xbf"
_ZIP = b"PK"
_PDF = b"%PDF-"
_PARTS_OF_CHATGPT = re.compile(r"(?:^|/)conversations(?:-\d{1,6})?\.json$")
_MOST_PEOPLE = 100_000

NOTHING_KNOWN = _(
    "Parley doesn’t know this kind of file. "
    "It takes exports from ChatGPT, Open WebUI, LibreChat, Perplexity and Parley."
)
_PRINTED = _("In a PDF or Word file, citations no longer lead to their sources. Export the conversation as Markdown.")
_BROKEN_OFF = _("The file ends in the middle, or is damaged from here on. What comes before can be imported.")
_TOO_LARGE = _("One conversation is too large to read. What comes before it can be imported.")
UNREADABLE = _("This file can’t be read any more. Upload it again.")
_DAMAGED = _("A part of the archive is damaged. Download it again.")
_NOT_A_CONVERSATION = _("This isn’t a conversation that Parley can read.")


@dataclass(slots=True)
class Upload:
    """An upload that is being read. `header` is what an export of Parley says of itself."""

    source: BinaryIO
    name: str
    at: datetime
    header: Mapping[str, Any] = field(default_factory=dict)
    archive: Archive | None = None
    is_team: bool = False

    def __post_init__(self) -> None:
        self.source.seek(0)
        head = self.source.read(_HEAD)
        self.source.seek(0)
        if not head:
            raise ImportRefused(_("This file is empty."))
        if head.startswith(_PDF):
            raise ImportRefused(_PRINTED)
        if head.startswith(_ZIP):
            self.archive = Archive(self.source)
            if self.archive.named("[Content_Types].xml"):
                raise ImportRefused(_PRINTED)
            self._read_manifest(self.archive)
        self._is_json = head.lstrip(_BLANK)[:1] in (b"[", b"{")
        self._is_text = b"\0" not in head

    _is_json: bool = field(default=False, init=False)
    _is_text: bool = field(default=False, init=False)

    def conversations(self) -> Iterator[Found]:
        """Each conversation, and what cannot be one. Raises ImportRefused where there is none at all."""
        found = 0
        for one in self._all():
            found += 1
            yield one
            if isinstance(one, Unreadable) and one.is_end:
                break
        if not found and not self.is_team:
            raise ImportRefused(NOTHING_KNOWN)

    def _all(self) -> Iterator[Found]:
        if self.archive:
            yield from self._of_archive(self.archive)
        elif self._is_json:
            yield from self._of_json(self.source, alone=True)
        elif self._is_text:
            yield from self._of_text(self.source)

    def _of_archive(self, archive: Archive) -> Iterator[Found]:
        if lines := archive.named("conversations.jsonl"):
            entries = [lines]
        else:
            entries = [one for one in archive.ending_with(".json") if _PARTS_OF_CHATGPT.search(one.filename)]
            entries = entries or list(archive.ending_with(".json", ".jsonl", ".md", ".markdown"))
        for entry in entries:
            try:
                with archive.open(entry) as stream:
                    if entry.filename.lower().endswith((".md", ".markdown")):
                        yield from self._of_text(stream)
                    else:
                        for one in self._of_json(stream, alone=len(entries) == 1):
                            yield one if not isinstance(one, Unreadable) else Unreadable(one.title, one.why)
            except DAMAGED:
                yield Unreadable(PurePosixPath(entry.filename).name, _DAMAGED)

    def _of_json(self, stream: BinaryIO, *, alone: bool) -> Iterator[Found]:
        """Of a file that is one of several, what is none of ours is passed over: archives hold other things too."""
        found = 0
        try:
            for header, item in items_in(stream):
                one = self._conversation(item, header or self.header)
                if one is not None:
                    found += 1
                    yield one
                elif found:
                    yield Unreadable(text_of(dict_of(item).get("title")), _NOT_A_CONVERSATION)
        except BrokenOff:
            if found:
                yield Unreadable("", _BROKEN_OFF, is_end=True)
            elif alone:
                raise ImportRefused(NOTHING_KNOWN) from None
        except TooLarge:
            yield Unreadable("", _TOO_LARGE, is_end=True)

    def _of_text(self, stream: BinaryIO) -> Iterator[Found]:
        try:
            text = stream.read(perplexity.MOST_CHARACTERS + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            return
        if perplexity.is_perplexity(text):
            try:
                yield perplexity.conversation_of(text, at=self.at)
            except ImportRefused as refusal:
                yield Unreadable("", refusal.sentence)

    def _conversation(self, item: Any, header: Mapping[str, Any]) -> Found | None:
        if not isinstance(item, dict):
            return None
        file_of = self.archive.file_of if self.archive else None
        try:
            if parley.is_parley(item, header):
                parley.require_known_version(header)
                return parley.conversation_of(item, file_of=file_of)
            if chatgpt.is_chatgpt(item):
                return chatgpt.conversation_of(item, file_of=file_of)
            if open_webui.is_open_webui(item):
                return open_webui.conversation_of(item)
            if librechat.is_librechat(item):
                return librechat.conversation_of(item)
            if perplexity_account.is_account_data(item):
                return perplexity_account.conversation_of(item)
        except ImportRefused as refusal:
            return Unreadable(text_of(item.get("title")), refusal.sentence)
        return None

    def _read_manifest(self, archive: Archive) -> None:
        if entry := archive.named("manifest.json"):
            for row in self._rows(archive, entry.filename):
                if row.get("format") == "parley-archive":
                    parley.require_known_version(row)
                    self.header, self.is_team = row, True
                break

    def rows_of(self, name: str) -> Iterator[Mapping[str, Any]]:
        """The rows of a part of a team's archive, such as spaces.jsonl; none where it isn't there or is damaged."""
        if self.archive and self.is_team:
            yield from self._rows(self.archive, name)

    def _rows(self, archive: Archive, name: str) -> Iterator[Mapping[str, Any]]:
        entry = archive.named(name)
        if entry is None:
            return
        try:
            with archive.open(entry) as stream:
                for number, (_header, row) in enumerate(items_in(stream)):
                    if isinstance(row, dict) and number < _MOST_PEOPLE:
                        yield row
        except (BrokenOff, TooLarge, *DAMAGED):
            return
