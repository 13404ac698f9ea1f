"""A Dask cluster: the same tasks on machines elsewhere, or on a cluster started here for trying.

A Dask scheduler runs whatever code it is sent. So one is reached over TLS with certificates of both
sides, or on this machine alone; see `checked`. Imported only when it is asked for: distributed is
an extra.
"""

from __future__ import annotations

import ipaddress
import logging
import signal
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import distributed

from solver.errors import UsageError
from solver.sweep.engines.engine import DiedError, GoneError

dask: Any = distributed
"""Partly typed, so that a checker would know half of it where it is installed."""

CONNECT = 10
"""Seconds to wait for a scheduler."""

FRESH = 2.0
"""Seconds for which the number of workers is taken as known."""

_LOCAL = ("localhost", "localhost.localdomain")


def checked(address: str) -> str:
    """The address, if it may be used: tls://HOST:PORT, or tcp:// where the host is this machine.

    Raises UsageError for any other. A plain address elsewhere would let anyone on the way read
    every proposal, change every plan, and run code on the workers and here.
    """
    whole = address if "://" in address else f"tcp://{address}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError("cluster_address", address=address) from None
    if parts.scheme not in ("tls", "tcp") or not host or port is None:
        raise UsageError("cluster_address", address=address)
    if parts.scheme == "tcp" and not _is_here(host):
        raise UsageError("cluster_open", address=address)
    return whole


def _is_here(host: str) -> bool:
    if host in _LOCAL:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Cluster:
    """A client of a scheduler; what it is owed is computed by whatever workers there are."""

    def __init__(self, client: Any, own: Any = None) -> None:
        self._client = client
        self._own = own
        self._executor = client.get_executor(pure=False)
        self._workers, self._known = 0, 0.0

    @property
    def workers(self) -> int:
        """The threads of the cluster's workers, asked for every other second."""
        now = time.monotonic()
        if now - self._known > FRESH and self._client.status == "running":
            with suppress(OSError):  # just lost; the calls under way will tell
                self._workers = sum(self._client.nthreads().values())
            self._known = now
        return self._workers

    @property
    def slots(self) -> int:
        """Enough for workers to have the next one with them, also while none has come yet."""
        return 2 * self.workers + 2

    def submit(self, call: Callable[..., Any], *args: Any) -> Future[Any]:
        """Hand a call to the scheduler. One whose worker dies is begun again elsewhere by it."""
        try:
            found: Future[Any] = self._executor.submit(call, *args)
        except OSError as error:
            raise GoneError from error
        return found

    def told(self, error: BaseException) -> BaseException:
        """A cancelled call is one whose scheduler was stopped."""
        if isinstance(error, CancelledError):
            return GoneError()
        if isinstance(error, dask.KilledWorker | MemoryError):
            return DiedError()
        if isinstance(error, ModuleNotFoundError):
            return UsageError("cluster_without_kayuh", name=error.name)
        return error

    def restart(self) -> None:
        """The scheduler looks after its workers itself."""

    def close(self) -> None:
        """Let go of the scheduler, and end a cluster that was started here."""
        self._client.close(timeout=CONNECT)
        if self._own is not None:
            self._own.close(timeout=CONNECT)


def at(address: str) -> Cluster:
    """A cluster by its scheduler's address; certificates as Dask's own settings name them.

    Raises UsageError where the address is open, none answers, or certificates are missing.
    """
    whole = checked(address)
    _quiet()
    security = dask.Security(require_encryption=True) if whole.startswith("tls://") else None
    if security is not None and not (security.tls_ca_file and security.tls_client_cert):
        raise UsageError("cluster_certificates", address=address)
    try:
        return Cluster(dask.Client(whole, security=security, timeout=CONNECT, set_as_default=False))
    except (OSError, TimeoutError) as error:
        raise UsageError("cluster_silent", address=address, reason=str(error)[:200]) from error


def started(workers: int) -> Cluster:
    """A cluster of so many worker processes on this machine, reached from this machine only.

    To be called in the main thread.
    """
    _quiet()
    # Ctrl-C reaches every process of a terminal; the workers inherit that it is not for them.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        own = dask.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    return Cluster(dask.Client(own, timeout=CONNECT, set_as_default=False), own)


def _quiet() -> None:
    """What befalls a worker is told in the rows; Dask's own log would stand between them."""
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
