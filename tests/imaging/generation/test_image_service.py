"""Drawing with an image service beside the gateway, through the running product."""

import io
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal
from html import unescape

import pytest
from PIL import Image

from tests.conftest import MakeServer
from tests.imaging.generation.draw_requests import draw, drawn, stored
from tests.imaging.generation.gateways import IMAGES_KEY, DemoOnAPort, demo_images
from tests.questions import eventually, words
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk

__all__ = ["demo_images"]

PRICES = "gpt-image-1=0.04, gpt-image-1@1024x1536=0.06, sd-turbo=0"


def environment(service: DemoOnAPort, **more: str) -> dict[str, str]:
    known = {"IMAGES_BASE_URL": f"{service.url}/v1", "IMAGES_API_KEY": IMAGES_KEY, "IMAGES_PRICES": PRICES}
    return known | {"IMAGES_MODELS": "gpt-image-1, sd-turbo, stablediffusion", "IMAGES_AT_ONCE": "2"} | more


@pytest.fixture(scope="module")
def served(template: Store, tmp_path_factory: pytest.TempPathFactory, demo_images: DemoOnAPort) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("images") / "data"
    server = Server(template.copy(folder), env=environment(demo_images)).start()
    yield server
    server.close()


def spent(server: Server, image_id: str) -> tuple[str, str, Decimal, Decimal | None, str] | None:
    """Kind, model, what was reserved, what it cost, and where that is known from."""
    sql = "SELECT kind, model, reserved, cost, basis, answer_id FROM accounts_spending"
    for kind, model, reserved, cost, basis, found in server.rows(sql):
        if uuid.UUID(str(found)) == uuid.UUID(image_id):
            return kind, model, Decimal(str(reserved)), None if cost is None else Decimal(str(cost)), basis
    return None


def test_an_image_is_drawn_in_the_size_that_was_chosen_and_its_price_counted(served: Server) -> None:
    bob = served.client("bob")
    draw(bob, "A blue lighthouse #demo:revised", model="images:gpt-image-1", size="1024x1536")
    [image] = drawn(served, "A blue lighthouse #demo:revised")
    assert (image["state"], image["service"], image["model"]) == ("pending", "images", "gpt-image-1")
    assert (image["wished_size"], image["width"], image["height"]) == ("1024x1536", 1024, 1536)
    assert image["description"] == "A flat, simple drawing of A blue lighthouse"
    assert (image["router"], image["remote_url"]) == ("127.0.0.1", "")
    assert image["upstream_id"].startswith("req_")
    assert re.fullmatch(r"\d+ characters, kept as an image", image["response"]["data"][0]["b64_json"])
    assert image["response"]["usage"]["total_tokens"] > 0
    assert spent(served, image["id"]) == ("image", "gpt-image-1", Decimal("0.06"), Decimal("0.06"), "estimated")
    page = words(unescape(bob.get(f"/images/{image['id']}/").text.split("<main", 1)[1]))
    assert "Service Images Model gpt-image-1 Server 127.0.0.1 Price $0.06" in page
    assert "Revised prompt A flat, simple drawing of A blue lighthouse" in page
    assert "Language" not in page
    assert "Requested size" not in page
    picture = bob.get(f"/images/{image['id']}/picture/")
    assert Image.open(io.BytesIO(picture.content)).size == (1024, 1536)
    assert b"gpt-image-1" in bob.get(f"/images/{image['id']}/download/").content
    assert IMAGES_KEY not in page + str(image) + served.log()


def test_a_picture_at_an_address_of_the_service_is_fetched_without_the_key(served: Server) -> None:
    prompt = "A tree in a field"
    draw(served.client("bob"), prompt, model="images:stablediffusion", size="1024x1024")
    [image] = drawn(served, prompt)
    assert image["state"] == "pending", image["error"]  # the demo gives no picture to whoever shows a key
    assert "/generated-images/" in image["remote_url"]
    assert spent(served, image["id"]) == ("image", "stablediffusion", Decimal(0), Decimal(0), "")


def test_what_is_known_to_be_free_is_not_counted(served: Server) -> None:
    prompt = "A free boat #demo:webp"
    draw(served.client("bob"), prompt, model="images:sd-turbo")
    [image] = drawn(served, prompt)
    assert (image["state"], image["width"], image["wished_size"]) == ("pending", 512, "")
    assert spent(served, image["id"]) is None


def test_several_images_are_several_requests_and_several_tiles(served: Server, demo_images: DemoOnAPort) -> None:
    bob, key, prompt = served.client("bob"), str(uuid.uuid4()), "Four cats"
    for _ in range(2):  # the form is sent twice
        draw(bob, prompt, key=key, model="images:gpt-image-1", count="4")
    images = drawn(served, prompt)
    assert [image["state"] for image in images] == ["pending"] * 4
    assert len({image["sha256"] for image in images}) == 4
    assert demo_images.calls(prompt) == 4
    page = bob.get("/images/").text
    assert all(f"shot-{image['id']}" in page for image in images)
    costs = words(served.client("alice").get("/costs/").text.split("<main", 1)[1])
    assert re.search(r"0 answers · \d+ images", costs)
    assert "gpt-image-1 0" in costs


def test_a_form_offers_at_most_four_and_only_what_there_is(served: Server) -> None:
    bob = served.client("bob")
    for wrong, said in (
        ({"count": "5"}, "up to four images"),
        ({"size": "9x9"}, "This size isn’t available"),
        ({"model": "images:unknown"}, "no longer available"),
        ({"model": "gateway:sonar"}, "no longer available"),
    ):
        answer = bob.post("/images/draw/", data={"prompt": "Wrong", "key": str(uuid.uuid4()), **wrong})
        assert (answer.status_code, said in answer.text) == (422, True), wrong
    assert stored(served, "Wrong") == []


def test_the_service_alone_stands_in_the_form_with_its_prices(served: Server) -> None:
    page = unescape(served.client("vera").get("/images/").text + served.client("bob").get("/images/").text)
    assert "GPT Image 1: $0.04 to $0.06</option>" in page
    assert "SD Turbo</option>" in page
    assert "Landscape, 1536 × 1024</option>" in page
    assert "<optgroup" not in page
    assert "Incognito" not in page
    assert "The demo draws" not in page


@pytest.mark.parametrize(
    ("switch", "kind", "words_said", "cost"),
    [
        ("refused", "invalid", "against its rules", "0"),
        ("credits", "key_refused", "no credits left", "0"),
        ("429=90", "too_many_requests", "It asks you to wait 90 seconds", "0"),
        ("502", "down", "having problems right now", "0"),
        ("empty_data", "not_drawn", "no image arrived", "0"),
        ("broken_base64", "picture_lost", "arrived damaged", "0.04"),
        ("not_an_image", "unusable", "isn’t a PNG, JPEG, GIF or WEBP", "0.04"),
        ("reset", "down", "It may have been drawn anyway", "0.04"),
        ("image_url=http://elsewhere.example/x.png", "picture_lost", "nor encrypted", "0.04"),
    ],
)
def test_a_failure_reads_like_a_sentence_and_costs_what_the_service_may_have_charged(
    served: Server, switch: str, kind: str, words_said: str, cost: str
) -> None:
    prompt = f"A failure #demo:{switch}"
    bob = served.client("bob")
    draw(bob, prompt, model="images:gpt-image-1", size="1024x1024")
    [image] = drawn(served, prompt)
    assert (image["state"], image["error"]["kind"]) == ("failed", kind)
    assert words_said in image["error"]["message"]
    page = bob.get(f"/images/{image['id']}/").text
    assert "Draw again" in page
    assert "1024 × 1024" in page
    found = spent(served, image["id"])
    assert found is not None
    assert found[3] == Decimal(cost)


def test_drawing_again_wishes_for_the_same(served: Server) -> None:
    prompt = "A house #demo:empty_data"
    bob = served.client("bob")
    draw(bob, prompt, model="images:gpt-image-1", size="1536x1024")
    [failed] = drawn(served, prompt)
    bob.post(f"/images/{failed['id']}/again/", data={"key": str(uuid.uuid4())})
    again = eventually(lambda: [row for row in stored(served, prompt) if row["id"] != failed["id"]])
    assert (again[0]["service"], again[0]["model"], again[0]["wished_size"]) == ("images", "gpt-image-1", "1536x1024")


def test_a_bad_key_is_told_and_stands_nowhere(make_server: MakeServer, demo_images: DemoOnAPort) -> None:
    server = make_server(env=environment(demo_images, IMAGES_API_KEY="sk-wrong-0815-0815"))
    bob = server.client("bob")
    draw(bob, "A boat")
    [image] = drawn(server, "A boat")
    assert "check IMAGES_API_KEY" in image["error"]["message"]
    assert "sk-wrong" not in bob.get(f"/images/{image['id']}/").text + server.log()


def test_images_that_wait_for_their_turn_outlive_a_kill_and_each_is_asked_for_once(
    make_server: MakeServer, demo_images: DemoOnAPort
) -> None:
    server = make_server(env=environment(demo_images, IMAGES_AT_ONCE="1"))
    prompt = "One after the other"
    draw(server.client("bob"), f"{prompt} #demo:delay=1500", model="images:gpt-image-1", count="3")
    eventually(lambda: demo_images.calls(prompt) == 1)
    server.kill()
    server.start()
    images = drawn(server, f"{prompt} #demo:delay=1500", within=60)
    assert sorted(image["state"] for image in images) == ["failed", "pending", "pending"]
    assert demo_images.calls(prompt) == 3


@long_walk
def test_a_server_that_is_told_to_leave_asks_for_nothing_new(make_server: MakeServer, demo_images: DemoOnAPort) -> None:
    server = make_server(env=environment(demo_images, IMAGES_AT_ONCE="1"))
    prompt = "Still to come"
    draw(server.client("bob"), f"{prompt} #demo:delay=1500", model="images:gpt-image-1", count="3")
    eventually(lambda: demo_images.calls(prompt) == 1)
    pages = [
        server.client("bob").get(f"/images/{image['id']}/").text
        for image in stored(server, f"{prompt} #demo:delay=1500")
    ]
    assert sorted("Waiting in line" in page for page in pages) == [False, True, True]
    server.stop()
    states = [image["state"] for image in stored(server, f"{prompt} #demo:delay=1500")]
    assert sorted(states) == ["drawing", "drawing", "pending"]
    assert demo_images.calls(prompt) == 1
    server.start()
    images = drawn(server, f"{prompt} #demo:delay=1500", within=60)
    assert [image["state"] for image in images] == ["pending"] * 3
    assert demo_images.calls(prompt) == 3


def test_a_model_is_offered_in_the_sizes_that_it_draws_in(make_server: MakeServer, demo_images: DemoOnAPort) -> None:
    env = environment(demo_images) | {"IMAGES_SIZES": "1024x1024, sd-turbo@512x512, sd-turbo@512x768"}
    bob = make_server(env=env).client("bob")
    wrong = {"prompt": "Tall", "key": str(uuid.uuid4()), "model": "images:gpt-image-1", "size": "512x768"}
    refused = bob.post("/images/draw/", data=wrong)
    assert (refused.status_code, "This model doesn’t draw in this size." in refused.text) == (422, True)
    assert "Tall</textarea>" in refused.text
    draw(bob, "Tall", model="images:sd-turbo", size="512x768")


def test_a_limit_holds_before_anything_is_sent(make_server: MakeServer, demo_images: DemoOnAPort) -> None:
    server = make_server(env=environment(demo_images))
    server.rows("UPDATE accounts_team SET monthly_limit = ?", ["0.10"])
    bob, prompt = server.client("bob"), "Beyond the limit"
    data = {"prompt": prompt, "key": str(uuid.uuid4()), "model": "images:gpt-image-1", "count": "3"}
    fewer = bob.post("/images/draw/", data=data, headers={"HX-Request": "true"})
    assert (fewer.status_code, "2 of 3 images are being drawn." in fewer.text) == (200, True)
    assert [image["state"] for image in drawn(server, prompt)] == ["pending", "pending"]
    refused = bob.post("/images/draw/", data=data | {"key": str(uuid.uuid4())})
    assert refused.status_code == 422
    assert "$0.02 is left" in refused.text
    assert "an image of this kind costs $0.04" in refused.text
    assert len(stored(server, prompt)) == 2
    draw(bob, "Free of charge", model="images:sd-turbo")
    assert demo_images.calls(prompt) == 2
