"""The demo as the settings name it: handlers that answer in this process where no service is connected.

A handler takes an httpx request and gives the response, so it can stand where the network would.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import httpx

from upstream.demo.documents import web_pages
from upstream.demo.gateway.routes import DemoGateway
from upstream.demo.images.routes import DemoImages
from upstream.demo.perplexity import DOCUMENTS_URL, Demo

Handler = Callable[[httpx.Request], Awaitable[httpx.Response]]


def open_demo(*, documents_url: str = DOCUMENTS_URL, sonar: str = "ended") -> Handler:
    """Perplexity's own services. `documents_url` is where readers find our documentation, which the demo quotes;
    `sonar` is how Sonar answers, which has ended (`upstream.demo.sonar.routes.ENDS`).
    """
    return Demo(documents_url=documents_url, sonar=sonar).handle


def open_demo_gateway(*, documents_url: str = DOCUMENTS_URL) -> Handler:
    """The gateway."""
    return DemoGateway(documents_url=documents_url).handle


def open_demo_images() -> Handler:
    """The image service."""
    return DemoImages().handle


def open_demo_pages(*, documents_url: str = DOCUMENTS_URL) -> Callable[[str], web_pages.Response | None]:
    """The pages that the demo cites. What this returns takes some tenths of a second the first time."""
    return partial(web_pages.page_at, documents_url=documents_url)
