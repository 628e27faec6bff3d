"""Who searches: one lane alone, or two side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from routes.engine.lanes import count_up, deal, gather, halves
from routes.engine.refs import data_ref, state_ref
from routes.engine.search import search
from routes.engine.state import BEST, Data, State, empty_state

SIDES = (0, 1)


class Alone:
    """One search on the whole solution."""

    def __init__(self, data: Data, state: State, chunk: int) -> None:
        self.iterations = chunk
        self._refs = data_ref(data), state_ref(state)

    def search(self, hot: float, cold: float, iterations: int | None = None) -> None:
        """Search for a chunk of iterations, the temperature falling from hot to cold."""
        search(*self._refs, self.iterations if iterations is None else iterations, hot, cold)

    def finish(self) -> None:
        """Nothing to bring home."""


class Pair:
    """Two searches. With many routes each gets half of them, anew each round; with few, each
    searches the whole on its own."""

    def __init__(
        self, data: Data, state: State, chunk: int, seed: int, threads: int, halved: bool
    ) -> None:
        self.iterations = chunk * len(SIDES)
        self._chunk = chunk
        self._halved = halved
        self._data, self._state = data, state
        self._lanes = [empty_state(data, (seed << 8) + 101 + side) for side in SIDES]
        self._D, self._M = data_ref(data), state_ref(state)
        self._L = [state_ref(lane) for lane in self._lanes]
        self._pool = ThreadPoolExecutor(len(SIDES)) if threads > 1 else None
        self._deal()

    def _deal(self) -> None:
        part = np.zeros(len(self._data.vehicle), np.int64)
        if self._halved:
            part = halves(self._data, self._state)
        for side in SIDES:
            deal(self._D, self._M, self._L[side], part, side if self._halved else 0)

    def _gather(self) -> None:
        if self._halved:
            for best in (True, False):
                for side in SIDES:
                    gather(self._D, self._M, self._L[side], best)
                count_up(self._D, self._M)
            return
        for side in SIDES:
            if self._lanes[side].num[BEST] < self._state.num[BEST]:
                gather(self._D, self._M, self._L[side], True)
                count_up(self._D, self._M)

    def search(self, hot: float, cold: float, iterations: int | None = None) -> None:
        """Search for a round, the temperature falling from hot to cold."""
        count = self._chunk if iterations is None else iterations

        def run(side: int) -> None:
            search(self._D, self._L[side], count, hot, cold)

        if self._pool is None:
            for side in SIDES:
                run(side)
        else:
            list(self._pool.map(run, SIDES))
        self._gather()
        if self._halved:
            self._deal()

    def finish(self) -> None:
        """End the threads."""
        if self._pool is not None:
            self._pool.shutdown()
