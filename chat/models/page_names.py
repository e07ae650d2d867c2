"""Under which addresses a page was asked for."""

from django.db import models

from accounts.models import Team


class PageName(models.Model):
    """An address that turned out to be a page with another name: it redirects there, or the page says so itself.

    `asked_key` stands for the address as somebody cites it, `address_key` for the page as its copies have it
    (`chat.sources.copies.addresses`). An address that has no row is its page's own.
    """

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    asked_key = models.CharField(max_length=64)
    address_key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "asked_key"], name="one_page_per_asked_address")]
        indexes = [models.Index(fields=["team", "address_key"], name="names_by_page")]

    def __str__(self) -> str:
        return f"{self.asked_key}: {self.address_key}"
