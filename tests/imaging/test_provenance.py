"""Files that leave say where they come from, and the picture in them is the same, byte for byte."""

import io
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import Team, User
from imaging import provenance
from imaging.downloads import file_name
from imaging.models import Decision
from imaging.provenance import Provenance
from tests.files.samples import animation, encoded
from tests.files.samples import drawn as a_picture
from tests.imaging.stored_images import drawn

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PARLEY = f"{{{provenance.NAMESPACE}}}"
PROMPT = 'A "lighthouse" & <script> é 灯台 \x0b]]>'


def told(**more: Any) -> Provenance:
    known: dict[str, Any] = {
        "prompt": PROMPT,
        "description": "Of stone",
        "model": "sonar",
        "generation_model": "seedream",
        "router": "seedream-router",
        "requested_by": "Bob Tanaka",
        "requested_at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "team": "Harbour",
        "identifier": "0190",
        "approved_by": "Rita",
        "approved_at": datetime(2026, 3, 2, tzinfo=UTC),
    }
    return Provenance(**(known | more))


def facts(packet: bytes) -> dict[str, str]:
    """What the XMP packet says under our own names."""
    described = ET.fromstring(packet).find(f".//{RDF}Description")
    assert described is not None
    return {one.tag.removeprefix(PARLEY): one.text or "" for one in described if one.tag.startswith(PARLEY)}


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
def test_a_png_says_it_in_its_own_words_and_in_xmp(mode: str) -> None:
    picture = encoded(a_picture(mode), "PNG")
    file = provenance.with_provenance(picture, "image/png", told())
    image, before = Image.open(io.BytesIO(file)), Image.open(io.BytesIO(picture))
    assert image.tobytes() == before.tobytes()
    assert image.mode == before.mode
    texts = image.text  # type: ignore[attr-defined]
    assert texts["Parley Prompt"] == PROMPT.replace("\x0b", "")
    assert texts["Software"] == "Parley"
    assert texts["Parley ApprovedBy"] == "Rita"
    assert facts(texts["XML:com.adobe.xmp"].encode())["GenerationModel"] == "seedream"


def test_a_jpeg_says_it_in_xmp() -> None:
    picture = encoded(a_picture(), "JPEG")
    file = provenance.with_provenance(picture, "image/jpeg", told())
    image = Image.open(io.BytesIO(file))
    assert image.tobytes() == Image.open(io.BytesIO(picture)).tobytes()
    assert file[2:4] == b"\xff\xe0"  # JFIF stays the first
    said = facts(image.info["xmp"])
    assert said == {
        "Prompt": PROMPT.replace("\x0b", ""),
        "Model": "sonar",
        "GenerationModel": "seedream",
        "Router": "seedream-router",
        "RequestedBy": "Bob Tanaka",
        "RequestedAt": "2026-03-01T12:30:00+00:00",
        "Team": "Harbour",
        "Identifier": "0190",
        "ApprovedBy": "Rita",
        "ApprovedAt": "2026-03-02T00:00:00+00:00",
    }
    assert provenance.MADE_BY_ALGORITHM.encode() in image.info["xmp"]


def test_a_jpeg_has_room_for_the_longest_prompt_and_a_description_without_end() -> None:
    prompt = "&" * 4000
    file = provenance.with_provenance(
        encoded(a_picture(), "JPEG"), "image/jpeg", told(prompt=prompt, description="x" * 99_999)
    )
    assert facts(Image.open(io.BytesIO(file)).info["xmp"])["Prompt"] == prompt


def test_a_gif_says_it_in_a_comment_and_still_moves() -> None:
    picture = animation(3)
    file = provenance.with_provenance(picture, "image/gif", told())
    image = Image.open(io.BytesIO(file))
    assert image.n_frames == 3  # type: ignore[attr-defined]
    assert b'"Model": "sonar"' in file


def test_what_is_not_known_is_not_said() -> None:
    file = provenance.with_provenance(encoded(a_picture(), "PNG"), "image/png", told(approved_by="", approved_at=None))
    texts = Image.open(io.BytesIO(file)).text  # type: ignore[attr-defined]
    assert "Parley ApprovedBy" not in texts
    assert "ApprovedBy" not in texts["XML:com.adobe.xmp"]


@pytest.mark.django_db
def test_a_download_names_who_asked_and_who_approved_as_things_stand(harbour: Team, bob: User, alice: User) -> None:
    image = drawn(team=harbour, by=bob, state="approved", prompt="../A harbour: at night?\n")
    Decision.objects.create(image=image, by=alice, verdict="approved")
    client = Client()
    client.force_login(bob, backend="django.contrib.auth.backends.ModelBackend")

    def download() -> dict[str, str]:
        response = client.get(reverse("imaging:download", args=[image.pk]))
        assert response["Content-Disposition"] == f'attachment; filename="A-harbour-at-night-{image.pk.hex[-6:]}.png"'
        texts: dict[str, str] = Image.open(io.BytesIO(b"".join(response.streaming_content))).text  # type: ignore[attr-defined]
        return texts

    texts = download()
    assert (texts["Parley RequestedBy"], texts["Parley ApprovedBy"]) == ("bob", "alice")
    Decision.objects.create(image=image, by=alice, verdict="undone")
    image.state = "pending"
    image.save()
    assert "Parley ApprovedBy" not in download()


@pytest.mark.django_db
@pytest.mark.parametrize("prompt", ["", "///", "\u202e...", "con", "x" * 500, "灯台 at night"])
def test_names_of_files_are_plain(prompt: str, harbour: Team, bob: User) -> None:
    name = file_name(drawn(team=harbour, by=bob, prompt=prompt))
    assert name.endswith(".png")
    assert 10 < len(name) < 80
    assert not set(name) & set('/\\:*?"<>|\u202e\n')
