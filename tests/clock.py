"""Time for tests: it passes only when somebody waits, and then at once."""


class Clock:
    """A clock and a sleep that belong together. `waits` has every wait, in seconds."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass."""
        self.waits.append(seconds)
        self.now += seconds
