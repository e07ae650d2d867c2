"""Searches that people keep."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from core.ids import new_id


class SavedSearch(models.Model):
    """What one person typed into the search box of a team, under a name. One that was deleted can be restored for a
    while, unless another one has its name by then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(help_text="As it is typed, filters included.")
    newest_first = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "owner", "name"],
                name="one_saved_search_per_name",
                condition=models.Q(deleted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address_query(self) -> str:
        """What stands behind the question mark of the search's address."""
        return urlencode({"q": self.query, **({"sort": "new"} if self.newest_first else {})})
