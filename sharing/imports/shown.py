"""What pages say of an import: figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.web.formats import number
from core.web.wording import said_text
from sharing.imports.foreign import LeftOut
from sharing.models import ImportRun
from sharing.models.imports import Service

_OF_PARTS = ("spaces", "documents", "images", "reports", "watches", "sites", "presets", "searches")
_FIGURES = ("questions", "answers", "sources", "checks", "verifications", "pictures", *_OF_PARTS)
_KINDS = {kind.value for kind in LeftOut}


@dataclass(frozen=True, slots=True)
class Refused:
    """A conversation of the file that cannot be taken, and why."""

    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found in a file, in words. `more` counts what is refused beyond those that are named."""

    services: str
    figures: Sequence[str]
    titles: Sequence[str]
    untitled: int
    left_out: Sequence[str]
    refused: Sequence[Refused]
    more: int
    new: int
    known: int
    grown: int


def preview_of(run: ImportRun) -> Preview:
    """What the person sees before they begin."""
    found = run.found
    refused = [Refused(title, said_text(why)) for title, why in found.get("refused", [])]
    known, grown, unreadable = found.get("known", 0), found.get("grown", 0), found.get("unreadable", 0)
    titles = found.get("titles", [])
    readable = run.total - unreadable
    return Preview(
        services=", ".join(Service(name).label for name in found.get("services", {})),
        figures=_figures(run),
        titles=titles,
        untitled=max(0, readable - len(titles)),
        left_out=left_out_words(found.get("left_out", {})),
        refused=refused,
        more=max(0, unreadable - len(refused)),
        new=max(0, readable - known - grown),
        known=known,
        grown=grown,
    )


def _figures(run: ImportRun) -> list[str]:
    """How many there are of everything besides conversations."""
    said = []
    for name in _FIGURES:
        if count := int(run.found.get(name, 0)):
            said.append(_figure(name, count) % {"n": number(count, places=0)})
    return said


def _figure(name: str, n: int) -> str:
    match name:
        case "questions":
            return ngettext("%(n)s question", "%(n)s questions", n)
        case "answers":
            return ngettext("%(n)s answer", "%(n)s answers", n)
        case "sources":
            return ngettext("%(n)s source", "%(n)s sources", n)
        case "pictures":
            return ngettext("%(n)s attached file", "%(n)s attached files", n)
        case "spaces":
            return ngettext("%(n)s space", "%(n)s spaces", n)
        case "documents":
            return ngettext("%(n)s document", "%(n)s documents", n)
        case _:
            return _figure_of_team(name, n)


def _figure_of_team(name: str, n: int) -> str:
    match name:
        case "checks":
            return ngettext("%(n)s answer with checked citations", "%(n)s answers with checked citations", n)
        case "verifications":
            return ngettext("%(n)s verification", "%(n)s verifications", n)
        case "images":
            return ngettext("%(n)s image", "%(n)s images", n)
        case "reports":
            return ngettext("%(n)s report", "%(n)s reports", n)
        case "watches":
            return ngettext("%(n)s watch", "%(n)s watches", n)
        case "sites":
            return ngettext("%(n)s marked site", "%(n)s marked sites", n)
        case "presets":
            return ngettext("%(n)s preset", "%(n)s presets", n)
        case _:
            return ngettext("%(n)s saved search", "%(n)s saved searches", n)


def parts_words(run: ImportRun) -> list[str]:
    """What came of a whole team besides its conversations, what was here already, and what could not come."""
    parts: dict[str, dict[str, int]] = run.found.get("parts", {})
    said = []
    brought = [
        _figure(name, counts["brought"]) % {"n": number(counts["brought"], places=0)}
        for name, counts in parts.items()
        if counts.get("brought") and name in _OF_PARTS
    ]
    if brought:
        said.append(_("Also imported: %(what)s") % {"what": " · ".join(brought)})
    known, left, waiting = (sum(one.get(name, 0) for one in parts.values()) for name in ("known", "left", "waiting"))
    if known:
        said.append(
            ngettext(
                "%(n)s other part of the team is already here and stays as it is.",
                "%(n)s other parts of the team are already here and stay as they are.",
                known,
            )
            % {"n": number(known, places=0)}
        )
    if waiting:
        said.append(
            ngettext(
                "%(n)s image that was approved waits for a reviewer, because you don’t review this team’s images.",
                "%(n)s images that were approved wait for a reviewer, because you don’t review this team’s images.",
                waiting,
            )
            % {"n": number(waiting, places=0)}
        )
    if left:
        said.append(_left_out(LeftOut.PART, left) % {"n": number(left, places=0)})
    return said


def has_parts(run: ImportRun) -> bool:
    """Whether anything besides conversations came with it."""
    return any(counts.get("brought") for counts in run.found.get("parts", {}).values())


def left_out_words(counts: dict[str, int]) -> list[str]:
    """What is not taken, each kind in a line with how many there are."""
    said = []
    for kind, count in sorted(counts.items(), key=lambda one: -one[1]):
        if kind in _KINDS and count:
            said.append(_left_out(LeftOut(kind), count) % {"n": number(count, places=0)})
    return said


def _left_out(kind: LeftOut, n: int) -> str:
    match kind:
        case LeftOut.SYSTEM:
            return ngettext("%(n)s system prompt", "%(n)s system prompts", n)
        case LeftOut.TOOL:
            return ngettext("%(n)s message from or to a tool", "%(n)s messages from or to tools", n)
        case LeftOut.HIDDEN:
            return ngettext("%(n)s hidden message", "%(n)s hidden messages", n)
        case LeftOut.ALONE:
            return ngettext("%(n)s answer without a question", "%(n)s answers without a question", n)
        case LeftOut.EMPTY:
            return ngettext("%(n)s message without text", "%(n)s messages without text", n)
        case LeftOut.PICTURE:
            return ngettext(
                "%(n)s image that isn’t in the file, or is part of an answer",
                "%(n)s images that aren’t in the file, or are part of answers",
                n,
            )
        case LeftOut.FILE:
            return ngettext("%(n)s attached document", "%(n)s attached documents", n)
        case LeftOut.DATE:
            return ngettext(
                "%(n)s date that can’t be right; the date before it is used",
                "%(n)s dates that can’t be right; the dates before them are used",
                n,
            )
        case LeftOut.LONG:
            return ngettext("The end of %(n)s very long text", "The ends of %(n)s very long texts", n)
        case LeftOut.PASSAGE:
            return ngettext(
                "%(n)s passage of a document whose space isn’t imported",
                "%(n)s passages of documents whose spaces aren’t imported",
                n,
            )
        case LeftOut.VOUCHED:
            return ngettext(
                "%(n)s check or verification; team owners can import it with the whole team",
                "%(n)s checks or verifications; team owners can import them with the whole team",
                n,
            )
        case LeftOut.TEAM:
            return ngettext(
                "%(n)s image, report or other part of the team; team owners can import it with the whole team",
                "%(n)s images, reports or other parts of the team; team owners can import them with the whole team",
                n,
            )
        case LeftOut.PART:
            return ngettext(
                "%(n)s part of the archive that Parley can’t use",
                "%(n)s parts of the archive that Parley can’t use",
                n,
            )
        case LeftOut.MANY:
            return ngettext(
                "%(n)s question or answer beyond what one conversation can have",
                "%(n)s questions or answers beyond what one conversation can have",
                n,
            )


def progress_words(run: ImportRun) -> str:
    """How far the import has come."""
    if run.state == ImportRun.State.LOOKING:
        seen = int(run.found.get("seen", 0))
        if not seen:
            return _("Reading the file…")
        return ngettext("%(n)s conversation found so far", "%(n)s conversations found so far", seen) % {
            "n": number(seen, places=0)
        }
    return _("%(done)s of %(total)s conversations") % {
        "done": number(run.handled, places=0),
        "total": number(run.total, places=0),
    }
