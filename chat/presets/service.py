"""Options that people keep: their defaults, and presets under a name that the team may share.

What one person keeps is changed one change after the other, so that two saves at once leave one preset of a name.
"""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Team, User
from chat.models import Preset
from core.errors import ActionRefused

MOST = 50  # presets that one person keeps in one team, besides the defaults
MOST_TO_START_WITH = 3  # presets beside the examples on the front page
LONGEST_OPTIONS = 64_000  # characters of their JSON; a JSON schema for answers is the only option that gets long
KEPT_FOR = timedelta(days=30)
"""How long a deleted preset can be restored."""

logger = logging.getLogger(__name__)


class NameTaken(ActionRefused):
    """The person has another preset of that name."""


def own_defaults(user: User, team: Team) -> Preset | None:
    """The person's defaults in that team, None when they kept none."""
    return Preset.objects.filter(team=team, owner=user, name="", deleted_at=None).first()


def defaults_of(user: User, team: Team) -> dict[str, Any]:
    """The options with which the person's new conversations begin, as on the wire; empty when they kept none."""
    found = own_defaults(user, team)
    return dict(found.options) if found else {}


def visible_presets(user: User, team: Team) -> list[Preset]:
    """The presets with a name that the person may apply: their own, then what teammates share; each part by name."""
    found = Preset.objects.filter(Q(owner=user) | Q(shared=True), team=team, deleted_at=None).exclude(name="")
    return sorted(
        found.select_related("owner"),
        key=lambda preset: (preset.owner_id != user.pk, preset.name.casefold(), preset.pk),
    )


def starting_presets(team: Team) -> list[Preset]:
    """A few of the presets that the team shares, by name, to begin a question with."""
    shared = Preset.objects.filter(team=team, shared=True, deleted_at=None).exclude(name="")
    return list(shared.order_by(Lower("name"), "pk").only("name")[:MOST_TO_START_WITH])


@transaction.atomic
def save_defaults(*, team: Team, by: User, options: Mapping[str, Any], model: str = "") -> Preset:
    """Begin the person's new conversations with these options, and with the offer of the id `model` if there is one.

    Raises PermissionDenied for a viewer, ActionRefused for options that are too long.
    """
    _lock_presets(team=team, by=by)
    _must_fit(options)
    kept, _created = Preset.objects.update_or_create(
        team=team, owner=by, name="", deleted_at=None, defaults={"options": dict(options), "model": model}
    )
    logger.info("%s kept defaults in team %s.", by.get_username(), team.pk)
    return kept


@transaction.atomic
def save_preset(
    *,
    team: Team,
    by: User,
    name: str,
    options: Mapping[str, Any],
    model: str = "",
    shared: bool = False,
    replace: bool = False,
) -> Preset:
    """Keep options under a name of 1 to 60 characters. With `replace`, one's own preset of that name gets them instead.

    Raises NameTaken without `replace`, ActionRefused when there are too many or nothing to keep, PermissionDenied for a
    viewer.
    """
    _lock_presets(team=team, by=by)
    _must_fit(options)
    if not options and not model:
        raise ActionRefused(_("There’s nothing to save. Set an option or include the model."))
    mine = _presets_of(team=team, by=by)
    same = _preset_named(mine, name)
    if same is None:
        if len(mine) >= MOST:
            raise ActionRefused(
                ngettext(
                    "You have %(most)d preset, which is the limit. Delete it first.",
                    "You have %(most)d presets, which is the limit. Delete one first.",
                    MOST,
                )
                % {"most": MOST}
            )
        same = Preset(team=team, owner=by)
    elif not replace:
        raise NameTaken(
            _("You already have a preset called “%(name)s”. Choose another name, or replace it.") % {"name": name}
        )
    same.name, same.options, same.model, same.shared = name, dict(options), model, shared
    same.save()
    _note(by, "kept", same)
    return same


@transaction.atomic
def rename_preset(*, preset: Preset, by: User, name: str) -> None:
    """Give one's own preset another name of 1 to 60 characters. Raises NameTaken, PermissionDenied for a viewer."""
    _lock_presets(team=preset.team, by=by)
    others = [other for other in _presets_of(team=preset.team, by=by) if other.pk != preset.pk]
    if _preset_named(others, name):
        raise NameTaken(_("You already have a preset called “%(name)s”. Choose another name.") % {"name": name})
    preset.name = name
    _store(preset, "name", by, "renamed")


def share_preset(*, preset: Preset, by: User) -> None:
    """Let the whole team apply the preset."""
    preset.shared = True
    _store(preset, "shared", by, "shared")


def unshare_preset(*, preset: Preset, by: User) -> None:
    """Keep the preset for its owner alone."""
    preset.shared = False
    _store(preset, "shared", by, "unshared")


def delete_preset(*, preset: Preset, by: User) -> None:
    """Take the preset away from everybody; it can be restored for KEPT_FOR and is purged after that."""
    preset.deleted_at = timezone.now()
    _store(preset, "deleted_at", by, "deleted")


@transaction.atomic
def restore_preset(*, preset: Preset, by: User) -> None:
    """Bring a deleted preset back as it was.

    Raises ActionRefused when its owner has another one of its name by now, other defaults, or too many.
    """
    owner = Membership.objects.select_for_update(no_key=True).filter(team=preset.team_id, user=preset.owner_id)
    list(owner)  # nobody keeps another one meanwhile
    if preset.name:
        others = _presets_of(team=preset.team, by=preset.owner)
        if _preset_named(others, preset.name):
            raise NameTaken(
                _("Another preset is now called “%(name)s”. Rename that one first.") % {"name": preset.name}
            )
        if len(others) >= MOST:
            raise ActionRefused(_("The limit of saved presets has been reached. Delete one first."))
    elif own_defaults(preset.owner, preset.team):
        raise NameTaken(_("You’ve saved other defaults since then."))
    preset.deleted_at = None
    _store(preset, "deleted_at", by, "restored")


def purge_presets() -> int:
    """Remove for good what was deleted longer than KEPT_FOR ago. Returns how many presets that were."""
    return Preset.objects.filter(deleted_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _lock_presets(*, team: Team, by: User) -> None:
    """Keep the person's presets to oneself until the transaction ends. Raises PermissionDenied for a viewer."""
    membership = Membership.objects.select_for_update(no_key=True).filter(team=team, user=by).first()
    if membership is None or not membership.may_ask:
        raise PermissionDenied(_("Viewers can read this team’s presets but can’t save their own."))


def _must_fit(options: Mapping[str, Any]) -> None:
    if len(json.dumps(options, ensure_ascii=False)) > LONGEST_OPTIONS:
        raise ActionRefused(_("These options are too long to save. Shorten the answer format."))


def _presets_of(*, team: Team, by: User) -> list[Preset]:
    return list(Preset.objects.filter(team=team, owner=by, deleted_at=None).exclude(name=""))


def _preset_named(presets: list[Preset], name: str) -> Preset | None:
    """The preset of that name, whether written in small letters or capitals."""
    return next((preset for preset in presets if preset.name.casefold() == name.casefold()), None)


def _store(preset: Preset, field: str, by: User, done: str) -> None:
    preset.save(update_fields=[field])
    _note(by, done, preset)


def _note(by: User, done: str, preset: Preset) -> None:
    logger.info("%s %s preset %s.", by.get_username(), done, preset.pk)
