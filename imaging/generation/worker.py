"""The images that this process has drawn: a task for each, which waits for the service and fetches the picture.

Lives in the event loop, as the answers being written do. What a task finds out is on record before anybody is told; the
leases (`imaging.generation.leases`) say what becomes of images whose process is gone.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from chat.catalog import gateway, providers
from core.web.db import AWAY, DatabaseThreads
from core.web.jobs.worker import Job, Worker
from files import FileRefused
from imaging import library, storage
from imaging.generation import service as generation
from imaging.generation.leases import image_leases
from imaging.generation.service import DrawProblem
from imaging.models import GeneratedImage
from upstream.catalog.gateway_models import GatewayModels
from upstream.errors import PictureLost, UpstreamError
from upstream.gateway_client import Gateway
from upstream.requests import DrawRequest

logger = logging.getLogger(__name__)

T = TypeVar("T")

TIDY_UP_EVERY = 1800.0  # seconds
LONGEST = 300.0  # seconds that the service may take, whatever keeps its connection alive
FETCHES = (1.0, 4.0)  # seconds of waiting before a picture is fetched once more
FETCHED_AT_ONCE = 4  # pictures of up to 20 MB each


class ImageWorker(Worker[Job]):
    """Draws the images of this process. Without a gateway nothing can be drawn, and images say so.

    The gateway belongs to whoever opened it, and is closed there. What images leave on record is written in one thread,
    in order: so a lease that is given up comes after everything else.
    """

    def __init__(self, *, gateway: Gateway | None) -> None:
        super().__init__(name="image", leases=image_leases, threads=DatabaseThreads("images", count=1))
        self._gateway = gateway
        self._judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")
        self._fetch_slots = asyncio.Semaphore(FETCHED_AT_ONCE)

    def open(self) -> None:
        """Begin to draw and to look after leases."""
        super().open()
        self.every(TIDY_UP_EVERY, self._tidy_up)

    async def drain(self, *, grace: float) -> bool:
        """As every worker does; what was broken off is left to other processes where the service has drawn it already,
        and failed where it has not."""
        broken_off = await super().drain(grace=grace)
        if broken_off:
            try:
                await self.threads.run(lambda: image_leases.give_up(image_leases.of(self.id)))
            except AWAY:
                logger.warning("Leases of images could not be given up; they run out by themselves.", exc_info=True)
        return broken_off

    async def release(self) -> None:
        """Stop the thread that judges pictures."""
        self._judging.shutdown(wait=False)

    def claim(self) -> dict[UUID, Job]:
        """Take over the images that wait for somebody."""
        return {image_id: Job() for image_id in image_leases.claim(holder=self.id)}

    def break_off(self, job: Job) -> None:
        """Stop drawing."""
        if job.task:
            job.task.cancel()

    async def _tidy_up(self) -> None:
        await self.threads.run(library.tidy_images)

    async def perform(self, image_id: UUID, _job: Job) -> None:
        """Draw the image, fetch the picture, and put on record what became of it."""
        try:
            plan = await self._persist(image_id, lambda: generation.draw_plan_for(image_id=image_id, holder=self.id))
            if plan is None:
                return
            url = plan.url or await self._ask(image_id, plan.request)
            if not url:
                return
            async with self._fetch_slots:
                kept = await self._fetch(url)
            await self._persist(image_id, lambda: generation.finish_image(image_id=image_id, holder=self.id, kept=kept))
        except UpstreamError as error:
            await self._fail(image_id, DrawProblem(error.kind, error.message, error.retryable))
        except FileRefused as refusal:
            await self._fail(image_id, DrawProblem("unusable", refusal.sentence))
        except TimeoutError:
            await self._fail(image_id, DrawProblem("too_slow", _("Drawing took too long, and nothing came.")))
        except OSError:
            logger.exception("The picture of image %s cannot be stored.", image_id)
            await self._fail(
                image_id, DrawProblem("storage", _("A picture was drawn, but it could not be stored here."))
            )
        except Exception:
            logger.exception("Image %s could not be drawn.", image_id)
            await self._fail(image_id, DrawProblem("ours", _("Something went wrong in Parley while this was drawn.")))

    async def _ask(self, image_id: UUID, request: DrawRequest) -> str:
        """Have it drawn, and the further pictures of the response looked after; returns where the picture is."""
        if self._gateway is None:
            raise UpstreamError(_("No gateway is connected any more, and nothing else draws."))
        async with asyncio.timeout(LONGEST):
            response = await self._gateway.draw(request)
        ids = await self._persist(
            image_id, lambda: generation.keep_response(image_id=image_id, holder=self.id, response=response)
        )
        for other in ids[1:]:
            self.begin(other, Job())
        return response.images[0].url if ids else ""

    async def _fetch(self, url: str) -> storage.StoredPicture:
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
        return await self.loop.run_in_executor(self._judging, storage.keep_picture, data)

    async def _persist(self, image_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"image {image_id}")

    async def _fail(self, image_id: UUID, problem: DrawProblem) -> None:
        await self._persist(image_id, lambda: generation.fail_image(image_id=image_id, holder=self.id, problem=problem))


_worker: ImageWorker | None = None


async def start_image_worker(*, gateway: Gateway | None) -> ImageWorker:
    """Begin to draw in this process, on the running event loop."""
    global _worker  # noqa: PLW0603 - one per process, and views have no other way to it
    _worker = ImageWorker(gateway=gateway)
    _worker.open()
    return _worker


async def close_image_worker() -> None:
    """Stop, with every image on record or left to somebody else."""
    global _worker
    worker, _worker = _worker, None
    if worker:
        await worker.close()


def current_image_worker() -> ImageWorker | None:
    """This process's worker; None in a command or a test that serves nobody."""
    return _worker


def start_image(image: GeneratedImage) -> None:
    """Have the image drawn. From any thread; without a worker here, the next process to make its round does it."""
    if worker := _worker:
        worker.submit(image.pk, Job())


def drawing_models() -> GatewayModels:
    """The gateway's models as they were listed last."""
    return gateway.gateway_model_list().current()


def can_draw() -> bool:
    """Whether somebody draws: a gateway, or the demo where nothing at all is connected."""
    return providers.is_gateway_connected() or providers.is_demo()
