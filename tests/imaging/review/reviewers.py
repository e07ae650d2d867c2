"""What reviewers do, in short: by the functions that work, and by the pages."""

from django.test import Client
from django.urls import reverse

from accounts.models import User
from imaging.models import Decision, GeneratedImage
from imaging.review import decisions, queue
from imaging.review.decisions import Seen

Verdict = Decision.Verdict


def see(image: GeneratedImage) -> Seen:
    """The image as a reviewer sees it now."""
    return queue.seen_state(queue.with_review_details(GeneratedImage.objects.filter(pk=image.pk)).get())


def approve(image: GeneratedImage, by: User) -> Decision:
    """Approve it as it is now."""
    return decisions.decide(seen=see(image), by=by, verdict=Verdict.APPROVED)


def reject(image: GeneratedImage, by: User, reason: str = "Not ours.") -> Decision:
    """Reject it as it is now."""
    return decisions.decide(seen=see(image), by=by, verdict=Verdict.REJECTED, reason=reason)


def state(image: GeneratedImage) -> str:
    """What the database says."""
    return str(GeneratedImage.objects.values_list("state", flat=True).get(pk=image.pk))


def verdicts(image: GeneratedImage) -> list[tuple[str, str]]:
    """Who decided what, in order."""
    return [(one.by.username, one.verdict) for one in image.decisions.select_related("by").order_by("id")]


def browser(person: User | None) -> Client:
    """A browser in which the person is signed in, or nobody."""
    client = Client()
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def seen(image: GeneratedImage) -> str:
    """The image as a form names it."""
    return str(see(image))


def post(client: Client, name: str, **data: object) -> str:
    """The page that follows."""
    return client.post(reverse(f"admin:imaging_review_{name}"), data, follow=True).content.decode()


def page(client: Client, name: str = "imaging_review", *args: object) -> str:
    """A page that opens."""
    response = client.get(reverse(f"admin:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def states() -> list[str]:
    """The states of all images, oldest first."""
    return list(GeneratedImage.objects.order_by("created_at", "id").values_list("state", flat=True))


def address(name: str, image: GeneratedImage) -> str:
    """The address of that name, about this image or the one decision about it."""
    if name in {"imaging_review_image", "imaging_review_claim", "imaging_review_release"}:
        return reverse(f"admin:{name}", args=[image.pk])
    if name == "imaging_decision_change":
        return reverse(f"admin:{name}", args=[image.decisions.get().pk])
    return reverse(f"admin:{name}")
