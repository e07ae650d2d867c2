"""What went along with a question out of the documents of its space, and what whoever asks there likes to send."""

from django.conf import settings
from django.db import models

from chat.models.answers import Answer
from chat.models.documents import DocumentVersion, Passage
from chat.models.spaces import Space


class AnswerPassage(models.Model):
    """A passage that went with a question, as it was then. The answer cites it by its `number`, as `[D1]`.

    Everybody who may read the `space` may see it, whoever reads the answer. A whole document has no `text` here and no
    `page`; neither has a passage whose document was deleted for good, which has no `name` any more.
    """

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveSmallIntegerField()
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    version = models.ForeignKey(
        DocumentVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="sent_with"
    )
    passage = models.ForeignKey(Passage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=10, blank=True)
    page = models.PositiveIntegerField(default=0)
    label = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    tokens = models.PositiveIntegerField(default=0, help_text="About how many it took in the prompt.")
    cited = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="one_passage_of_an_answer_per_number")]

    def __str__(self) -> str:
        return f"[D{self.number}] {self.name}"


class DocumentsChoice(models.Model):
    """How a person last chose to ask in a space: `chosen` is what `Question.documents` holds."""

    id = models.BigAutoField(primary_key=True)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    chosen = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "user"], name="one_choice_per_person_and_space")]

    def __str__(self) -> str:
        return f"{self.user}: {self.chosen}"
