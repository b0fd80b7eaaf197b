"""openai's asynchronous client in a loop with a semaphore: what one would write first.

    throughput_bare.py BODIES BASE_URL IN_FLIGHT

Sends the bodies of a file, one a line, parses the answers and keeps nothing.
"""

import asyncio
import json
import sys
from pathlib import Path

import openai


async def loop(bodies: list[str], base_url: str, in_flight: int) -> None:
    """Ask for all of them. Raises whatever is wrong with one of them."""
    free = asyncio.Semaphore(in_flight)

    async def ask(body: dict[str, object]) -> object:
        async with free:
            answer = await client.chat.completions.create(**body)  # type: ignore[call-overload]
        return json.loads(answer.choices[0].message.content)

    async with openai.AsyncOpenAI(api_key="none", base_url=base_url) as client:
        await asyncio.gather(*(ask(json.loads(body)) for body in bodies))


if __name__ == "__main__":
    asyncio.run(loop(Path(sys.argv[1]).read_text().splitlines(), sys.argv[2], int(sys.argv[3])))
