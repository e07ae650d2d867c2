"""A question as the body of a request."""

import pytest

from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Turn
from upstream.sonar import request as sonar_request


def messages(*turns: tuple[str, str]) -> list[tuple[str, str]]:
    sent = sonar_request.sonar_messages([Turn(role, text) for role, text in turns])  # type: ignore[arg-type]
    return [(message["role"], message["content"]) for message in sent]


def body(**options: object) -> dict:
    return sonar_request.sonar_body(
        AskRequest(model="sonar", turns=[Turn("user", "Hello")], options=options), stream=True
    )


def test_a_conversation_is_sent_in_its_order():
    turns = [("system", "Be brief."), ("user", "A?"), ("assistant", "A."), ("user", "B?")]
    assert messages(*turns) == turns


def test_an_empty_answer_is_dropped_and_its_neighbours_become_one_turn():
    assert messages(("user", "A?"), ("assistant", " \n"), ("user", "B?")) == [("user", "A?\n\nB?")]


def test_neighbouring_answers_become_one_turn():
    turns = [("user", "A?"), ("assistant", "A."), ("assistant", "B."), ("user", "C?")]
    assert messages(*turns) == [("user", "A?"), ("assistant", "A.\n\nB."), ("user", "C?")]


def test_system_turns_go_first_wherever_they_stood():
    turns = [("user", "A?"), ("system", "One."), ("assistant", "A."), ("system", "Two."), ("user", "B?")]
    expected = [("system", "One.\n\nTwo."), ("user", "A?"), ("assistant", "A."), ("user", "B?")]
    assert messages(*turns) == expected


def test_an_answer_before_the_first_question_is_dropped():
    assert messages(("system", "S"), ("assistant", "Welcome!"), ("user", "A?")) == [("system", "S"), ("user", "A?")]


def test_reasoning_is_not_sent_back():
    turns = [("user", "A?"), ("assistant", "<think>Hm.</think>\n\nA. Use `<think>`."), ("user", "B?")]
    assert messages(*turns)[1] == ("assistant", "A. Use `<think>`.")


def test_an_answer_of_nothing_but_reasoning_is_dropped():
    assert messages(("user", "A?"), ("assistant", "<think>cut"), ("user", "B?")) == [("user", "A?\n\nB?")]


def test_what_a_person_writes_is_sent_as_it_is():
    assert messages(("user", " <think>x</think> \n")) == [("user", " <think>x</think> \n")]


@pytest.mark.parametrize("turns", [[], [("user", "  ")], [("system", "S")], [("user", "A?"), ("assistant", "A.")]])
def test_there_has_to_be_a_question_at_the_end(turns: list[tuple[str, str]]):
    with pytest.raises(InvalidRequest, match="no question"):
        messages(*turns)


def test_only_what_was_set_is_sent():
    assert body() == {"model": "sonar", "messages": [{"role": "user", "content": "Hello"}], "stream": True}


def test_empty_values_count_as_not_set():
    unset = {"search_recency_filter": "", "temperature": None, "search_domain_filter": [], "stop": ()}
    nested = {"web_search_options": {"search_context_size": "", "user_location": {"country": None}}}
    assert set(body(**unset, **nested)) == {"model", "messages", "stream"}


def test_zero_and_no_are_values():
    sent = body(
        temperature=0, return_images=False, web_search_options={"search_context_size": "low", "search_type": ""}
    )
    assert (sent["temperature"], sent["return_images"]) == (0, False)
    assert sent["web_search_options"] == {"search_context_size": "low"}


def test_a_schema_is_sent_whole():
    wanted = {"type": "json_schema", "json_schema": {"schema": {"type": "object", "properties": {}, "required": []}}}
    assert body(response_format=wanted)["response_format"] == wanted


def test_options_cannot_overwrite_model_messages_or_stream():
    sent = body(model="other", messages=[], stream=False)
    assert (sent["model"], len(sent["messages"]), sent["stream"]) == ("sonar", 1, True)


def test_a_blocking_call_does_not_ask_for_a_stream():
    request = AskRequest(model="sonar", turns=[Turn("user", "Hello")])
    assert "stream" not in sonar_request.sonar_body(request, stream=False)
