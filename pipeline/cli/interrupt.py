"""Ctrl-C, in two steps: the first lets what is in flight finish, the second stops at once."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


async def until_interrupted(work: Work, say: Callable[[str], None]) -> bool:
    """Run `work` to its end; returns whether Ctrl-C was pressed meanwhile.

    `work` gets the event that says "begin nothing new", and may set it by itself.
    """
    stop, pressed = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    task = loop.create_task(work(stop))

    def interrupt() -> None:
        if pressed.is_set():
            task.cancel()
            return
        pressed.set()
        stop.set()
        say("Stopping when the articles in flight are done; Ctrl-C again stops at once.")

    loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        await task
    except asyncio.CancelledError:
        if not pressed.is_set():
            raise
    finally:
        loop.remove_signal_handler(signal.SIGINT)
    return pressed.is_set()
