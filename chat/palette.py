"""What the command palette offers about conversations and asking."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import current_membership, signed_in
from accounts.models import Membership, User
from chat import access
from chat.models import Conversation
from chat.search.saved import saved_searches
from core.web.palette import PaletteEntry, PaletteSection, best_matches

_MOST_TITLES = 1_000
"""Conversations whose titles are looked through, those first in which somebody asked last. The search knows all."""
_RECENT = 5
"""Conversations that are offered before anything was typed."""
_MOST_SPACES = 1_000
"""Spaces whose names are looked through: as many as a team can have."""
_MOST_PEOPLE = 500
"""Teammates whose names are looked through, those first who have been on the team longest."""


def entries(request: HttpRequest, typed: str) -> list[PaletteEntry]:
    """Conversations by their titles, what can be done in the open page, and the pages of the team."""
    membership = current_membership(request)
    everywhere = [*_everywhere(), *_operating(signed_in(request))]
    if membership is None:
        return everywhere
    people = _people(membership, typed) if typed.strip() else []
    found = [*_conversations(membership, typed), *_spaces(membership, typed)]
    own = [*_asking(membership), *_pages(membership), *(_saved_searches(membership) if typed.strip() else [])]
    return [*found, *own, *everywhere, *people]


def _conversations(membership: Membership, typed: str) -> list[PaletteEntry]:
    named = bool(typed.strip())
    newest = access.readable_conversations(membership).order_by("-last_asked_at", "-id")
    if not named:
        newest = newest.filter(archived=False)
    columns = ("pk", "title", "visibility", "archived", "space_id")
    rows = list(newest.values_list(*columns)[: _MOST_TITLES if named else _RECENT])
    in_spaces = {row[-1] for row in rows if row[-1]}
    spaces = access.readable_spaces(membership).only("name").in_bulk(in_spaces) if in_spaces else {}
    return best_matches(
        typed,
        (
            (
                title,
                PaletteEntry(
                    PaletteSection.CONVERSATIONS,
                    title,
                    "lock" if visibility == Conversation.Visibility.PRIVATE else "talk",
                    address=reverse("chat:conversation", args=[pk]),
                    detail=_("Archived") if archived else spaces[space_id].name if space_id in spaces else "",
                ),
            )
            for pk, title, visibility, archived, space_id in rows
        ),
    )


def _spaces(membership: Membership, typed: str) -> list[PaletteEntry]:
    """The spaces that the person may read, by their names, once something was typed."""
    if not typed.strip():
        return []
    rows = access.readable_spaces(membership).values_list("pk", "name", "description", "archived")
    return best_matches(
        typed,
        (
            (
                name,
                PaletteEntry(
                    PaletteSection.SPACES,
                    name,
                    "space",
                    address=reverse("chat:space", args=[pk]),
                    detail=_("Archived") if archived else description,
                ),
            )
            for pk, name, description, archived in rows.order_by("archived", "name", "id")[:_MOST_SPACES]
        ),
    )


def _asking(membership: Membership) -> list[PaletteEntry]:
    if not membership.may_ask:
        return []
    home = reverse("chat:home")
    actions = PaletteSection.ACTIONS
    return [
        PaletteEntry(actions, _("New question"), "plus", address=home, order=10),
        PaletteEntry(
            actions,
            _("New private question"),
            "lock",
            address=f"{home}?visibility=private",
            detail=_("Only you"),
            order=11,
        ),
        PaletteEntry(actions, _("New space"), "space", address=reverse("chat:new_space"), when_named=True, order=14),
        PaletteEntry(actions, _("Switch model"), "swap", press="#models > summary", also=_("Model"), order=12),
        PaletteEntry(actions, _("Attach files"), "clip", press="[data-attach]", when_named=True, order=13),
    ]


def _pages(membership: Membership) -> list[PaletteEntry]:
    pages = PaletteSection.PAGES
    history = reverse("chat:history")
    found = [
        PaletteEntry(pages, _("All conversations"), "talk", address=history, also=_("History"), order=10),
        PaletteEntry(
            pages,
            _("Archived conversations"),
            "archive",
            address=f"{history}?filter=archived",
            when_named=True,
            order=11,
        ),
        PaletteEntry(pages, _("Spaces"), "space", address=reverse("chat:spaces"), order=12),
        PaletteEntry(pages, _("Sources"), "ledger", address=reverse("chat:sources"), order=13),
        PaletteEntry(
            pages,
            _("Marked sites"),
            "ledger",
            address=reverse("chat:sites"),
            also=_("Blocked sites"),
            when_named=True,
            order=13,
        ),
        PaletteEntry(pages, _("Watches"), "bell", address=reverse("chat:watches"), when_named=True, order=14),
        PaletteEntry(pages, _("Tags"), "tag", address=reverse("chat:tags"), when_named=True, order=12),
        PaletteEntry(
            pages, _("Verified by you"), "check", address=reverse("chat:own_verifications"), when_named=True, order=13
        ),
        PaletteEntry(pages, _("Presets"), "bookmark", address=reverse("chat:presets"), order=40),
    ]
    found.append(PaletteEntry(pages, _("Your use"), "bars", address=reverse("chat:own_use"), when_named=True, order=52))
    if membership.may_ask:
        found.append(PaletteEntry(pages, _("Trash"), "trash", address=reverse("chat:trash"), when_named=True, order=53))
    if membership.may_manage:
        found += [
            PaletteEntry(pages, _("Costs"), "bars", address=reverse("chat:costs"), order=50),
            PaletteEntry(pages, _("Models and tools"), "gear", address=reverse("chat:team_models"), order=51),
        ]
    return found


def _saved_searches(membership: Membership) -> list[PaletteEntry]:
    return [
        PaletteEntry(
            PaletteSection.PAGES,
            one.name,
            "search",
            address=f"{reverse('chat:search')}?{one.address_query}",
            detail=_("Saved search"),
            also=one.query,
            when_named=True,
            order=60,
        )
        for one in saved_searches(membership.user, membership.team)
    ]


def _people(membership: Membership, typed: str) -> list[PaletteEntry]:
    """Teammates, each with the conversations that they started."""
    teammates = Membership.objects.filter(team=membership.team_id).select_related("user").order_by("joined_at", "id")
    history = reverse("chat:history")
    return best_matches(
        typed,
        (
            (
                f"{mate.user.display_name} {mate.user.username}",
                PaletteEntry(
                    PaletteSection.PEOPLE,
                    mate.user.display_name,
                    "person",
                    address=f"{history}?by={'me' if mate.pk == membership.pk else mate.user_id}",
                    detail=_("Conversations"),
                    also=mate.user.username,
                ),
            )
            for mate in teammates[:_MOST_PEOPLE]
        ),
    )


def _operating(user: User) -> list[PaletteEntry]:
    if not user.is_superuser:
        return []
    address = reverse("chat:connect")
    return [PaletteEntry(PaletteSection.PAGES, _("Connect Perplexity"), "swap", address=address, order=75)]


def _everywhere() -> list[PaletteEntry]:
    """What works on every page, by its own controls."""
    actions = PaletteSection.ACTIONS
    themes = (
        ("dark", "moon", _("Dark theme")),
        ("light", "sun", _("Light theme")),
        ("system", "display", _("Theme of your device")),
    )
    return [
        PaletteEntry(
            actions, _("Keyboard shortcuts"), "keys", address=reverse("chat:shortcuts"), also=_("Help"), order=60
        ),
        *(
            PaletteEntry(actions, label, icon, press=f"#theme [value={value}]", also=_("Theme"), order=70)
            for value, icon, label in themes
        ),
        PaletteEntry(
            actions,
            _("Hide or show the sidebar"),
            "panel",
            press="#hide-sidebar, #open-sidebar",
            when_named=True,
            order=75,
        ),
    ]
