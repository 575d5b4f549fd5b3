"""A limit of the operating system for as long as a block lasts."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def bestanden_hoogstens(aantal_bytes: int) -> Iterator[None]:
    """No file can grow beyond this: writing fails halfway a file, as on a full disk (EFBIG instead of ENOSPC)."""
    zacht, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (aantal_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (zacht, hard))
