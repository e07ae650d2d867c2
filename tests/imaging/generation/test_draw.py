"""Drawing through the running product: one click, one call, whatever comes back and whoever goes away meanwhile."""

import hashlib
import io
import re
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from PIL import Image

from tests.conftest import MakeServer
from tests.files.samples import drawn as a_picture
from tests.files.samples import encoded, png_that_claims, telltale
from tests.imaging.generation.draw_requests import draw, drawn, stored
from tests.imaging.generation.gateways import DemoOnAPort, Scripted, demo_gateway, scripted_gateway
from tests.questions import ask, eventually, watch
from tests.serving import Server
from tests.walks import long_walk

__all__ = ["demo_gateway", "scripted_gateway"]


@pytest.fixture(scope="module")
def image_server(shared_server: Server) -> Server:
    return shared_server


@pytest.fixture
def with_demo(make_server: MakeServer, demo_gateway: DemoOnAPort) -> Server:
    return make_server(env={"GATEWAY_BASE_URL": demo_gateway.url})


@pytest.fixture
def with_script(make_server: MakeServer, scripted_gateway: Scripted) -> Server:
    return make_server(env={"GATEWAY_BASE_URL": scripted_gateway.url})


def test_an_image_is_drawn_kept_and_shown_with_all_that_is_known(image_server: Server) -> None:
    bob = image_server.client("bob")
    draw(bob, "A blue lighthouse", model="gateway:sonar-pro")
    [image] = drawn(image_server, "A blue lighthouse")
    assert image["state"] == "pending"
    assert image["resolved_model"] == "sonar-pro"
    assert (image["generation_model"], image["router"]) == ("seedream", "seedream-router")
    assert image["description"] == "A flat, simple drawing of A blue lighthouse"
    assert image["response"]["answer"] == "Media generated: 'A blue lighthouse'"
    assert image["response"]["follow_up"]["backend_uuid"]
    assert re.fullmatch(r"[0-9a-f]{16}", image["fingerprint"])
    picture = bob.get(f"/images/{image['id']}/picture/")
    assert hashlib.sha256(picture.content).hexdigest() == image["sha256"]
    assert Image.open(io.BytesIO(picture.content)).size == (1024, 1024)
    thumbnail = bob.get(f"/images/{image['id']}/thumbnail/")
    assert Image.open(io.BytesIO(thumbnail.content)).format == "WEBP"
    page = bob.get(f"/images/{image['id']}/").text
    for known in ("seedream", "sonar-pro", "A flat, simple drawing", image["sha256"], "1024 × 1024", "image/png"):
        assert known in page
    assert image["id"] in bob.get("/images/").text


def test_several_images_of_the_gateway_are_several_requests_beside_other_services(image_server: Server) -> None:
    prompt = "Three houses #demo:two"
    bob = image_server.client("bob")
    form = bob.get("/images/").text
    names = re.findall(r'<optgroup label="(\w+)">|<option value="(?:gateway|images):[^>]*>([^<]+)<', form)
    assert [group or name for group, name in names][:3] == ["Gateway", "Turbo", "Sonar"]
    assert [group or name for group, name in names][-4:] == ["Images", "GPT Image 1", "GPT Image 1 Mini", "SD Turbo"]
    draw(bob, prompt, model="gateway:turbo", count="2", size="1024x1536")
    eventually(lambda: len(stored(image_server, prompt)) == 4)
    images = drawn(image_server, prompt)
    assert [image["state"] for image in images] == ["pending"] * 4
    assert {(image["service"], image["resolved_model"], image["wished_size"]) for image in images} == {
        ("gateway", "turbo", "")
    }


def test_a_response_with_two_pictures_makes_two_images(image_server: Server) -> None:
    prompt = "A cat #demo:two"
    bob = image_server.client("bob")
    draw(bob, prompt)
    eventually(lambda: len(stored(image_server, prompt)) == 2)
    one, other = drawn(image_server, prompt)
    assert [one["state"], other["state"]] == ["pending", "pending"]
    assert [one["position"], other["position"]] == [0, 1]
    assert one["sha256"] != other["sha256"]
    assert other["id"] in bob.get(f"/images/{one['id']}/").text
    assert other["id"] in bob.get(f"/images/{one['id']}/tile/?others=0").text
    assert other["id"] not in bob.get(f"/images/{one['id']}/tile/?others=1").text


def test_a_picture_about_which_nothing_is_said_is_kept(image_server: Server) -> None:
    draw(image_server.client("bob"), "A boat #demo:bare")
    [image] = drawn(image_server, "A boat #demo:bare")
    assert image["state"] == "pending"
    assert (image["description"], image["generation_model"], image["router"]) == ("", "", "")


@pytest.mark.parametrize(
    ("switch", "kind", "words"),
    [
        ("text_only", "not_drawn", "answered in words"),
        ("timeout", "down", "longer than the 30 seconds"),
        ("reset", "down", "gateway"),
        ("upstream_429", "too_many_requests", "used up its limit"),
        ("upstream_403", "key_refused", "session has expired"),
        ("image_url=http://127.0.0.1:1/x.png", "picture_lost", "couldn’t be fetched"),
        ("image_url=http://169.254.169.254/latest", "picture_lost", "couldn’t be fetched"),
        ("image_url=file:///etc/passwd", "picture_lost", "couldn’t be fetched"),
    ],
)
def test_a_failure_reads_like_a_sentence_and_can_be_tried_again(
    switch: str, kind: str, words: str, image_server: Server
) -> None:
    prompt = f"A failure #demo:{switch}"
    bob = image_server.client("bob")
    draw(bob, prompt)
    [image] = drawn(image_server, prompt)
    assert image["state"] == "failed"
    assert image["error"]["kind"] == kind
    assert words in image["error"]["message"]
    assert "Traceback" not in image["error"]["message"]
    page = bob.get(f"/images/{image['id']}/").text
    assert "Draw again" in page
    assert prompt.split()[0] in page
    assert ("Fetch again" in page) is (kind == "picture_lost")
    assert bob.get(f"/images/{image['id']}/picture/").status_code == 404
    assert image["id"] not in image_server.client("alice").get("/images/").text


def test_drawing_again_asks_anew_and_takes_the_place_of_what_failed(image_server: Server) -> None:
    prompt = "A tree #demo:text_only"
    bob = image_server.client("bob")
    draw(bob, prompt)
    [failed] = drawn(image_server, prompt)
    key = str(uuid.uuid4())
    first = bob.post(f"/images/{failed['id']}/again/", data={"key": key})
    assert first.status_code == 302
    assert failed["id"] not in first.headers["location"]
    assert bob.get(f"/images/{failed['id']}/").status_code == 404
    again = eventually(lambda: [row for row in stored(image_server, prompt) if row["id"] != failed["id"]])
    assert again[0]["id"] in first.headers["location"]


def test_twenty_copies_of_a_form_are_one_image_and_one_call(with_demo: Server, demo_gateway: DemoOnAPort) -> None:
    key, prompt = str(uuid.uuid4()), "A flower for everybody"
    clients = [with_demo.client("bob") for _ in range(20)]
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda client: draw(client, prompt, key=key), clients))
    [image] = drawn(with_demo, prompt)
    assert image["state"] == "pending"
    assert demo_gateway.calls(prompt) == 1


def test_one_person_does_not_have_everything_drawn_at_once(with_demo: Server) -> None:
    bob = with_demo.client("bob")
    for number in range(8):
        draw(bob, f"Slow {number} #demo:delay=20000")
    refused = bob.post("/images/draw/", data={"prompt": "One more", "key": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "You can draw up to 8 images at once" in refused.text
    assert "One more</textarea>" in refused.text


@long_walk
def test_killed_while_the_service_draws_it_fails_in_words_and_is_not_asked_twice(
    with_demo: Server, demo_gateway: DemoOnAPort
) -> None:
    prompt = "A house #demo:delay=4000"
    bob = with_demo.client("bob")
    draw(bob, prompt)
    eventually(lambda: demo_gateway.calls("A house") == 1)
    with_demo.kill()
    with_demo.start()
    [image] = drawn(with_demo, prompt, within=60)
    assert image["state"] == "failed"
    assert image["error"]["kind"] == "restart"
    assert "restarted" in with_demo.client("bob").get(f"/images/{image['id']}/").text
    assert demo_gateway.calls("A house") == 1


def test_killed_between_answer_and_picture_it_is_fetched_later_and_not_asked_twice(
    with_script: Server, scripted_gateway: Scripted
) -> None:
    prompt = "Killed in between"
    scripted_gateway.draws(prompt, encoded(a_picture(), "PNG"))
    [path] = [picture["url"].removeprefix(scripted_gateway.url) for picture in scripted_gateway.says[prompt]["images"]]
    scripted_gateway.slow[path] = 5.0
    draw(with_script.client("bob"), prompt)
    eventually(lambda: path in scripted_gateway.fetched)
    with_script.kill()
    [image] = stored(with_script, prompt)
    assert (image["state"], image["sha256"]) == ("drawing", "")
    scripted_gateway.slow.clear()
    with_script.start()
    [image] = drawn(with_script, prompt, within=60)
    assert image["state"] == "pending"
    assert scripted_gateway.asked.count(prompt) == 1


def test_a_server_that_is_told_to_leave_finishes_what_it_draws(with_demo: Server, demo_gateway: DemoOnAPort) -> None:
    prompt = "A mountain #demo:delay=1500"
    draw(with_demo.client("bob"), prompt)
    eventually(lambda: demo_gateway.calls("A mountain") == 1)
    with_demo.stop()
    [image] = stored(with_demo, prompt)
    assert image["state"] == "pending"


JUNK = {
    "html": (b"<html><script>alert(1)</script></html>", "isn’t a PNG, JPEG, GIF or WEBP"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "isn’t a PNG, JPEG, GIF or WEBP"),
    "empty": (b"", "isn’t a PNG, JPEG, GIF or WEBP"),
    "cut": (encoded(a_picture(size=(400, 400)), "PNG")[:-900], "damaged"),
    "bomb": (png_that_claims(60_000, 60_000), "pixels"),
    "large": (b"\x89PNG\r\n\x1a\n" + bytes(20 * 1024 * 1024), "too large"),
}


@pytest.mark.parametrize("kind", JUNK)
def test_bytes_that_are_no_picture_are_not_kept(kind: str, with_script: Server, scripted_gateway: Scripted) -> None:
    prompt = f"Junk: {kind}"
    data, words = JUNK[kind]
    scripted_gateway.draws(prompt, data)
    draw(with_script.client("bob"), prompt)
    [image] = drawn(with_script, prompt)
    assert (image["state"], image["sha256"]) == ("failed", "")
    assert words in image["error"]["message"]


def test_what_a_picture_brings_along_is_not_kept(with_script: Server, scripted_gateway: Scripted) -> None:
    prompt = "A telltale"
    data = encoded(a_picture(), "JPEG", exif=telltale())
    scripted_gateway.draws(prompt, data, about={"mime_type": "image/png", "prompt": "NUL\x00 in it"})
    draw(with_script.client("bob"), prompt)
    [image] = drawn(with_script, prompt)
    assert (image["state"], image["description"]) == ("pending", "NUL in it")
    assert image["original_sha256"] == hashlib.sha256(data).hexdigest()
    picture = with_script.client("bob").get(f"/images/{image['id']}/picture/")
    assert picture.headers["content-type"] == "image/jpeg"
    assert not Image.open(io.BytesIO(picture.content)).getexif()
    assert b"Telltale" not in picture.content


def test_one_bad_picture_of_two_takes_nothing_from_the_other(with_script: Server, scripted_gateway: Scripted) -> None:
    prompt = "One good, one bad"
    scripted_gateway.draws(prompt, b"no picture", encoded(a_picture(), "PNG"))
    draw(with_script.client("bob"), prompt)
    eventually(lambda: len(stored(with_script, prompt)) == 2)
    assert [image["state"] for image in drawn(with_script, prompt)] == ["failed", "pending"]


def test_a_picture_that_was_lost_can_be_fetched_without_drawing(
    with_script: Server, scripted_gateway: Scripted
) -> None:
    prompt = "Lost and found"
    scripted_gateway.draws(prompt, encoded(a_picture(), "PNG"))
    [path] = [picture["url"].removeprefix(scripted_gateway.url) for picture in scripted_gateway.says[prompt]["images"]]
    data = scripted_gateway.files.pop(path)
    bob = with_script.client("bob")
    draw(bob, prompt)
    [image] = drawn(with_script, prompt)
    assert image["error"]["kind"] == "picture_lost"
    scripted_gateway.files[path] = data
    bob.post(f"/images/{image['id']}/fetch/")
    [image] = drawn(with_script, prompt)
    assert image["state"] == "pending"
    assert scripted_gateway.asked.count(prompt) == 1


def test_a_disk_that_takes_nothing_costs_no_second_drawing(with_script: Server, scripted_gateway: Scripted) -> None:
    prompt = "More than fits"
    scripted_gateway.draws(prompt, encoded(a_picture(), "PNG"))
    media = with_script.store.folder / "media"
    shutil.rmtree(media, ignore_errors=True)
    media.write_text("There is no room for a folder here.")
    bob = with_script.client("bob")
    draw(bob, prompt)
    [image] = drawn(with_script, prompt)
    assert image["state"] == "failed"
    assert image["error"]["message"] in unescape(bob.get(f"/images/{image['id']}/").text)
    assert bob.get(f"/images/{image['id']}/picture/").status_code == 404

    media.unlink()
    bob.post(f"/images/{image['id']}/fetch/")

    [image] = drawn(with_script, prompt)
    assert image["state"] == "pending"
    assert bob.get(f"/images/{image['id']}/picture/").status_code == 200
    assert scripted_gateway.asked.count(prompt) == 1


def test_an_image_remembers_the_question_that_led_to_it(image_server: Server) -> None:
    bob, vera = image_server.client("bob"), image_server.client("vera")
    question = "What does a lighthouse at the end of a harbour wall look like at night? " * 8
    asked = ask(bob, question)
    article = watch(bob, asked).final
    [link] = re.findall(r'href="(/images/\?question=[0-9a-f-]{36})"', article)
    page = bob.get(link).text
    [prompt] = re.findall(r'<textarea id="prompt"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert prompt == ("What does a lighthouse at the end of a harbour wall look like at night? " * 5).strip()
    assert re.search(rf'name="conversation"\s+value="{asked.conversation}"', page)
    draw(bob, "From a question", conversation=asked.conversation)
    [image] = drawn(image_server, "From a question")
    assert f"/c/{asked.conversation}/" in bob.get(f"/images/{image['id']}/").text
    assert "Draw this" not in vera.get(asked.page).text
    draw(image_server.client("charlie"), "Not from there", conversation=asked.conversation)
    [image] = drawn(image_server, "Not from there")
    assert image["conversation_id"] is None


def test_with_perplexity_alone_the_page_says_how_to_connect_a_gateway(make_server: MakeServer) -> None:
    server = make_server(env={"PERPLEXITY_API_KEY": "some-key", "PERPLEXITY_BASE_URL": "http://127.0.0.1:9"})
    bob = server.client("bob")
    assert "GATEWAY_BASE_URL" in bob.get("/images/").text
    refused = bob.post("/images/draw/", data={"prompt": "A boat", "key": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert stored(server, "A boat") == []
