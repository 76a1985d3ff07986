"""How the C library keeps the memory of large bodies."""

import ctypes

# Parameters of mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_MAPPED_FROM_BYTES = 8 << 20
_KEPT_BYTES = 16 << 20


def keep_freed_memory() -> None:
    """Use the memory of one body again for the next.

    glibc gives everything above 128 KB back to the kernel at once, which then clears a new piece
    for the next body: a third of the time of a body of 200 KB. At most 16 MB are kept.
    """
    library = ctypes.CDLL(None)
    # Other C libraries have no such function, nor the habit.
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _MAPPED_FROM_BYTES)
        library.mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
