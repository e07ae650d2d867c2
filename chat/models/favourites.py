"""Models that people keep within reach."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.ids import new_id


class FavouriteModel(models.Model):
    """One person's mark at one model, which holds in all their teams. `model` is the id of an offer, whether or not it
    is still made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourite_models")
    model = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "model"], name="one_mark_per_model")]

    def __str__(self) -> str:
        return self.model
