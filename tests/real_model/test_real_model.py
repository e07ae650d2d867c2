"""A conversation with a real language model, through the whole product."""

import re
from html import unescape

from tests import questions
from tests.real_model.recorder import Recorder
from tests.real_model.serve import MODEL
from tests.serving import Server

ASKED = (
    "Tell me three facts about lighthouses.",
    "Which of these facts is the most surprising one?",
    "Write one short sentence about it for a postcard.",
)


def test_three_turns_are_streamed_stored_and_sent_as_history(connected: Server, model: Recorder) -> None:
    alice = connected.client("alice")
    page, told, texts = "/", list[dict[str, str]](), list[str]()

    for question in ASKED:
        asked = questions.ask(alice, question, page=page, model=MODEL)
        article = questions.watch(alice, asked)
        answer = questions.stored(connected, asked)
        page = asked.page

        assert answer["state"] == article.state == "finished"
        assert article.frames > 3, "the answer did not come word by word"
        assert bare_words(article.words) == bare_words(answer["text"])
        assert set(bare_words(answer["text"])) <= set(bare_words(article.final))
        told.append({"role": "user", "content": question})
        assert model.requests[-1]["messages"] == told, "the conversation before the question was not sent as it was"
        told.append({"role": "assistant", "content": answer["text"]})
        texts.append(answer["text"])

    assert len(model.requests) == len(ASKED)
    shown = bare_words(unescape(alice.get(page).text))
    assert all(set(bare_words(text)) <= set(shown) for text in (*ASKED, *texts))


def bare_words(text: str) -> list[str]:
    """The words alone: Markdown's marks and the numbers of lists are gone in one of two texts that are compared."""
    return re.findall(r"[^\W\d_]+", text)
