"""The ledger of sources: which pages the team's answers used, and what the team thinks of their sites."""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from chat.models.answers import Answer
from chat.models.conversations import Conversation


class SiteMark(models.Model):
    """What somebody said of a site, and why. The newest for a site holds, the others are its history; one without a
    mark takes away what was there. What is said of `example.org` holds for `docs.example.org` too, unless that has a
    mark of its own."""

    class Mark(models.TextChoices):
        TRUSTED = "trusted", pgettext_lazy("a site", "Trusted")
        DOUBTFUL = "doubtful", pgettext_lazy("a site", "Doubtful")
        BLOCKED = "blocked", pgettext_lazy("a site", "Blocked")
        NONE = "", pgettext_lazy("a site", "No mark")

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="site_marks")
    site = models.CharField(max_length=253)
    mark = models.CharField(max_length=10, choices=Mark, blank=True, default=Mark.NONE)
    reason = models.CharField(max_length=500, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(default=timezone.now)
    holds = models.BooleanField(default=True, help_text="Nobody has said anything else of the site since.")

    class Meta:
        ordering = ["-marked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["team", "site"], condition=Q(holds=True), name="one_mark_holds_per_site")
        ]
        indexes = [models.Index(fields=["team", "site", "-marked_at"], name="marks_of_a_site")]

    def __str__(self) -> str:
        return f"{self.site}: {self.get_mark_display()}"


class SourceUse(models.Model):
    """A page among the sources of one answer.

    `address_key` stands for the page, and `number` is that of the first of the answer's sources that are this page.
    `audience` is whose ledger it counts in, which is whoever may read the conversation
    (`chat.sources.ledger.audiences`); nobody's while the conversation is in the trash. The counts are those of the
    newest check of the answer.
    """

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    audience = models.UUIDField(null=True)
    address_key = models.CharField(max_length=64)
    site = models.CharField(max_length=253, blank=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="source_uses", db_index=False)
    number = models.PositiveIntegerField()
    cited = models.BooleanField(default=False)
    found = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField()

    class Meta:
        ordering = ["-used_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["answer", "address_key"], name="one_use_per_answer_and_page")]
        indexes = [
            models.Index(fields=["address_key", "audience"], name="uses_of_a_page"),
            models.Index(fields=["team", "site", "-used_at"], name="uses_of_a_site"),
        ]

    def __str__(self) -> str:
        return f"{self.site} [{self.number}]"


class LedgerSource(models.Model):
    """A page in one audience's ledger, summed up from what of its uses that audience may read, and nothing else.

    `folded` is what the search in the ledger looks through, short enough for an index (`chat.sources.ledger.sums`).
    `gone`, `moved`, `changed` and `newer` say what is known of the page since, from its kept copies; `mark` is what the
    team says of its site.
    """

    class Newer(models.TextChoices):
        NONE = "", pgettext_lazy("a publication", "Nothing newer")
        NEWER = "newer", pgettext_lazy("a publication", "Newer version")
        WITHDRAWN = "withdrawn", pgettext_lazy("a publication", "Retracted")

    id = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    audience = models.UUIDField()
    address_key = models.CharField(max_length=64)
    site = models.CharField(max_length=253, blank=True)
    address = models.TextField()
    title = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    answers = models.PositiveIntegerField(default=0)
    cited = models.PositiveIntegerField(default=0, help_text="In how many of them.")
    found = models.PositiveIntegerField(default=0)
    partly = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    gone = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    changed = models.BooleanField(default=False)
    newer = models.CharField(max_length=10, choices=Newer, blank=True, default=Newer.NONE)
    mark = models.CharField(max_length=10, choices=SiteMark.Mark, blank=True, default=SiteMark.Mark.NONE)

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["address_key", "audience"], name="one_sum_per_page_and_place")]
        indexes = [
            models.Index(fields=["team", "site"], name="ledger_sites"),
            models.Index(fields=["audience", "-last_at", "-id"], name="ledger_by_recency"),
            models.Index(fields=["audience", "-answers", "-id"], name="ledger_by_answers"),
            models.Index(fields=["audience", "-cited", "-id"], name="ledger_by_citations"),
            models.Index(fields=["audience", "site", "-id"], name="ledger_by_site"),
            models.Index(fields=["audience", "folded"], name="ledger_words"),  # all of it is looked through, row by row
            models.Index(fields=["audience", "-last_at"], name="ledger_missing", condition=Q(missing__gt=0)),
            models.Index(fields=["audience", "-last_at"], name="ledger_gone", condition=Q(gone=True)),
            models.Index(fields=["audience", "-last_at"], name="ledger_moved", condition=Q(moved=True)),
            models.Index(fields=["audience", "-last_at"], name="ledger_changed", condition=Q(changed=True)),
            models.Index(fields=["team", "address_key"], name="ledger_newer", condition=~Q(newer="")),
            models.Index(fields=["audience", "mark", "-last_at"], name="ledger_marked", condition=~Q(mark="")),
        ]

    def __str__(self) -> str:
        return self.title or self.address


class LedgerNews(models.Model):
    """What the ledger still has to take note of: an answer with sources that ended or was checked, or a conversation
    that others may read from now on. Written in the transaction in which that happens."""

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="That of the conversation."
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "ledger news"

    def __str__(self) -> str:
        return f"{self.answer_id or self.conversation_id}"

    @staticmethod
    def of_answers(answer_ids: Iterable[UUID]) -> None:
        """Have the ledger look at the answers' sources, and at what checks found in them, by one statement."""
        LedgerNews.objects.bulk_create([LedgerNews(answer_id=answer_id) for answer_id in answer_ids])


class LedgerProgress(models.Model):
    """How far the ledger has come: one row, which is locked by whoever changes sums.

    `answers_through` is the last answer of those that were there before the ledger was; `is_whole` says that all of
    them are in it. `pages_through` is when the last copy of a page was made that it knows.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    answers_through = models.UUIDField(null=True, blank=True)
    is_whole = models.BooleanField(default=False)
    pages_through = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.answers_through}"
