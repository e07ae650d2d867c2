"""Finding conversations, questions, answers, presets, attachments, documents, copies of pages, tags, spaces, saved
searches, watches and verifications: lookup and permission in one.

Whoever may not know that something exists gets Http404; whoever may read it but not do the thing asked for gets
PermissionDenied with a sentence that says so. Lookups by id go over every team the person is on, so a link works
whichever team is chosen at the moment; lists belong to the chosen team and take its membership.
"""

from chat.access.attachments import own_uploads, readable_attachment
from chat.access.conversations import (
    Permission,
    askable_answer,
    askable_conversation,
    askable_question,
    askable_with_membership,
    editable_question,
    managed_conversation,
    may_ask_in,
    may_manage,
    owned_conversation,
    readable_answer,
    readable_conversation,
    readable_conversations,
    readable_original,
    readable_question,
    readers_of,
    still_good,
    trashed_conversations,
)
from chat.access.documents import changeable_document, open_space, readable_document
from chat.access.memberships import membership_for
from chat.access.page_copies import readable_copy
from chat.access.places import (
    ALONE,
    TEAM,
    Offered,
    Place,
    alone_in,
    in_space,
    offered_places,
    place_seen_by,
    space_seen_by,
    spaces_used_by,
    usable_place,
    usual_place,
    usual_place_in,
    value_of,
)
from chat.access.presets import managed_preset, owned_preset, readable_preset
from chat.access.searches import own_search
from chat.access.space_readers import space_readers, spaces_read_by
from chat.access.spaces import (
    SpaceRole,
    contributed_space,
    managed_space,
    readable_space,
    readable_spaces,
    role_in,
    space_with_role,
    trashed_spaces,
    usable_spaces,
)
from chat.access.tags import counted_tags, managed_tag, visible_tags
from chat.access.trash import trash_begins
from chat.access.verifications import own_verification, withdrawable_verification
from chat.access.watches import may_stop, owned_watch, readable_run, readable_watch, readable_watches, stoppable_watch

__all__ = [
    "ALONE",
    "TEAM",
    "Offered",
    "Permission",
    "Place",
    "SpaceRole",
    "alone_in",
    "askable_answer",
    "askable_conversation",
    "askable_question",
    "askable_with_membership",
    "changeable_document",
    "contributed_space",
    "counted_tags",
    "editable_question",
    "in_space",
    "managed_conversation",
    "managed_preset",
    "managed_space",
    "managed_tag",
    "may_ask_in",
    "may_manage",
    "may_stop",
    "membership_for",
    "offered_places",
    "open_space",
    "own_search",
    "own_uploads",
    "own_verification",
    "owned_conversation",
    "owned_preset",
    "owned_watch",
    "place_seen_by",
    "readable_answer",
    "readable_attachment",
    "readable_conversation",
    "readable_conversations",
    "readable_copy",
    "readable_document",
    "readable_original",
    "readable_preset",
    "readable_question",
    "readable_run",
    "readable_space",
    "readable_spaces",
    "readable_watch",
    "readable_watches",
    "readers_of",
    "role_in",
    "space_readers",
    "space_seen_by",
    "space_with_role",
    "spaces_read_by",
    "spaces_used_by",
    "still_good",
    "stoppable_watch",
    "trash_begins",
    "trashed_conversations",
    "trashed_spaces",
    "usable_place",
    "usable_spaces",
    "usual_place",
    "usual_place_in",
    "value_of",
    "visible_tags",
    "withdrawable_verification",
]
