"""A real language model, and a Parley that asks it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import MakeServer
from tests.real_model.recorder import Recorder
from tests.real_model.serve import MODEL
from tests.serving import Server, free_port, wait_for_port
from tests.stores import ROOT


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    """The model behind a recorder of what it is asked."""
    port, log = free_port(), tmp_path_factory.mktemp("model") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.real_model.serve", str(port)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    wait_for_port(port, process, log)
    recorder = Recorder(f"http://127.0.0.1:{port}")
    yield recorder
    recorder.close()
    process.terminate()
    process.wait(10)


@pytest.fixture
def connected(make_server: MakeServer, model: Recorder) -> Server:
    """A server connected to the model as the README says."""
    return make_server(
        env={
            "PERPLEXITY_BASE_URL": model.url,
            "PERPLEXITY_CHAT_PATH": "/v1/chat/completions",
            "PERPLEXITY_MODELS": MODEL,
        }
    )
