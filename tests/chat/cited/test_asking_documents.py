"""What of a space's documents goes along with a question, and how its answer shows that."""

import re
import uuid
from html import unescape

import httpx
import pytest

from tests.chat.cited.conftest import Shelve
from tests.questions import Asked, ask, stored, watch
from tests.serving import Server

QUESTION = "What do ferry tickets cost? #demo:fast"


def ask_with(client: httpx.Client, page: str, mode: str, text: str = QUESTION, passages: str = "8") -> Asked:
    """Ask as the composer does that offers documents."""
    data = {"text": text, "model": "sonar", "key": str(uuid.uuid4()), "documents": mode, "passages": passages}
    response = client.post(f"{page}ask/", data=data)
    assert response.status_code == 302, response.text[-1000:]
    found = re.search(r"/c/([0-9a-f-]{36})/#answer-([0-9a-f-]{36})", response.headers["location"])
    assert found
    return Asked(*found.groups())


def sent(server: Server, asked: Asked) -> list[tuple[int, str, bool]]:
    """What went along: number, document, and whether it was cited."""
    answer_id = server.store.identifier(asked.answer)
    sql = "SELECT number, name, cited FROM chat_answerpassage WHERE answer_id = ? ORDER BY number"
    return [(number, name, bool(cited)) for number, name, cited in server.rows(sql, [answer_id])]


def test_passages_go_along_and_the_answer_cites_them(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice, bob = shared_server.client("alice"), shared_server.client("bob")
    asked = ask(alice, QUESTION, page=made.page)
    article = watch(bob, asked)
    assert article.state == "finished"
    assert sent(shared_server, asked) == [(1, "report.md", True), (2, "minutes.md", True)]
    page = bob.get(asked.page).text
    mark = re.search(r'<a class="cite document" href="#document-[^"]+-1" data-document="1" aria-label="([^"]+)"', page)
    assert mark
    assert mark[1] == "D1: report.md, line 1"
    assert mark[0] in article.final  # as the stream brought it
    link = re.search(r'data-label="D1".*?href="([^"]+)"', page, re.S)
    assert link
    opened = bob.get(unescape(link[1]))
    assert opened.status_code == 200
    assert "<mark" in opened.text
    assert "3.20 euros" in opened.text


def test_what_is_stored_says_nothing_of_documents(shared_server: Server, shelve: Shelve) -> None:
    made = shelve(documents={"secret-plan.md": "Ferry tickets cost 3.20 euros."})
    alice = shared_server.client("alice")
    asked = ask(alice, QUESTION, page=made.page)
    watch(alice, asked)
    html = stored(shared_server, asked)["html"]
    assert 'data-document="1" aria-label="D1"' in html
    assert "secret-plan" not in html


def test_a_mark_of_no_passage_is_flagged_where_it_stands(shared_server: Server, shelve: Shelve) -> None:
    alice = shared_server.client("alice")
    asked = ask(alice, f"{QUESTION} #demo:document_beyond", page=shelve().page)
    article = watch(alice, asked)
    assert '<span class="unknown-source" data-note="unknown-passage">[D9]</span>' in article.final
    assert "[D9]" in re.sub(r"\s+", " ", article.final).split("Citations without a source")[1]


def test_passages_that_no_mark_names_were_only_sent_along(shared_server: Server, shelve: Shelve) -> None:
    alice = shared_server.client("alice")
    asked = ask(alice, f"{QUESTION} #demo:documents_uncited", page=shelve().page)
    article = watch(alice, asked)
    assert [cited for _number, _name, cited in sent(shared_server, asked)] == [False, False]
    assert article.final.count("not cited") == 2


def test_documents_only_searches_nothing_and_says_so(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice = shared_server.client("alice")
    asked = ask_with(alice, made.page, "only")
    article = watch(alice, asked)
    assert "Answered from documents. No web search was used." in article.final
    assert "[D1]" in article.final
    assert 'id="source-' not in article.final
    composer = alice.get(made.page).text
    assert '<option value="only" selected>' in composer  # as it was chosen last


def test_where_nothing_matches_that_is_said(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice = shared_server.client("alice")
    for mode in ("only", "both"):
        article = watch(alice, ask_with(alice, made.page, mode, "Zyzzyva quokka? #demo:fast"))
        assert "Nothing in the documents of this space matched the question." in article.final


def test_web_takes_nothing_along(shared_server: Server, shelve: Shelve) -> None:
    alice = shared_server.client("alice")
    asked = ask_with(alice, shelve().page, "web")
    article = watch(alice, asked)
    assert sent(shared_server, asked) == []
    assert "documents" not in article.final


def test_the_budget_bounds_what_goes_along(shared_server: Server, shelve: Shelve) -> None:
    many = {f"part-{number}.md": f"Ferry tickets to island {number} cost {number}.50 euros." for number in range(12)}
    made = shelve(documents=many)
    alice = shared_server.client("alice")
    counts = []
    for passages in ("4", "8"):
        asked = ask_with(alice, made.page, "both", passages=passages)
        watch(alice, asked)
        counts.append(len(sent(shared_server, asked)))
    assert counts == [4, 8]


@pytest.mark.parametrize(
    ("mode", "passages"), [("everything", "8"), ("only", "100000"), ("", "-1"), ("both", "x" * 900)]
)
def test_what_cannot_be_chosen_counts_as_usual_or_is_refused(
    shared_server: Server, shelve: Shelve, mode: str, passages: str
) -> None:
    made = shelve()
    data = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4()), "documents": mode, "passages": passages}
    assert shared_server.client("alice").post(f"{made.page}ask/", data=data).status_code in (302, 422)


def test_asking_again_chooses_anew(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice = shared_server.client("alice")
    first = ask_with(alice, made.page, "both")
    watch(alice, first)
    made.add("prices.md", "Ferry tickets cost 4.10 euros from April on.")
    question = re.search(r"questions/([0-9a-f-]{36})/again", alice.get(first.page).text)
    assert question
    data = {"model": "sonar", "key": str(uuid.uuid4())}
    again = alice.post(f"{first.page}questions/{question[1]}/again/", data=data)
    answer = re.search(r"#answer-([0-9a-f-]{36})", again.headers["location"])
    assert answer
    second = Asked(first.conversation, answer[1])
    watch(alice, second)
    assert "prices.md" in {name for _number, name, _cited in sent(shared_server, second)}
    assert "prices.md" not in {name for _number, name, _cited in sent(shared_server, first)}


def test_a_follow_up_is_looked_for_with_the_question_before(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice = shared_server.client("alice")
    watch(alice, ask(alice, "What do ferry tickets cost? #demo:fast", page=made.page))
    asked = ask(alice, "And why? #demo:fast", page=made.page)
    watch(alice, asked)
    assert sent(shared_server, asked)


def test_the_details_say_which_passages_of_which_version_were_sent(shared_server: Server, shelve: Shelve) -> None:
    alice = shared_server.client("alice")
    article = watch(alice, ask(alice, QUESTION, page=shelve().page))
    details = " ".join(re.sub(r"<[^>]+>", " ", article.final.split("<dt>Passages</dt>")[1].split("</dd>")[0]).split())
    assert re.fullmatch(
        r"report\.md \(version 1\): D1 line 1 minutes\.md \(version 1\): D2 line 1 about \d+ tokens", details
    )


def test_a_whole_document_goes_along_and_can_be_cited(shared_server: Server, shelve: Shelve) -> None:
    made = shelve()
    alice = shared_server.client("alice")
    listed = alice.get(f"/spaces/{made.space}/documents/whole/?name=minu").text
    document = re.search(r'name="whole" value="([0-9a-f-]{36})"', listed)
    assert document
    assert "report.md" not in listed
    data = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4()), "documents": "both", "whole": document[1]}
    response = alice.post(f"{made.page}ask/", data=data)
    answer = re.search(r"#answer-([0-9a-f-]{36})", response.headers["location"])
    assert answer
    asked = Asked(made.conversation, answer[1])
    article = watch(alice, asked)
    assert [name for _number, name, _cited in sent(shared_server, asked)] == ["report.md", "minutes.md", "minutes.md"]
    assert "1 were sent" in article.final  # files, as the demo counts them
    assert "D3: minutes.md, the whole file" in article.final
    assert re.search(r'<option value="both"\s+selected>', alice.get(made.page).text)


def test_no_document_of_another_space_goes_along(shared_server: Server, shelve: Shelve) -> None:
    made, other = shelve(), shelve(documents={"other.md": "Ferry tickets cost 9 euros."})
    alice = shared_server.client("alice")
    listed = alice.get(f"/spaces/{other.space}/documents/whole/").text
    document = re.search(r'name="whole" value="([0-9a-f-]{36})"', listed)
    assert document
    data = {"text": QUESTION, "model": "sonar", "key": str(uuid.uuid4()), "documents": "both", "whole": document[1]}
    response = alice.post(f"{made.page}ask/", data=data)
    answer = re.search(r"#answer-([0-9a-f-]{36})", response.headers["location"])
    assert answer
    watch(alice, Asked(made.conversation, answer[1]))
    assert "other.md" not in {name for _n, name, _c in sent(shared_server, Asked(made.conversation, answer[1]))}


def test_who_may_not_read_the_space_finds_none_of_its_documents(shared_server: Server, shelve: Shelve) -> None:
    made = shelve(chosen=["bob"])
    for name in ("vera", "charlie"):
        assert shared_server.client(name).get(f"/spaces/{made.space}/documents/whole/").status_code == 404
