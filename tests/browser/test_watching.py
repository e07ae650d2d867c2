"""Watching answers in real browsers: several people, lost lines, servers that go away, readers who look elsewhere."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import (
    LONG,
    PATIENCE,
    QUESTION,
    answer,
    answers,
    ask,
    ask_from_home,
    asked,
    composer,
    hide_tab,
    only_grew,
    prose,
    questions,
    same_words,
    wait_for,
    wait_for_words,
    watch_texts,
)
from tests.questions import eventually, stored
from tests.serving import Server
from tests.walks import long_walk

LOOKS_AGAIN = 5000  # milliseconds after which a page has looked for newer questions
LINES = "Who counts the lines? #demo:lines=60 #demo:slow=70"


def count_streams(page: Page) -> Callable[[], int]:
    """Count the streams of answers that the page opens from its next load on. Returns what gives those open now."""
    page.add_init_script(
        """
        window.streams = [];
        window.EventSource = class extends EventSource {
            constructor(...all) { super(...all); window.streams.push(this); }
        };
        """
    )
    is_open = "one.readyState !== EventSource.CLOSED && one.url.includes('/stream')"
    return lambda: page.evaluate(f"window.streams.filter((one) => {is_open}).length")


def test_a_teammate_sees_the_words_so_far_and_then_every_further_one(page_for: PageFor, shared_server: Server) -> None:
    alice, bob, vera = page_for("alice"), page_for("bob"), page_for("vera")
    ask_from_home(alice, LINES)
    so_far = wait_for_words(answer(alice))

    for teammate in (bob, vera):
        teammate.goto(alice.url)
    texts = watch_texts(bob)
    wait_for(answer(bob), "finished")

    assert "".join(texts()[0].split()).startswith("".join(so_far.split())[:30])
    assert len(texts()) > 5
    assert only_grew(texts())
    for page in (alice, bob, vera):
        wait_for(answer(page), "finished")
        assert same_words(prose(answer(page)), stored(shared_server, asked(alice, answer(alice)))["html"])


def test_nothing_moves_by_itself_while_words_come(page_for: PageFor) -> None:
    page = page_for("alice")
    page.emulate_media(reduced_motion="no-preference")
    endless = "document.getAnimations().filter((one) => one.effect.getTiming().iterations === Infinity)"
    article = ask_from_home(page, "#demo:delay=30000 Who waits?")
    expect(article).to_contain_text("Waiting for the first word…")
    assert page.evaluate(f"{endless}.map((one) => one.animationName)") == ["breathe"]
    article.get_by_role("button", name="Stop").click()
    wait_for(article, "stopped")

    ask(page, LONG)
    wait_for_words(answer(page))
    assert page.evaluate(f"{endless}.length") == 0
    answer(page).get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")


def test_a_viewer_sees_everything_and_can_change_nothing(page_for: PageFor, shelf: dict[str, str]) -> None:
    vera = page_for("vera")
    vera.goto(shelf["tour"])

    expect(answers(vera).last).to_be_visible()
    expect(
        vera.get_by_text("You’re a viewer on this team. To ask questions, ask an owner to make you a member.")
    ).to_be_visible()
    expect(composer(vera)).to_have_count(0)
    for name in ("Ask", "Ask again", "Stop", "Who climbs them?"):
        expect(vera.get_by_role("button", name=name, exact=True)).to_have_count(0)
    expect(vera.get_by_role("list", name="Related questions")).to_contain_text("Who climbs them?")
    vera.goto("/")
    expect(
        vera.get_by_text("You’re a viewer on this team. To ask questions, ask an owner to make you a member.")
    ).to_be_visible()


def test_a_teammates_question_appears_by_itself_and_its_answer_live(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, f"{QUESTION} #demo:fast"), "finished")
    bob.clock.install()
    bob.goto(alice.url)
    expect(answers(bob)).to_have_count(1)

    ask(alice, LONG)
    expect(answers(alice)).to_have_count(2)
    bob.clock.fast_forward(LOOKS_AGAIN)

    expect(answers(bob)).to_have_count(2)
    texts = watch_texts(bob)
    bob.wait_for_function("() => window.texts.length > 4")
    answer(bob).get_by_role("button", name="Stop").click()
    for page in (alice, bob):
        wait_for(answer(page), "stopped")
    assert only_grew(texts())
    assert prose(answer(bob)) == prose(answer(alice))


@long_walk
def test_questions_that_cross_each_other_stand_in_order_on_both_pages(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    for page in (alice, bob):
        page.clock.install()
    wait_for(ask_from_home(alice, "First #demo:fast"), "finished")
    bob.route("**/newer/**", lambda route: route.abort())  # Bob's page has not looked yet
    bob.goto(alice.url)
    ask(alice, "Second #demo:fast")
    expect(answers(alice)).to_have_count(2)

    ask(bob, "Third #demo:fast")
    expect(answers(bob)).to_have_count(3)
    bob.unroute("**/newer/**")
    ask(alice, "Fourth #demo:fast")

    for _look in range(2):  # the second one brings nothing new, and nothing twice
        for page in (alice, bob):
            with page.expect_response("**/newer/**"):
                page.clock.fast_forward(LOOKS_AGAIN)
            expect(answers(page)).to_have_count(4)
            assert [question.split()[0] for question in questions(page)] == ["First", "Second", "Third", "Fourth"]
    for page in (alice, bob):
        expect(page.locator("article[data-state=finished]")).to_have_count(4, timeout=PATIENCE)


def test_a_page_reloaded_in_mid_answer_goes_on_where_it_was(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    article = ask_from_home(page, LINES)
    seen = []
    for count in (20, 60, 120):
        seen.append(wait_for_words(article, count))
        page.reload()
        seen.append(prose(article))
    wait_for(article, "finished")
    seen.append(prose(article))

    assert only_grew(seen)
    assert same_words(seen[-1], stored(shared_server, asked(page, article))["html"])


def test_an_answer_that_ends_while_the_line_is_down_stands_on_the_page_as_after_a_reload(
    page_for: PageFor, shared_server: Server
) -> None:
    page = page_for("alice")
    page.route("**/stream?*", lambda route: route.abort())
    article = ask_from_home(page, f"{QUESTION} #demo:fast #demo:slow=100")
    eventually(lambda: stored(shared_server, asked(page, article))["state"] == "finished")
    page.unroute("**/stream?*")
    wait_for(article, "finished")
    whole = prose(article)

    page.reload()

    assert len(article.locator(".prose p").all()) > 1
    assert prose(article) == whole


@long_walk
def test_a_server_that_is_killed_in_mid_answer_leaves_its_words_and_a_way_on(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    article = ask_from_home(page, LONG)
    wait_for_words(article, 100)
    texts = watch_texts(page)

    server.kill()
    broken = article.get_by_text("Connection lost. Reconnecting…")
    expect(broken).to_be_visible(timeout=PATIENCE)
    server.start()
    wait_for(article, "interrupted")

    assert only_grew([*texts(), prose(article)])
    assert same_words(prose(article), stored(server, asked(page, article))["html"])
    expect(broken).to_have_count(0)
    expect(article.get_by_role("button", name="Stop")).to_have_count(0)
    expect(page.locator(".toast")).to_have_count(0)
    article.get_by_role("button", name="Ask again").click()
    expect(page.locator(".which-answer")).to_contain_text("Answer 2 of 2")
    wait_for_words(answer(page))


@long_walk
def test_a_server_that_is_restarted_in_mid_answer_finishes_a_short_one(page_for: PageFor, server: Server) -> None:
    page = page_for("alice")
    article = ask_from_home(page, LINES)
    wait_for_words(article)
    texts = watch_texts(page)

    server.restart()
    wait_for(article, "finished")

    assert only_grew(texts())
    assert same_words(prose(article), stored(server, asked(page, article))["html"])
    ask(page, "And now? #demo:fast")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")


def test_a_line_that_was_lost_for_a_while_costs_no_word(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    article = ask_from_home(page, LINES)
    wait_for_words(article)
    texts = watch_texts(page)

    page.context.set_offline(True)
    page.wait_for_timeout(800)
    page.context.set_offline(False)
    wait_for(article, "finished")

    assert only_grew(texts())
    assert same_words(prose(article), stored(shared_server, asked(page, article))["html"])


def test_a_hidden_tab_gives_its_line_back_and_misses_nothing(page_for: PageFor, shared_server: Server) -> None:
    page = page_for("alice")
    open_streams = count_streams(page)
    page.clock.install()
    article = ask_from_home(page, "Who counts the lines? #demo:lines=200 #demo:slow=30")
    wait_for_words(article)
    assert open_streams() == 1

    hide_tab(page, True)
    page.clock.fast_forward(21_000)
    eventually(lambda: open_streams() == 0)
    page.wait_for_timeout(200)  # what had come is put into the page
    before = prose(article)
    page.wait_for_timeout(300)
    assert prose(article) == before
    texts = watch_texts(page)
    hide_tab(page, False)

    page.wait_for_function("() => window.texts.length > 3")
    article.get_by_role("button", name="Stop").click()
    wait_for(article, "stopped")
    assert only_grew(texts())
    assert same_words(prose(article), stored(shared_server, asked(page, article))["html"])
    assert open_streams() == 0


@long_walk
def test_seven_tabs_with_finished_answers_hold_no_line(page_for: PageFor, shelf: dict[str, str]) -> None:
    first = page_for("alice")
    tabs = [first, *(first.context.new_page() for _ in range(6))]
    counts = [count_streams(tab) for tab in tabs]
    for tab in tabs:
        tab.goto(shelf["tour"])
    assert [count() for count in counts] == [0] * 7

    ask(tabs[-1], "Does an eighth one get through? #demo:fast")

    expect(tabs[-1].get_by_text("Does an eighth one get through?")).to_be_visible()
    wait_for(answer(tabs[-1]), "finished")
    assert counts[-1]() == 0


def test_somebody_who_loses_sight_of_a_conversation_reads_no_further(page_for: PageFor, server: Server) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    ask_from_home(alice, LONG)
    bob.goto(alice.url)
    wait_for_words(answer(bob))

    alice.get_by_label("Conversation menu").click()
    alice.get_by_text("Make private", exact=True).click()
    alice.get_by_role("button", name="Make it private").click()

    expect(answer(bob)).to_contain_text("You can no longer read this conversation.", timeout=PATIENCE)
    expect(answer(bob)).to_have_attribute("data-state", "gone")
    before = prose(answer(bob))
    bob.wait_for_timeout(500)
    assert prose(answer(bob)) == before
    assert bob.reload().status == 404  # type: ignore[union-attr]
    answer(alice).get_by_role("button", name="Stop").click()
    wait_for(answer(alice), "stopped")
