"""Ray itself: joins a cluster, or starts one, and says in a sentence what goes wrong there.

Knows Ray; knows neither articles nor requests. Ray is imported late: it is an extra, and it takes
a second.
"""

import logging
import os
import socket
from collections.abc import Awaitable
from typing import Any

from pipeline.errors import FleetError

LOCAL = "local"  # not None: that would join whatever a forgotten cluster left a note about
_GOES_ON = "The same command goes on from here: replies are stored."
_MANY = 100_000  # calls of an actor at once; what is in flight is bounded elsewhere
_KNOCK = 5.0  # seconds
_RETRIES = 4  # of an article whose worker died, by Ray


class AwayError(FleetError):
    """An actor was lost each time that it was to do one thing; others may go well."""


def join(address: str) -> None:
    """Become a driver of the cluster at `address`. Raises FleetError where there is none."""
    import ray
    from ray._private import worker

    worker._worker_logs_enabled = False  # noqa: SLF001 - it writes on stdout, which is for data
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing tells Ray's makers of a run
    started = {"include_dashboard": False} if address == LOCAL else {}
    try:
        _knock(address)
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **started)
    except (OSError, ValueError, RuntimeError) as error:
        where = "be started on this machine" if address == LOCAL else f"be joined at {address}"
        raise FleetError(
            f"A Ray cluster cannot {where} ({_brief(error)}); see that this machine is one of "
            "it (`ray status`), or leave the address out to start one here."
        ) from error


def _knock(address: str) -> None:
    """Raises OSError where nobody listens at HOST:PORT; Ray would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and port.isdecimal():
        with socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK):
            pass


def leave() -> None:
    """End what `join` began. Actors of ours end with it."""
    import ray

    ray.shutdown()


def machines() -> set[str]:
    """The addresses of all machines of the cluster."""
    import ray

    return {node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}


def cores() -> int:
    """How many cores the cluster offers."""
    import ray

    return int(ray.cluster_resources().get("CPU", 1))


def here(kind: type, *given: Any) -> Any:
    """An actor on the machine of the driver, one of its kind. If it dies, it stays dead."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    node = ray.get_runtime_context().get_node_id()
    place = NodeAffinitySchedulingStrategy(node, soft=False)
    return _actor(kind, name=kind.__name__, scheduling_strategy=place).remote(*given)


def only(name: str) -> Any:
    """The actor that `here` made, for others of the same run."""
    import ray

    return ray.get_actor(name)


def anywhere(kind: type, *given: Any) -> Any:
    """An actor on any machine. If it dies, Ray starts it anew and repeats what it was to do."""
    options = {"scheduling_strategy": "SPREAD", "max_restarts": -1, "max_task_retries": _RETRIES}
    return _actor(kind, **options).remote(*given)


def _actor(kind: type, **options: Any) -> Any:
    """`kind` as Ray makes actors of it.

    They reserve no core: they wait most of the time, and a lost one must find room again.
    """
    import ray

    return ray.remote(kind).options(num_cpus=0, max_concurrency=_MANY, **options)


def once(method: Any) -> Any:
    """`method` of an actor, which Ray does not repeat when the actor dies."""
    return method.options(max_task_retries=0)


def myself() -> Any:
    """The actor that asks."""
    import ray

    return ray.get_runtime_context().current_actor


async def told(what: Awaitable[Any], remedy: str = _GOES_ON) -> Any:
    """What an actor gives back, or raises, as if it were here.

    Raises FleetError, with the remedy, where the actor is gone; AwayError where it died each time
    that it tried.
    """
    from ray.exceptions import ActorUnavailableError, RayActorError, RayTaskError

    try:
        return await what
    except RayTaskError as error:
        raise error.cause from None  # its own text is the traceback over there
    except ActorUnavailableError as error:
        raise AwayError(
            f"Ray lost the actor that was to do it, however often it tried ({_brief(error)}); "
            "Ray's logs say more."
        ) from error
    except RayActorError as error:
        raise FleetError(
            f"Ray has lost an actor that the run needs ({_brief(error)}); Ray's logs say more. "
            f"{remedy}"
        ) from error


def _brief(error: Exception) -> str:
    """The first sentence of the last line: there is the reason, below any traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].partition(". ")[0][:200].rstrip(".") if lines else type(error).__name__
