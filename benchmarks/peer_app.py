"""What Chainlit serves: questions go to the benchmark's upstream, and each chunk to the browser as it comes.

Run by the peer's own Python (`benchmarks.peer`). It stores nothing and renders nothing.
"""

import json
import os

import chainlit
import httpx

ADDRESS = f"http://{os.environ['BENCH_UPSTREAM']}/chat/completions"
client = httpx.AsyncClient(timeout=None, limits=httpx.Limits(max_connections=None), trust_env=False)


@chainlit.on_message
async def answer(message: chainlit.Message) -> None:
    """Pass on what the upstream says."""
    reply = chainlit.Message(content="")
    body = {"model": "sonar", "stream": True, "messages": [{"role": "user", "content": message.content}]}
    async with client.stream("POST", ADDRESS, json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("data: {"):
                await reply.stream_token(json.loads(line[6:])["choices"][0]["delta"]["content"])
    await reply.send()
