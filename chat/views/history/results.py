"""What became of many conversations, kept in the session until the next page says it."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from chat.conversations.bulk import TAG_ACTIONS, BulkAction, BulkResult
from chat.conversations.bulk_moves import MoveResult
from chat.models import Tag
from core.web import formats

MOST_NAMED = 10
_KEY = "bulk_result"
_DONE = {
    "pin": gettext_lazy("Pinned: %(conversations)s."),
    "unpin": gettext_lazy("Unpinned: %(conversations)s."),
    "archive": gettext_lazy("Archived: %(conversations)s."),
    "unarchive": gettext_lazy("Unarchived: %(conversations)s."),
    "share": gettext_lazy("Shared with the team: %(conversations)s."),
    "unshare": gettext_lazy("Made private: %(conversations)s."),
    "delete": gettext_lazy("Deleted: %(conversations)s."),
    "restore": gettext_lazy("Restored: %(conversations)s."),
    "tag": gettext_lazy("Tag added to %(conversations)s."),
    "untag": gettext_lazy("Tag removed from %(conversations)s."),
    "move": gettext_lazy("Moved to %(place)s: %(conversations)s."),
    "put_back": gettext_lazy("Moved back: %(conversations)s."),
    "erase": gettext_lazy("Deleted for good: %(conversations)s."),
}
_NOT_YOURS = gettext_lazy("These stay as they are, because only their owner or a team owner can change them:")
_FULL = gettext_lazy("These stay as they are, because they have as many tags as a conversation can have:")
_WHY_NOT = {
    "tag": _FULL,
    "share": gettext_lazy("These stay as they are, because only their owner can change who sees them:"),
    "unshare": gettext_lazy("These stay as they are, because only their owner can change who sees them:"),
    "move": gettext_lazy("These stay where they are, because you can’t move them there:"),
    "put_back": gettext_lazy("These stay where they are, because you can’t move them there:"),
}


def keep_result(request: HttpRequest, action: BulkAction, result: BulkResult, *, selected: int) -> None:
    """Keep what became of so many selected conversations, with the way back, for the next page of this person."""
    request.session[_KEY] = {
        "action": action.name,
        "selected": selected,
        "changed": [pk.hex for pk in result.changed],
        "refused": result.refused,
        "tag": request.POST.get("tag", "")[: Tag.LONGEST] if action.name in TAG_ACTIONS else "",
        "undo": "" if request.POST.get("undoing") else action.undo,
    }


def keep_move(request: HttpRequest, action: str, result: MoveResult, *, selected: int, label: str = "") -> None:
    """The same for conversations that were moved, to the place with this label."""
    request.session[_KEY] = {
        "action": action,
        "selected": selected,
        "changed": [pk.hex for pk in result.changed],
        "refused": result.refused,
        "undo": "" if action == "put_back" else "put_back",
        "place": label,
        "back": result.way_back,
    }


def take_result(request: HttpRequest) -> dict[str, Any] | None:
    """What `chat/history/_result.html` shows of the last result, once."""
    kept = request.session.pop(_KEY, None)
    if not kept:
        return None
    changed, refused = kept["changed"], kept["refused"]
    if changed:
        count = ngettext("%(n)s conversation", "%(n)s conversations", len(changed))
        said = str(_DONE[kept["action"]]) % {
            "conversations": count % {"n": formats.number(len(changed))},
            "place": kept.get("place", ""),
        }
    elif refused:
        said = _("Nothing was changed.")
    else:
        said = _("There was nothing to change.") if kept["selected"] else _("Select at least one conversation first.")
    return {
        "said": said,
        "undo": kept["undo"] if changed else "",
        "ids": ",".join(changed),
        "tag": kept.get("tag", ""),
        "refused": refused[:MOST_NAMED],
        "more_refused": max(0, len(refused) - MOST_NAMED),
        "back": kept.get("back", ""),
        "why_not": str(_WHY_NOT.get(kept["action"], _NOT_YOURS)),
    }
