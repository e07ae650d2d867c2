"""The images that this process has drawn: a task for each, which waits for the service and fetches the picture.

Lives in the event loop, as the answers being written do. What a task finds out is on record before anybody is told; the
leases (`imaging.generation.leases`) say what becomes of images whose process is gone.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from core import measures
from core.web.db import AWAY, DatabaseThreads, connect_first
from core.web.jobs.worker import Job, Worker
from files import FileRefused
from imaging import library, storage
from imaging.generation import cost
from imaging.generation import service as generation
from imaging.generation.leases import image_leases
from imaging.generation.service import DrawPlan, DrawProblem
from imaging.models import GeneratedImage
from upstream.drawing import DrawingService
from upstream.errors import DrawingUncertain, PictureLost, UpstreamError

logger = logging.getLogger(__name__)

T = TypeVar("T")

CONNECTIONS = 1  # to the database
TIDY_UP_EVERY = 1800.0  # seconds
FETCHES = (1.0, 4.0)  # seconds of waiting before a picture is fetched once more
FETCHED_AT_ONCE = 4  # pictures of up to 20 MB each


class ImageWorker(Worker[Job]):
    """Draws the images of this process with the `services` that are connected, by their names; images for others say
    that there is none.

    The services belong to whoever opened them, and are closed there. What images leave on record is written in one
    thread, in order: so a lease that is given up comes after everything else.
    """

    def __init__(self, *, services: Mapping[str, DrawingService]) -> None:
        super().__init__(name="image", leases=image_leases, threads=DatabaseThreads("images", count=CONNECTIONS))
        self._services = services
        self._turns = {name: asyncio.Semaphore(service.at_once) for name, service in services.items()}
        self._judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="judging")
        self._fetch_slots = asyncio.Semaphore(FETCHED_AT_ONCE)

    def take_over(self, services: Mapping[str, DrawingService]) -> None:
        """Draw with these from now on; what is being drawn goes on with those it began with. In the event loop."""
        self._services = services
        self._turns = {name: asyncio.Semaphore(service.at_once) for name, service in services.items()}

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
        await self.threads.run(cost.settle_left_behind)

    async def perform(self, image_id: UUID, _job: Job) -> None:
        """Draw the image, fetch the picture, and put on record what became of it."""
        plan = None
        try:
            plan = await self._persist(image_id, lambda: generation.draw_plan_for(image_id=image_id, holder=self.id))
            if plan is None:
                return
            url = plan.url or await self._ask(image_id, plan)
            if not url:
                return
            async with self._fetch_slots:
                kept = await self._fetch(plan.service, url)
            await self._persist(image_id, lambda: generation.finish_image(image_id=image_id, holder=self.id, kept=kept))
        except UpstreamError as error:
            measures.ERRORS.labels(plan.service if plan else "", error.kind).inc()
            was_charged = isinstance(error, DrawingUncertain | PictureLost)
            await self._fail(image_id, DrawProblem(error.kind, error.message, error.retryable), was_charged=was_charged)
        except FileRefused as refusal:
            await self._fail(image_id, DrawProblem("unusable", refusal.sentence))
        except TimeoutError:
            await self._fail(image_id, DrawProblem("too_slow", _("Drawing took too long and produced no image.")))
        except OSError:
            logger.exception("The picture of image %s cannot be stored.", image_id)
            await self._fail(image_id, DrawProblem("storage", _("The image was drawn but couldn’t be saved.")))
        except Exception:
            logger.exception("Image %s could not be drawn.", image_id)
            await self._fail(
                image_id, DrawProblem("ours", _("Something went wrong in Parley while drawing this image."))
            )

    async def _ask(self, image_id: UUID, plan: DrawPlan) -> str:
        """Have it drawn when it is its turn, and further pictures of the response looked after; returns where the
        picture is, empty for one that has come along or is no longer wanted."""
        service = self._services.get(plan.service)
        if service is None:
            raise UpstreamError(_("The service for this image is no longer connected. Draw it with another model."))
        async with self._turns[plan.service]:
            if self.draining:  # nothing new is begun; another process asks
                await self._persist(image_id, lambda: image_leases.let_go(image_id, holder=self.id))
                return ""
            if not await self._persist(image_id, lambda: generation.note_asked(image_id=image_id, holder=self.id)):
                await self._fail(image_id, DrawProblem("deleted", _("The image was deleted before it was drawn.")))
                return ""
            async with asyncio.timeout(service.longest):
                response = await service.draw(plan.request)
        kept = [await self._judge(picture.data) if picture.data else None for picture in response.images]
        missing = await self._persist(
            image_id,
            lambda: generation.keep_response(image_id=image_id, holder=self.id, response=response, kept=kept),
        )
        for other, _url in missing:
            if other != image_id:
                self.begin(other, Job())
        return dict(missing).get(image_id, "")

    async def _fetch(self, service_name: str, url: str) -> storage.StoredPicture:
        """The picture at the address, judged and in the store."""
        service = self._services.get(service_name)
        if service is None:
            raise PictureLost
        for pause in (*FETCHES, 0.0):
            try:
                data = await service.fetch(url)
                break
            except PictureLost as lost:
                if not pause or not lost.repeat:
                    raise
                await asyncio.sleep(pause)
        return await self._judge(data)

    async def _judge(self, data: bytes) -> storage.StoredPicture:
        """The picture, judged and in the store. Raises FileRefused, OSError."""
        return await self.loop.run_in_executor(self._judging, storage.keep_picture, data)

    async def _persist(self, image_id: UUID, work: Callable[[], T]) -> T:
        return await self.threads.persist(work, about=f"image {image_id}")

    async def _fail(self, image_id: UUID, problem: DrawProblem, *, was_charged: bool = True) -> None:
        """Put on record that there is no picture. Where nobody knows better, the service may have charged for one."""
        await self._persist(
            image_id,
            lambda: generation.fail_image(image_id=image_id, holder=self.id, problem=problem, was_charged=was_charged),
        )


_worker: ImageWorker | None = None


async def start_image_worker(*, services: Mapping[str, DrawingService]) -> ImageWorker:
    """Begin to draw in this process, on the running event loop. Raises OutOfConnections."""
    global _worker  # noqa: PLW0603 - one per process, and views have no other way to it
    worker = ImageWorker(services=services)
    await connect_first(worker.connect)
    _worker = worker
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
