"""How fast pictures are judged and how much memory that takes, printed as JSON: `python -P benchmarks/judging.py`.

The code that judges is that of the tree which PYTHONPATH names.
"""

import io
import json
import os
import random
import resource
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
LARGEST = (10_000, 5_000)  # pixels, as many as one may have


def main() -> None:
    """Measure, and print."""
    figures = {
        "judge.flat": _judged_each_second(_png(_drawn())),
        "judge.grained": _judged_each_second(_png(_grained())),
        "judge.memory": _peak_memory(_png(Image.radial_gradient("L").resize(LARGEST).convert("RGBA"))),
    }
    print(json.dumps(figures))


def _peak_memory(png: bytes) -> float:
    """Megabytes that a process which judges the picture takes at most."""
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png)
        file.flush()
        done = subprocess.run(
            [sys.executable, "-P", __file__, file.name], env=os.environ, capture_output=True, text=True, check=True
        )
    return float(done.stdout)


def judge_alone(path: Path) -> None:
    """Judge one picture, and print how many megabytes this process, or one of its children, took at most."""
    with path.open("rb") as file:
        judge(file, name=path.name)
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(max(own, children) / 1024)


def _judged_each_second(png: bytes) -> float:
    """Pictures for each second of this thread's processor time, whatever else the machine is doing."""

    def once() -> None:
        judged = judge(io.BytesIO(png), name="drawn.png")
        assert judged.picture
        assert judged.picture.thumbnail

    once()
    began, count = time.thread_time(), 0
    while (spent := time.thread_time() - began) < JUDGED_FOR:
        once()
        count += 1
    return count / spent


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
