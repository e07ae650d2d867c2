"""Writing a question: what was typed is never lost, and one question is asked once."""

from playwright.sync_api import expect

from tests.browser.conftest import PageFor


def test_a_draft_survives_a_reload(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("Half a thought")

    page.reload()

    expect(page.get_by_role("textbox", name="Question")).to_have_value("Half a thought")


def test_shift_enter_breaks_the_line_and_enter_asks(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    box = page.get_by_role("textbox", name="Question")
    box.fill("#demo:fast What is")

    box.press("Shift+Enter")
    box.press_sequentially("asyncio?")
    box.press("Enter")

    expect(page.get_by_role("article", name="Answer")).to_have_attribute("data-state", "finished")
    expect(page.get_by_role("heading", level=2).filter(has_text="What is")).to_have_text("#demo:fast What is\nasyncio?")


def test_after_asking_the_box_is_empty_and_ready_for_the_next_question(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("#demo:fast What is asyncio?")

    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("article", name="Answer").wait_for()

    expect(page.get_by_role("textbox", name="Question")).to_have_value("")
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.reload()
    expect(page.get_by_role("textbox", name="Question")).to_have_value("")


def test_a_question_that_did_not_reach_the_server_stays_and_can_be_sent_again(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("#demo:fast What is a generator?")
    page.context.set_offline(True)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("did not reach the server")
    expect(page.get_by_role("textbox", name="Question")).to_have_value("#demo:fast What is a generator?")

    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("article", name="Answer")).to_have_attribute("data-state", "finished")


def test_a_question_whose_answer_got_lost_on_the_way_is_asked_once(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.route("**/ask/", lambda route: (route.fetch(), route.abort()))
    page.get_by_role("textbox", name="Question").fill("#demo:fast What is a metaclass, once?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("did not reach the server")

    page.unroute("**/ask/")
    page.reload()
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_role("article", name="Answer")).to_have_attribute("data-state", "finished")
    page.goto("/history/")
    expect(page.get_by_role("main").get_by_role("link", name="What is a metaclass, once?")).to_have_count(1)


def test_somebody_who_was_signed_out_meanwhile_keeps_the_question(page_for: PageFor) -> None:
    page = page_for("bob")
    page.goto("/")
    page.get_by_role("textbox", name="Question").fill("Where was I?")
    page.context.clear_cookies(name="sessionid")

    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("You have been signed out")
    expect(page.get_by_role("textbox", name="Question")).to_have_value("Where was I?")


def test_the_chosen_model_is_named_and_the_retired_one_cannot_be_chosen(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    page.locator("summary", has_text="Model:").click()

    page.get_by_role("radio", name="Sonar Pro").check()

    expect(page.locator("summary", has_text="Model:")).to_contain_text("Sonar Pro")
    expect(page.locator("input[name=model]:disabled")).to_have_count(1)


def test_a_viewer_reads_why_there_is_no_box(page_for: PageFor) -> None:
    page = page_for("vera")

    page.goto("/")

    expect(page.get_by_text("You can read here; ask an owner for the right to ask.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Question")).to_have_count(0)
