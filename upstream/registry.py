"""All services that can answer, behind the one face of a client: each request goes to the service of its provider.

And those that draw, by their names.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Protocol

from upstream.agent import input_items
from upstream.agent.file_intake import FileIntake
from upstream.client import Client, Sign
from upstream.drawing import DrawingService
from upstream.errors import CutOff, InvalidRequest, TooLarge, UnreadableKey, UpstreamError
from upstream.events import DocumentsInlined, Event, PictureUploaded, Started, StatusChanged, Throttled
from upstream.gateway import uploads
from upstream.gateway_client import Gateway
from upstream.images.client import ImageService
from upstream.requests import AskRequest, Picture, Turn

logger = logging.getLogger(__name__)

Shrink = Callable[[Picture], Picture | None]


class _Closes(Protocol):
    async def aclose(self) -> None: ...


GATEWAY = "gateway"
IMAGES = "images"
AGENT = "agent"
_NOT_CONNECTED = (
    "The gateway is no longer connected. Choose another model, or ask your administrator to set GATEWAY_BASE_URL."
)
_NO_PERPLEXITY = (
    "Perplexity itself is no longer connected. Choose another model, or ask your administrator to connect it."
)
_QUIET = (Started, StatusChanged, Throttled)  # events after which nobody has seen anything of the answer yet
_FORGOTTEN = (
    400,
    404,
    410,
    422,
)  # what the service behind the gateway may say to the address of a picture that is gone


class Services:
    """Perplexity's own services, where they are connected, and the gateway and the image service, where there is one.

    `smaller` makes a smaller copy of a picture that the gateway finds too large; it takes long, runs in a thread, and
    returns None where it cannot. `files` remembers whether the Agent API takes files. `no_client` is what questions for
    Perplexity end with where it should be connected and is not.
    """

    def __init__(
        self,
        *,
        client: Client | None = None,
        no_client: UpstreamError | None = None,
        gateway: Gateway | None = None,
        images: ImageService | None = None,
        smaller: Shrink = lambda _picture: None,
        files: FileIntake | None = None,
    ) -> None:
        self.client = client
        self._no_client = no_client
        self._left: list[_Closes] = []
        self.gateway = gateway
        self.images = images
        self._smaller = smaller
        self._files = files or FileIntake()

    @property
    def drawing(self) -> Mapping[str, DrawingService]:
        """The services that draw."""
        connected: dict[str, DrawingService | None] = {GATEWAY: self.gateway, IMAGES: self.images}
        return {name: service for name, service in connected.items() if service is not None}

    def take_over(self, others: "Services") -> None:
        """Ask those that `others` asks from now on. Answers that are being written go on with those they began with,
        whose connections close by themselves when nothing is said any more."""
        self._left += self._connected()
        self.client, self._no_client = others.client, others._no_client
        self.gateway, self.images = others.gateway, others.images
        self._smaller, self._files = others._smaller, others._files

    def ask(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """The answer as it is being written. Raises UpstreamError, as `Client.ask` does."""
        if request.provider == GATEWAY:
            return self._through_the_gateway(request)
        if self.client is None:
            return _nobody(self._no_client)
        if request.provider == AGENT and input_items.documents_in(request):
            return self._with_documents(self.client, request)
        return self.client.ask(request)

    async def call_off(self, job: str, *, provider: str) -> None:
        """Have the provider stop what it works on by itself, where it can be told to. Never raises."""
        if self.client and provider != GATEWAY:
            await self.client.call_off(job, provider=provider)

    async def offers(self, provider: str) -> bool | None:
        """Whether the provider takes questions at its address; None where that cannot be told. Costs nothing."""
        return await self.client.offers(provider) if self.client and provider != GATEWAY else None

    async def sign_of_life(self) -> Sign:
        """Whether the service that answers most questions can be asked: Perplexity's own, else the gateway. Never
        raises."""
        if self.client:
            return await self.client.sign_of_life()
        if isinstance(self._no_client, UnreadableKey):
            return Sign.NO_KEY
        return Sign.OK if await self.gateway_reachable() else Sign.NONE

    async def gateway_reachable(self) -> bool | None:
        """Whether the gateway answers, None where there is none. Never raises."""
        return await self.gateway.reachable() if self.gateway else None

    async def aclose(self) -> None:
        """Close every connection. The services can be used again afterwards."""
        for service in (*self._left, *self._connected()):
            await service.aclose()
        self._left.clear()

    def _connected(self) -> list[_Closes]:
        return [service for service in (self.client, self.gateway, self.images) if service is not None]

    async def _with_documents(self, client: Client, request: AskRequest) -> AsyncGenerator[Event, None]:
        """Ask with the documents as files. Where the service takes none, which one refusal tells before anybody saw a
        word, ask with their text instead."""
        refusal: UpstreamError | None = None
        if not self._files.is_refused():
            heard = False
            try:
                async with aclosing(client.ask(request)) as events:
                    async for event in events:
                        heard = heard or not isinstance(event, _QUIET)
                        yield event
                return
            except UpstreamError as error:
                if heard or not input_items.may_be_about_files(error):
                    raise
                refusal = error
        try:
            inlined = input_items.with_documents_inlined(request)
        except InvalidRequest as nothing_to_inline:
            raise (refusal if refusal and not input_items.blames_nothing_else(refusal) else nothing_to_inline) from None
        yield DocumentsInlined()
        async with aclosing(client.ask(inlined)) as events:
            async for event in events:
                if refusal and not isinstance(event, _QUIET):
                    self._learn_from(refusal)
                    refusal = None
                yield event

    def _learn_from(self, refusal: UpstreamError) -> None:
        """Remember a refusal that the question did not meet once it came without files."""
        if input_items.is_about_all_files(refusal):
            logger.info("The Agent API does not accept files; the text of documents is sent instead.")
            self._files.note_refusal()

    async def _through_the_gateway(self, request: AskRequest) -> AsyncGenerator[Event, None]:
        """Hand the pictures over, one after another, and ask. Where the gateway has forgotten those that it was handed
        earlier, they are handed over once more."""
        if self.gateway is None:
            raise InvalidRequest(_NOT_CONNECTED)
        pictures = [part for turn in request.turns for part in turn.parts if isinstance(part, Picture)]
        uploads.check_upload_count(len(_pictures_of(request.turns[-1:])))
        reused = any(picture.url for picture in pictures)
        try:
            async with aclosing(self._ask_gateway(self.gateway, request)) as events:
                async for event in events:
                    yield event
            return
        except CutOff:
            raise
        except UpstreamError as error:
            if not reused or error.status not in _FORGOTTEN or isinstance(error, TooLarge):
                raise
            logger.info("The gateway rejected images that it was sent earlier; they are sent again.")
        turns = [_without_addresses(turn) for turn in request.turns]
        async with aclosing(self._ask_gateway(self.gateway, replace(request, turns=turns))) as events:
            async for event in events:
                yield event

    async def _ask_gateway(self, gateway: Gateway, request: AskRequest) -> AsyncGenerator[Event, None]:
        turns = list(request.turns)
        missing = sum(not picture.url for picture in _pictures_of(turns))
        done = 0
        for number, turn in enumerate(turns):
            parts = list(turn.parts)
            for place, part in enumerate(parts):
                if not isinstance(part, Picture) or part.url:
                    continue
                done += 1
                yield StatusChanged("uploading", f"{done}/{missing}")
                kept = await self._upload(gateway, part)
                parts[place] = replace(part, url=kept.url)
                yield kept
            turns[number] = replace(turn, parts=tuple(parts))
        async with aclosing(gateway.ask(replace(request, turns=turns))) as events:
            async for event in events:
                yield event

    async def _upload(self, gateway: Gateway, picture: Picture) -> PictureUploaded:
        """Hand over the picture, or a smaller copy of one that is too large. Raises UpstreamError."""
        try:
            found = await gateway.upload(picture, picture.name)
            return PictureUploaded(picture.reference, found.url)
        except TooLarge:
            smaller = await asyncio.to_thread(self._smaller, picture)
            if smaller is None or len(smaller.data) >= len(picture.data):
                raise
        found = await gateway.upload(smaller, smaller.name or picture.name)
        return PictureUploaded(picture.reference, found.url, smaller=True)


async def _nobody(reason: UpstreamError | None) -> AsyncGenerator[Event, None]:
    raise type(reason)() if reason else InvalidRequest(_NO_PERPLEXITY)
    yield  # makes this a generator, as every answer is


def _pictures_of(turns: Sequence[Turn]) -> list[Picture]:
    return [part for turn in turns for part in turn.parts if isinstance(part, Picture)]


def _without_addresses(turn: Turn) -> Turn:
    parts = tuple(replace(part, url="") if isinstance(part, Picture) else part for part in turn.parts)
    return replace(turn, parts=parts)
