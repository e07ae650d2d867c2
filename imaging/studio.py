"""The images that this process has drawn: a task for each, which waits for the service and fetches the picture.

Lives in the event loop, as the answers being written do. What a task finds out is on record before anybody is told; the
leases (`imaging.leases`) say what becomes of images whose process is gone.
"""

import asyncio
import contextvars
import logging
import uuid
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, close_old_connections
from django.utils.translation import gettext as _

from imaging import drawing, leases, managing
from imaging.drawing import Problem
from imaging.files import Refused
from imaging.models import GeneratedImage
from upstream.errors import PictureLost, UpstreamError
from upstream.gateway import Gateway
from upstream.gateway_models import GatewayModels
from upstream.listing import Listing
from upstream.offline import is_offline
from upstream.requests import DrawRequest

logger = logging.getLogger(__name__)

T = TypeVar("T")

RENEW_EVERY = 3.0  # seconds
TIDY_UP_EVERY = 1800.0  # seconds
LONGEST = 300.0  # seconds that the service may take, whatever keeps its connection alive
FETCHES = (1.0, 4.0)  # seconds of waiting before a picture is fetched once more
FETCHED_AT_ONCE = 4  # pictures of up to 20 MB each
_AWAY = (OperationalError, InterfaceError, InternalError)


class Studio:
    """Everything of this process that draws. Without a gateway nothing can be drawn, and images say so.

    The gateway belongs to whoever opened it, and is closed there.
    """

    def __init__(self, *, gateway: Gateway | None) -> None:
        self.id = uuid.uuid4()
        self.draining = False
        self.loop = asyncio.get_running_loop()
        self._gateway = gateway
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._chores: list[asyncio.Task[None]] = []
        self._records = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self._judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")
        self._fetches = asyncio.Semaphore(FETCHED_AT_ONCE)

    # --- life ---------------------------------------------------------------------------------------

    def open(self) -> None:
        """Begin to draw and to look after leases."""
        self._chores = [self._spawn(self._make_rounds()), self._spawn(self._tidy_up())]

    async def drain(self, *, grace: float) -> None:
        """Begin nothing new, let what is being drawn come to its end for `grace` seconds, then leave the rest: to
        other processes what the service has drawn already, as failed what it has not."""
        self.draining = True
        deadline = self.loop.time() + grace
        while self._running and (left := deadline - self.loop.time()) > 0:
            await asyncio.wait(list(self._running.values()), timeout=left)  # and then those that these have begun
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)
            try:
                await self._read(lambda: leases.let_go(holder=self.id))
            except _AWAY:
                logger.warning("Leases of images could not be given up; they run out by themselves.", exc_info=True)

    async def close(self) -> None:
        """Stop everything."""
        await self.drain(grace=0)
        for chore in self._chores:
            chore.cancel()
        self._records.shutdown(wait=False)
        self._judging.shutdown(wait=False)

    # --- images -------------------------------------------------------------------------------------

    def start(self, image_id: UUID) -> None:
        """Draw the image, whose lease this process holds. To be called in the event loop."""
        if image_id not in self._running:
            task = self._running[image_id] = self._spawn(self._draw(image_id))
            task.add_done_callback(lambda _task: self._running.pop(image_id, None))

    async def _draw(self, image_id: UUID) -> None:
        try:
            plan = await self._record(lambda: drawing.plan_for(image_id=image_id, holder=self.id))
            if plan is None:
                return
            url = plan.url or await self._ask(image_id, plan.request)
            if not url:
                return
            async with self._fetches:
                kept = await self._bring(url)
            await self._record(lambda: drawing.finish(image_id=image_id, holder=self.id, kept=kept))
        except UpstreamError as error:
            await self._fail(image_id, Problem(error.kind, error.message, error.retryable))
        except Refused as refusal:
            await self._fail(image_id, Problem("unusable", refusal.sentence))
        except TimeoutError:
            await self._fail(image_id, Problem("too_slow", _("Drawing took too long, and nothing came.")))
        except OSError:
            logger.exception("The picture of image %s cannot be stored.", image_id)
            await self._fail(image_id, Problem("storage", _("A picture was drawn, but it could not be stored here.")))
        except Exception:
            logger.exception("Image %s could not be drawn.", image_id)
            await self._fail(image_id, Problem("ours", _("Something went wrong in Parley while this was drawn.")))

    async def _ask(self, image_id: UUID, request: DrawRequest) -> str:
        """Have it drawn, and the further pictures of the response looked after; returns where the picture is."""
        if self._gateway is None:
            raise UpstreamError(_("No gateway is connected any more, and nothing else draws."))
        async with asyncio.timeout(LONGEST):
            drawn = await self._gateway.draw(request)
        ids = await self._record(lambda: drawing.keep_response(image_id=image_id, holder=self.id, drawn=drawn))
        for other in ids[1:]:
            self.start(other)
        return drawn.images[0].url if ids else ""

    async def _bring(self, url: str) -> drawing.Kept:
        """The picture at the address, judged and in the store."""
        if self._gateway is None:
            raise PictureLost
        for pause in (*FETCHES, 0.0):
            try:
                data = await self._gateway.fetch(url)
                break
            except PictureLost as lost:
                if not pause or not lost.repeat:
                    raise
                await asyncio.sleep(pause)
        return await self.loop.run_in_executor(self._judging, drawing.keep_picture, data)

    async def _fail(self, image_id: UUID, problem: Problem) -> None:
        await self._record(lambda: drawing.fail(image_id=image_id, holder=self.id, problem=problem))

    # --- chores -------------------------------------------------------------------------------------

    async def _make_rounds(self) -> None:
        """Renew leases, look after images that others left behind, begin what nobody began."""
        while True:
            try:
                drawn_here = list(self._running)
                if drawn_here:
                    await self._read(lambda: leases.renew(holder=self.id, drawing=drawn_here))  # noqa: B023
                await self._read(leases.sweep)
                if not self.draining:
                    for image_id in await self._read(lambda: leases.claim(holder=self.id)):
                        self.start(image_id)
            except Exception:
                logger.warning("The round over the images failed; the next one follows.", exc_info=True)
            await asyncio.sleep(RENEW_EVERY)

    async def _tidy_up(self) -> None:
        while True:
            await asyncio.sleep(TIDY_UP_EVERY)
            try:
                await self._read(managing.tidy_up)
            except Exception:
                logger.warning("Tidying up images failed; it is tried again later.", exc_info=True)

    # --- threads ------------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[None, None, T]) -> asyncio.Task[T]:
        """A task that inherits nothing from the request that caused it, least of all its database connection."""
        return self.loop.create_task(work, context=contextvars.Context())

    async def _read(self, work: Callable[[], T]) -> T:
        def in_thread() -> T:
            close_old_connections()
            return work()

        return await self.loop.run_in_executor(self._records, in_thread)

    async def _record(self, work: Callable[[], T]) -> T:
        """Put something on record, however long the database is away."""
        attempt = 0
        while True:
            try:
                return await self._read(work)
            except _AWAY as fault:
                attempt += 1
                logger.warning("What became of an image cannot be stored yet: %s", fault)
                await asyncio.sleep(min(attempt * 0.2, 2))


_studio: Studio | None = None


async def open_studio(*, gateway: Gateway | None) -> Studio:
    """Begin to draw in this process, on the running event loop."""
    global _studio  # noqa: PLW0603 - one per process, and views have no other way to it
    _studio = Studio(gateway=gateway)
    _studio.open()
    return _studio


async def close_studio() -> None:
    """Stop, with every image on record or left to somebody else."""
    global _studio
    here, _studio = _studio, None
    if here:
        await here.close()


def studio() -> Studio | None:
    """This process's studio; None in a command or a test that serves nobody."""
    return _studio


def start(image: GeneratedImage) -> None:
    """Have the image drawn. From any thread; without a studio here, the next process to make its rounds does it."""
    here = _studio
    if here is None or here.draining:
        return
    try:
        taken = leases.take(image_id=image.pk, holder=here.id)
    except DatabaseError:
        logger.warning("The lease of image %s could not be taken; the next round will.", image.pk, exc_info=True)
        return
    if taken:
        here.loop.call_soon_threadsafe(partial(here.start, image.pk))


def models() -> GatewayModels:
    """The gateway's models as they were listed last; `chat` keeps the list fresh for all processes."""
    return _listing().current()


@cache
def _listing() -> Listing:
    return Listing(settings.DATA_DIR / "cache" / "gateway-models.json", base_url=settings.GATEWAY_BASE_URL)


def is_connected() -> bool:
    """Whether somebody draws: a gateway, or the demo where nothing at all is connected."""
    return bool(settings.GATEWAY_BASE_URL) or is_demo()


def is_demo() -> bool:
    """Whether the demo draws."""
    return is_offline(settings)
