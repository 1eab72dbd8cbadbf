"""Starting processes without losing one: Ctrl-C never falls between the fork and the variable that holds the child."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until the block is done.

    A handler that raises inside `subprocess.Popen` loses the child, and one that raises in a fork hook is swallowed.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ASKING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent() -> Callable[[], None]:
    """For `preexec_fn` inside `uninterrupted`: the kernel sends the child SIGTERM when we die, even of kill -9."""
    parent = os.getpid()

    def arrange() -> None:
        for number in ASKING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKING)
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # we died in between
            os.kill(os.getpid(), signal.SIGTERM)

    return arrange
