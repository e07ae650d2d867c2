"""Nothing that a model, a search result or an upstream can write becomes active."""

from itertools import product

import pytest
from django.template import Context, Template
from django.utils.html import escape

from chat.rendering import Growing, to_html
from tests import walks
from tests.chat.rendering.conftest import SOURCES, Found
from tests.chat.rendering.hostile import EVERY_PAYLOAD, PAYLOADS, PLACES, RUN
from tests.chat.rendering.inert import assert_inert, shown

CUTS = 60 if walks.ALL else 12


def test_there_are_many_payloads_and_no_two_are_equal() -> None:
    assert len(set(EVERY_PAYLOAD)) == len(EVERY_PAYLOAD) >= 600


@pytest.mark.parametrize("category", PAYLOADS)
def test_a_payload_is_inert_in_a_finished_answer(category: str) -> None:
    for payload, place in product(PAYLOADS[category], PLACES):
        assert_inert(to_html(place.replace("{}", payload), sources=SOURCES, anchor="0190-af"))


@pytest.mark.parametrize("category", PAYLOADS)
def test_a_payload_is_inert_while_the_answer_grows_wherever_it_is_cut(category: str) -> None:
    for payload in PAYLOADS[category]:
        step = max(1, len(payload) // CUTS)
        for cut in range(0, len(payload) + 1, step):
            growing = Growing(sources=SOURCES, anchor="0190-af")
            for part in (payload[:cut], payload[cut:], "\n\nmore\n"):
                growing.extend(part)
                assert_inert(growing.tail_html())
            assert_inert("".join(block.html for block in growing.blocks) + growing.tail_html())


@pytest.mark.parametrize("category", PAYLOADS)
def test_a_payload_is_inert_when_it_comes_one_character_after_the_other(category: str) -> None:
    for payload in walks.some(PAYLOADS[category]):
        if len(payload) > 300:
            continue
        growing = Growing(sources=SOURCES)
        for character in payload:
            growing.extend(character)
            html = growing.tail_html()
            if character in "<>\"'`)]}$":
                assert_inert(html)
        assert_inert("".join(block.html for block in growing.blocks) + html)


@pytest.mark.parametrize("category", PAYLOADS)
def test_a_payload_is_inert_as_title_or_address_of_a_source(category: str) -> None:
    for payload in PAYLOADS[category]:
        for source in (Found(payload, "https://ok.example/"), Found("", payload), Found(payload, payload)):
            html = to_html(f"One [1] and [two]({payload}) and <{payload}>", sources=[source], anchor="a")
            assert_inert(html)
            assert 'data-source="1"' in html


@pytest.mark.parametrize("payload", EVERY_PAYLOAD)
def test_an_address_in_a_template_is_a_web_address_or_empty(payload: str) -> None:
    template = Template('{% load answers %}<a href="{{ url|safe_url }}">{{ url|host }}</a>')
    for url in (payload, f"https://ok.example/{payload}"):
        html = template.render(Context({"url": url}))
        href, _, rest = html.removeprefix('<a href="').partition('"')
        assert href == "" or href.lower().startswith(("http://", "https://"))
        assert rest.startswith(">")
        assert rest.count("<") == 1


@pytest.mark.parametrize("payload", EVERY_PAYLOAD)
def test_related_questions_and_error_texts_are_text(payload: str) -> None:
    template = Template("<p>{{ text }}</p>")
    html = template.render(Context({"text": payload}))
    assert html == f"<p>{escape(payload)}</p>"
    assert html.count("<") == 2


def test_raw_html_is_shown_as_it_was_written() -> None:
    payload = f"before <script>{RUN}</script> <b onclick='x'>bold</b> after"
    assert shown(to_html(payload)) == f"{payload}\n"


def test_the_checker_itself_refuses_what_must_not_be() -> None:
    for html in (
        "<script>x</script>",
        "<p onclick=x>x</p>",
        "<p id=x>x</p>",
        "<p style='color:red'>x</p>",
        "<a href='javascript:x'>x</a>",
        "<a href='//evil.example'>x</a>",
        "<img src=x>",
        "<svg></svg>",
        "<math><mi href='x'>x</mi></math>",
        "<math><annotation-xml></annotation-xml></math>",
        "<input type=text disabled>",
        "<h1>x</h1>",
    ):
        with pytest.raises(AssertionError):
            assert_inert(html)
