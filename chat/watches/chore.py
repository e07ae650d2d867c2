"""What is done for watches by the clock."""

import asyncio
from functools import partial

from chat.watches import asking, letters, outcomes
from core.web.db import RunInThread


async def look_after_watches(run: RunInThread) -> None:
    """Ask what is due, find out what came of what was asked, and write to followers and owners. `run` does in a thread
    what needs the database."""
    await run(asking.ask_due)
    for ended in await run(outcomes.take_ended):
        change = await asyncio.to_thread(outcomes.compared, ended)
        await run(partial(outcomes.note_outcome, ended, change))
    await run(outcomes.tell_checked)
    await run(letters.write_to_followers)
    await run(letters.write_to_owners)
