"""A browser that is told what is new in the open end of an answer has the page that a new one gets."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from playwright.sync_api import Browser, Page, Route

from chat.rendering import Growing, change_between
from tests import walks
from tests.chat.rendering.conftest import SOURCES
from tests.chat.rendering.hostile import EVERY_PAYLOAD
from tests.chat.rendering.written import WRITTEN
from tests.walks import long_walk

STATIC = Path(__file__).parents[2] / "static"
ORIGIN = "http://parley.invalid"
LEADS = ["", "", "Words and ", "- a\n- ", "1. one\n2. ", "> ", "| a | b |\n|---|---|\n| 1 | ", "```md\n"]

WALK = """async (walks) => {
  const { growEnd } = await import("/js/stream/grow_end.js");
  const parse = (html) => {
    const parcel = document.createElement("template");
    parcel.innerHTML = html;
    return parcel.content;
  };
  const faults = [];
  for (const steps of walks) {
    const place = document.createElement("div");
    for (const step of steps) {
      const attributes = step.at ? ` data-at="${step.at}"` : "";
      const part = parse(`<template data-how="${step.how}"${attributes}>${step.html}</template>`).firstChild;
      const isDone = step.at ? growEnd(place, part) : (place.replaceChildren(part.content), true);
      const fresh = document.createElement("div");
      fresh.replaceChildren(parse(`<template>${step.whole}</template>`).firstChild.content);
      if (isDone && place.isEqualNode(fresh)) continue;
      faults.push({ isDone, step, is: place.innerHTML });
      break;
    }
  }
  return faults;
}"""


class Step(TypedDict):
    """A change that a viewer is told, and all that a new one gets then."""

    how: str
    at: str
    html: str
    whole: str


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of no server, that can load the scripts."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path.endswith(".js"):
            route.fulfill(body=(STATIC / path.lstrip("/")).read_text(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>Answer</title>", content_type="text/html")

    page = chromium.new_page()
    page.route(f"{ORIGIN}/**", answer)
    page.goto(f"{ORIGIN}/")
    yield page
    page.close()


def steps(text: str, rolls: random.Random) -> Iterator[Step]:
    """What a viewer is told who looks at the text now and then while it grows."""
    growing = Growing(sources=SOURCES, anchor="a")
    seen = 0
    most = max(12, len(text) // 30)
    while growing.length < len(text):
        growing.extend(text[growing.length : growing.length + rolls.randint(1, most)])
        tail = growing.tail()
        before = growing.tail_at(seen)
        change = change_between(before, tail) if before else None
        if change:
            yield Step(how=change.how, at=change.at, html=change.html, whole=tail.html)
        elif not before:
            yield Step(how="replace", at="", html=tail.html, whole=tail.html)
        seen = growing.length


def test_a_page_that_is_told_what_is_new_is_the_page_that_is_loaded_anew(page: Page) -> None:
    rolls = random.Random(12)
    texts = [f"{rolls.choice(LEADS)}{text}" for text in walks.some([*WRITTEN, *EVERY_PAYLOAD])]
    texts += ["\n".join(rolls.sample(WRITTEN, 3)) for _ in range(walks.examples(100))]

    told = [list(steps(text, rolls)) for text in texts]

    assert page.evaluate(WALK, told) == []
    hows = {step["how"] for walk in told for step in walk}
    assert hows == {"grow", "replace", "text"}


def test_what_was_made_for_another_page_is_not_put_into_this_one(page: Page) -> None:
    other = Step(how="text", at="1 1 5", html=" more", whole="<p>Words more</p>")
    translated = Step(how="replace", at="", html="<p><b>Wörter</b></p>", whole="<p><b>Wörter</b></p>")

    (fault,) = page.evaluate(WALK, [[translated, other]])

    assert not fault["isDone"]
    assert fault["is"] == translated["html"]


@long_walk
def test_what_the_keyboard_is_on_stays_or_is_found_again(page: Page) -> None:
    page.set_content('<article><div data-place="tail"><p>One <a href="#1">[1]</a> two *thr</p></div></article>')
    focused = page.evaluate(
        """async () => {
          const { growEnd } = await import("/js/stream/grow_end.js");
          const place = document.querySelector("[data-place]");
          const grow = (at, html) => {
            const part = document.createElement("template");
            Object.assign(part.dataset, { how: "grow", at });
            part.innerHTML = html;
            growEnd(place, part);
          };
          const mark = place.querySelector("a");
          mark.focus();
          grow("1 3 5", "<p><em>three</em></p>");
          const stayed = document.activeElement === mark;
          grow("1 1 2", '<p>e <a href="#1">[1]</a> four</p>');
          return [stayed, document.activeElement.outerHTML, place.innerHTML];
        }"""
    )

    assert focused == [True, '<a href="#1">[1]</a>', '<p>One <a href="#1">[1]</a> four</p>']
