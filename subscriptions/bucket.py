"""A token bucket."""

from time import monotonic


class Bucket:
    """Lets `rate` through per second on average, and at most `burst` at once."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._filled_at = monotonic()

    def take(self) -> bool:
        """Whether one more may pass."""
        now = monotonic()
        self._left = min(self._burst, self._left + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
