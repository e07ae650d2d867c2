"""How long it takes to bring a history in: `python -m benchmarks.imports [CONVERSATIONS]`, with a server of its own.

A data export of ChatGPT with that many conversations of three questions, whose answers have 2 kB and cite sources, is
made, uploaded, looked through and imported over HTTP, as in a browser. Memory is that of the server and its processes,
looked at twice a second; beside it stands how long a page took meanwhile.
"""

import json
import re
import shutil
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import httpx

from benchmarks.bench import Bench
from benchmarks.processes import family, pss_megabytes
from benchmarks.rounds import Figures
from tests.serving import Server
from tests.stores import ROOT, Store

CONVERSATIONS = 10_000
TURNS = 3
AT_ONCE = 1_000  # conversations in each part of the export
LOOKS_EVERY = 0.5  # seconds
_NOON = 1_736_000_000
_STATE = re.compile(r'data-state="(\w+)"')


def imports(bench: Bench) -> Figures:
    """Seconds for 10,000 conversations, and the server's memory at most, in MB."""
    return measured(CONVERSATIONS, tree=bench.tree)


def measured(conversations: int, *, tree: Path = ROOT) -> dict[str, float]:
    """Make the export, bring it in, and take the time."""
    folder = Path(tempfile.mkdtemp(prefix="parley-imports-"))
    server = Server(Store.template(folder / "data", tree=tree))
    try:
        export = folder / "export.zip"
        _write_export(export, conversations)
        server.start()
        return _bring(server, export)
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


def _bring(server: Server, export: Path) -> dict[str, float]:
    client = server.client("alice")
    before = _memory(server)
    begun = time.monotonic()
    with export.open("rb") as file:
        answer = client.post("/import/upload/", data={"place": "private"}, files={"file": ("export.zip", file)})
    assert answer.status_code == 302, answer.text
    page, uploaded = answer.headers["location"], time.monotonic()
    most, slowest = _watch(server, client, page, "ready")
    looked = time.monotonic()
    client.post(f"{page}begin/")
    again, slower = _watch(server, client, page, "finished")
    ended = time.monotonic()
    return {
        "imports.upload": uploaded - begun,
        "imports.look": looked - uploaded,
        "imports.import": ended - looked,
        "imports.memory": max(most, again),
        "imports.grown": max(most, again) - before,
        "imports.page": 1000 * max(slowest, slower),
    }


def _watch(server: Server, client: httpx.Client, page: str, until: str) -> tuple[float, float]:
    """The most memory, and the seconds that the slowest page took, until the import is in that state."""
    most = slowest = 0.0
    while True:
        begun = time.monotonic()
        found = _STATE.search(client.get(page).text)
        slowest = max(slowest, time.monotonic() - begun)
        most = max(most, _memory(server))
        if found and found[1] in (until, "refused", "stopped"):
            assert found[1] == until, server.log()[-2000:]
            return most, slowest
        time.sleep(LOOKS_EVERY)


def _memory(server: Server) -> float:
    return pss_megabytes(family(server.pid))


def _write_export(path: Path, conversations: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(0, conversations, AT_ONCE):
            some = [_conversation(number) for number in range(part, min(part + AT_ONCE, conversations))]
            archive.writestr(f"conversations-{part // AT_ONCE:03}.json", json.dumps(some))


def _conversation(number: int) -> dict[str, object]:
    nodes, above = {}, None
    for turn in range(TURNS):
        token = f"\ue200cite\ue202turn{turn}search0\ue201"
        cited = {
            "matched_text": token,
            "start_idx": 10,
            "type": "grouped_webpages",
            "items": [{"title": f"Lamp {number}", "url": f"https://lamps.example/{number}/{turn}"}],
        }
        text = f"Lamp {number} was lit in year {turn}.{token}\n\n" + "".join(
            f"- **Keeper {line}** of lamp {number} wrote about wick {line * turn} and tide {line + number}.\n"
            for line in range(28)
        )
        for role, words in (("user", f"What is known of lamp {number}, part {turn}?"), ("assistant", text)):
            key = f"{number}-{turn}-{role}"
            nodes[key] = {
                "id": key,
                "parent": above,
                "message": {
                    "author": {"role": role},
                    "create_time": _NOON + number * 60 + turn,
                    "content": {"content_type": "text", "parts": [words]},
                    "metadata": {"model_slug": "gpt-5", "content_references": [cited]} if role == "assistant" else {},
                    "recipient": "all",
                },
            }
            above = key
    id = f"bench-{number}"
    return {
        "conversation_id": id,
        "title": f"Lamp {number}",
        "create_time": _NOON,
        "mapping": nodes,
        "current_node": above,
    }


if __name__ == "__main__":
    for name, figure in measured(int(sys.argv[1]) if len(sys.argv) > 1 else CONVERSATIONS).items():
        print(f"{name:20} {figure:10.1f}")
