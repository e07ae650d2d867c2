"""How fast pictures are judged and how much memory that takes, printed as JSON: `python -P benchmarks/judging.py`.

The code that judges is that of the tree which PYTHONPATH names.
"""

import contextlib
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django
from PIL import Image, ImageChops, ImageDraw

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from files import judge  # noqa: E402

JUDGED_FOR = 3.0  # seconds of processor time for each kind of picture
LONGEST = 60.0  # seconds for the largest picture
LARGEST = (10_000, 5_000)  # pixels, as many as one may have


def main() -> None:
    """Measure, and print."""
    figures = {
        "judge.flat": _judged_each_second(_png(_drawn())),
        "judge.grained": _judged_each_second(_png(_grained())),
    }
    with contextlib.suppress(subprocess.SubprocessError):  # on a slow machine it takes longer than is allowed
        figures["judge.memory"] = _peak_memory(_png(Image.radial_gradient("L").resize(LARGEST).convert("RGB")))
    print(json.dumps(figures))


def _peak_memory(png: bytes) -> float:
    """Megabytes that a process which judges the picture takes at most."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-P", __file__, file.name], capture_output=True, text=True, check=True, timeout=LONGEST
        )
    return float(done.stdout)


def judge_alone(path: Path) -> None:
    """Judge one picture, and print how many megabytes this process, or one that it started, took at most."""
    with path.open("rb") as file:
        judge(file, name=path.name)
    for child in _children():  # the system tells of those that ended
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    own, others = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(max(own, others) / 1024)


def _judged_each_second(png: bytes) -> float:
    """Pictures for each second of processor time, whatever else the machine is doing."""

    def once() -> None:
        judged = judge(io.BytesIO(png), name="drawn.png")
        assert judged.picture
        assert judged.picture.thumbnail

    once()
    began, count = _worked(), 0
    while (spent := _worked() - began) < JUDGED_FOR:
        once()
        count += 1
    return count / spent


def _worked() -> float:
    """Seconds of processor time of this process, of those that it started, and of those that ended among theirs."""
    ticks = 0
    for child in _children():
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(field) for field in fields[11:15])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _drawn() -> Image.Image:
    """Bands and discs in a few colours, as somebody draws them."""
    image = Image.new("RGB", (1024, 1024), "#86b6d8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 640, 1024, 1024), fill="#285c80")
    for number, colour in enumerate(("#c8372d", "#f2c230", "#ffffff", "#3d7a46")):
        draw.ellipse((90 + 220 * number, 240, 290 + 220 * number, 440), fill=colour)
    return image


def _grained() -> Image.Image:
    """A fine grain, which PNG packs badly: about 2 MB."""
    size = (1024, 1024)
    grain = Image.frombytes("RGB", size, random.Random(5).randbytes(3 * size[0] * size[1])).point(lambda v: v // 16)
    return ImageChops.add(Image.radial_gradient("L").resize(size).convert("RGB"), grain)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        judge_alone(Path(sys.argv[1]))
    else:
        main()
