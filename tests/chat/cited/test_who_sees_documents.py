"""Who reads an answer but may not read the space sees that documents are cited, and nothing of which."""

import threading

import pytest

from tests.chat.cited.conftest import Shelve
from tests.questions import Article, ask, watch
from tests.serving import Server

QUESTION = "What do ferry tickets cost? #demo:fast"
NOTHING_OF_IT = ("report.md", "minutes.md", "Annual report", "committee agreed", "line 1", "2 documents")


def assert_says_nothing(html: str) -> None:
    """What the answer itself quotes is the answer's; all else about documents is left out."""
    beside = html.replace("The committee agreed that ferry tickets for children stay free", "")
    for words in NOTHING_OF_IT:
        assert words not in beside, words
    assert "This answer cites documents of a space that you can’t see." in html
    assert "From a space that you can’t see" in html
    assert 'data-document="1" aria-label="D1">[D1]</a>' in html


def test_whoever_is_not_in_the_space_finds_no_conversation(shared_server: Server, shelve: Shelve) -> None:
    made = shelve(chosen=["bob"])
    asked = ask(shared_server.client("bob"), QUESTION, page=made.page)
    for name in ("vera", "charlie"):
        outsider = shared_server.client(name)
        for address in (asked.page, asked.path, asked.stream):
            assert outsider.get(address).status_code == 404


def test_a_conversation_that_moved_to_the_team_keeps_the_documents_to_the_space(
    shared_server: Server, shelve: Shelve
) -> None:
    made = shelve(chosen=["bob"])
    bob, vera = shared_server.client("bob"), shared_server.client("vera")
    asked = ask(bob, QUESTION, page=made.page)
    watch(bob, asked)
    made.change(moves_to_team=True)
    for html in (vera.get(asked.page).text, vera.get(asked.path).text, watch(vera, asked).final):
        assert_says_nothing(html)
    assert "report.md" in bob.get(asked.page).text
    assert "report.md" in watch(bob, asked).final


def test_whoever_left_the_space_sees_no_documents_in_their_own_conversation(
    shared_server: Server, shelve: Shelve
) -> None:
    made = shelve(chosen=["bob"], owner="bob", visible="private")
    bob = shared_server.client("bob")
    asked = ask(bob, QUESTION, page=made.page)
    assert "report.md" in watch(bob, asked).final
    made.change(leaves="bob")
    for html in (bob.get(asked.page).text, bob.get(asked.path).text, watch(bob, asked).final):
        assert_says_nothing(html)


def test_nothing_goes_along_for_somebody_who_left_the_space(shared_server: Server, shelve: Shelve) -> None:
    made = shelve(chosen=["bob"], owner="bob", visible="private")
    made.change(leaves="bob")
    bob = shared_server.client("bob")
    assert 'name="documents"' not in bob.get(made.page).text
    asked = ask(bob, QUESTION, page=made.page)
    assert "data-document" not in watch(bob, asked).final
    answer_id = shared_server.store.identifier(asked.answer)
    assert shared_server.rows("SELECT number FROM chat_answerpassage WHERE answer_id = ?", [answer_id]) == []


def test_nothing_goes_along_in_what_the_team_sees(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    made.change(moves_to_team=True)
    alice = shared_server.client("alice")
    asked = ask(alice, QUESTION, page=made.page)
    assert "data-document" not in watch(alice, asked).final


def test_a_stream_says_no_more_of_documents_once_its_reader_left_the_space(
    shared_server: Server, shelve: Shelve
) -> None:
    """The stream ends within ten seconds, and the browser comes back for what may still be seen."""
    made = shelve(chosen=["bob"], owner="bob", visible="private")
    bob = shared_server.client("bob")
    asked = ask(bob, "What do ferry tickets cost? #demo:slow=400 #demo:lines=60", page=made.page)
    article = watch(bob, asked, until=lambda one: "report.md" in one.places.get("sources", ""))
    assert "report.md" in article.places["sources"]
    made.change(leaves="bob")
    again = Article()
    watch(bob, asked, article=again, until=lambda one: "Line 3" in one.body)
    assert "report.md" not in "".join(again.places.values())


@pytest.mark.parametrize("leaver", ["bob"])
def test_an_open_stream_ends_when_its_reader_leaves_the_space(
    shared_server: Server, shelve: Shelve, leaver: str
) -> None:
    made = shelve(chosen=[leaver], owner=leaver, visible="private")
    client = shared_server.client(leaver)
    asked = ask(client, "What do ferry tickets cost? #demo:slow=400 #demo:lines=80", page=made.page)
    seen = Article()
    reader = threading.Thread(target=watch, args=(client, asked), kwargs={"article": seen})
    reader.start()
    while "report.md" not in seen.places.get("sources", ""):
        assert reader.is_alive()
    made.change(leaves=leaver)
    reader.join(timeout=12)
    assert not reader.is_alive()
    assert seen.gone == ""
    assert not seen.final
