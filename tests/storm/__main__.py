"""`python -m tests.storm [--minutes 10] [--seed N] [--on sqlite|postgresql]`: the storm, and what is left after it.

Ends with 1 where anything was lost, doubled or left behind. The same seed has the same faults in the same order.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.imaging.review.pending_images import grant
from tests.questions import eventually
from tests.storm.audit import Audit, Verdict, Worker
from tests.storm.deployment import Deployment
from tests.storm.diary import Diary
from tests.storm.faults import Faults, Say
from tests.storm.people import People
from tests.storm.upstream import StormUpstream
from upstream.demo import server as demo_server
from upstream.demo.gateway.routes import DemoGateway

CALM_BEFORE = 8.0  # seconds in which nothing breaks yet
CALM_WITHIN = 60.0  # seconds after the last fault
AFTERWARDS = 2.0  # seconds in which streams that ended let go of what they held
DATABASES = ("sqlite", "postgresql")


async def storm(*, minutes: float, seed: int, postgresql: bool, folder: Path) -> Verdict:
    """One storm on one database."""
    began, chance, diary = time.monotonic(), random.Random(seed), Diary()

    def say(words: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {words}", file=sys.stderr, flush=True)

    upstream = await StormUpstream(chance).start()
    gateway = await demo_server.serve(demo=DemoGateway())
    deployment = Deployment(folder, postgresql=postgresql)
    env = {"PERPLEXITY_BASE_URL": upstream.url, "PERPLEXITY_API_KEY": "storm", "GATEWAY_BASE_URL": gateway.address}
    try:
        await deployment.start(env)
        grant(deployment.store, "alice")
        say(f"{'PostgreSQL' if postgresql else 'SQLite'}, {minutes:g} minutes, seed {seed}: {deployment.url}")
        people = People(deployment.url, deployment.store.sessions(), diary, chance)
        crowd = [asyncio.create_task(people.stay(one)) for one in people.crowd()]
        await asyncio.sleep(CALM_BEFORE)
        before = Worker.of(deployment.workers()[0])
        faults = Faults(deployment, upstream, chance)
        await _for_a_while(faults, minutes * 60, say)
        say("the storm is over")
        people.leave()
        audit = Audit(deployment, diary, upstream)
        try:
            async with asyncio.timeout(CALM_WITHIN):
                await asyncio.gather(*crowd)
                await asyncio.to_thread(eventually, audit.is_calm, within=CALM_WITHIN)
        except (TimeoutError, AssertionError):
            diary.complaints.append(f"not calm {CALM_WITHIN:.0f} s after the storm")
        await asyncio.sleep(AFTERWARDS)
        found = await asyncio.to_thread(audit.verdict, before)
        found.figures |= {"done": dict(diary.done), "refused": dict(diary.refused), "faults": dict(faults.done)}
        return found
    finally:
        (folder / "servers.log").write_text(deployment.logs())
        await deployment.close()
        await gateway.close()
        await upstream.close()


async def _for_a_while(faults: Faults, seconds: float, say: Say) -> None:
    """Let the storm rage; a fault that has begun is put right."""
    raging, moods = asyncio.create_task(faults.rage(say)), asyncio.create_task(faults.moods())
    done, _ = await asyncio.wait({raging}, timeout=seconds)
    for task in (raging, moods):
        task.cancel()
    await asyncio.gather(raging, moods, return_exceptions=True)
    await faults.calm()
    for task in done:
        task.result()


def main() -> int:
    """Run the storms that are asked for, each in a process of its own, and print what is left."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--on", choices=DATABASES)
    wanted = parser.parse_args()
    if wanted.on is None:
        commands = [storm_command(database, minutes=wanted.minutes, seed=wanted.seed) for database in DATABASES]
        return max(subprocess.run(command).returncode for command in commands)
    with tempfile.TemporaryDirectory(prefix="storm-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL's own user goes through it
        found = asyncio.run(
            storm(minutes=wanted.minutes, seed=wanted.seed, postgresql=wanted.on == "postgresql", folder=Path(folder))
        )
        if found.faults:
            shutil.copy(Path(folder, "servers.log"), f"storm-{wanted.on}.log")
    print(f"\n{wanted.on}: {json.dumps(found.figures, indent=1, default=str)}")
    for fault in found.faults:
        print(f"FAULT  {fault}")
    print("Something was lost." if found.faults else "Nothing was lost.")
    return int(bool(found.faults))


def storm_command(database: str, *, minutes: float, seed: int) -> list[str]:
    """What runs the storm on that database. A small disk can be mounted by root, or in a namespace of one's own."""
    namespace = ["unshare", "--map-root-user", "--mount"] if database == "sqlite" and os.geteuid() != 0 else []
    arguments = ["--on", database, "--minutes", str(minutes), "--seed", str(seed)]
    return [*namespace, sys.executable, "-m", "tests.storm", *arguments]


if __name__ == "__main__":
    sys.exit(main())
