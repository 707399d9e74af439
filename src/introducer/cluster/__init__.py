"""Passes over the mentees on many machines, by Dask [1]_: the same bytes as on one.

1. **Shards.** The mentees are cut into as many runs as there are workers. A worker makes its
   shard from the small tables of its mentees (``introducer.shard``), and keeps it.
2. **Shortlists.** For each shard what holds for the pairs of its shortlists is stored, and kept.
3. **A pass** is a pure function: of a shard, of prices, and of the shares of those who pick, to
   their teams and next shares. The caller cuts the arrays and puts together what comes back. A
   mentee is looked at by itself, so it is what one machine finds.
4. **A sweep** goes block by block. All in a block pick at the same loads; the shards tell by how
   much these change, whole numbers whose sum is the same in any order, and the next block
   follows.
5. **Nominations, proofs and the certificate** are passes too.
6. **Repair, master and dive** look at everybody at once. They stay with the caller, who stores the
   shortlists beside.
7. **A worker is lost.** Nothing was there only: shard and shortlists are made again, by who is
   left, from what their tasks were given, and what was asked is asked again [2]_.

.. [1] Rocklin M., Dask: parallel computation with blocked algorithms and task scheduling, Proc.
   14th Python in Science Conf. (2015) 126-132.
.. [2] Zaharia M. et al., Resilient distributed datasets: a fault-tolerant abstraction for
   in-memory cluster computing, NSDI (2012) 15-28: what is lost is made again from its lineage.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from introducer.cluster.spread import Spread, whole
from introducer.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from introducer.fit import Market

__all__ = ["Cluster", "connected"]

#: Seconds in which a scheduler has to answer, and to have a worker.
PATIENCE = 10
#: What computes has to be the same everywhere, for the bytes to be.
SAME = ("introducer", "numba", "numpy")
#: Tables of a shard are sent inside their task on purpose, so that it can be made again: no warning.
QUIET = {"distributed.admin.large-graph-warning-threshold": "1TB"}


class Cluster:
    """A cluster that answers."""

    def __init__(self, dask: Any) -> None:
        self._dask = dask

    def over(self, market: Market) -> Spread:
        """Spread a market over the workers there are, a shard for each."""
        with whole():
            workers = len(self._dask.ncores())
        return Spread(self._dask, market, max(1, min(workers, market.shape[0])))


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Connect to a Dask scheduler that has workers with the versions of this machine.

    Raises
    ------
    Unreachable
        Where the extra ``cluster`` is not installed, nothing answers, there is no worker, or a
        worker has other versions.
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise Unreachable(
            "Dask is not installed here. Install the extra: pip install 'introducer[cluster]'."
        ) from error
    with ExitStack() as stack:
        try:
            dask = stack.enter_context(distributed.Client(address, timeout=PATIENCE, set_as_default=False))
        except (OSError, ValueError) as error:
            raise Unreachable(f"No Dask scheduler answers at {address!r} within {PATIENCE} seconds.") from error
        try:
            dask.wait_for_workers(1, timeout=PATIENCE)
        except OSError as error:
            raise Unreachable(f"The scheduler at {address} has no worker.") from error
        told = _other_versions(dask)
        if told:
            raise Unreachable("\n".join(told))
        stack.enter_context(importlib.import_module("dask").config.set(QUIET))
        yield Cluster(dask)


def _other_versions(dask: Any) -> list[str]:
    """Return a sentence for each worker and package whose version is another than here."""
    told = []
    for name in SAME:
        here = version(name)
        for worker, there in sorted(dask.run(importlib.metadata.version, name, on_error="return").items()):
            if isinstance(there, Exception):
                told.append(f"The worker {worker} has no {name}; install {name} {here} there.")
            elif there != here:
                told.append(f"The worker {worker} has {name} {there}, and {here} is here: the bytes could differ.")
    return told
