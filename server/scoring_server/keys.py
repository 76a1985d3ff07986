"""The keys that callers must present."""

import hmac
from pathlib import Path

_NAMES = ("primary", "secondary")
_SCHEME = "bearer "


class Keys:
    """The two keys of the service, as files that may change while the server runs."""

    def __init__(self, folder: str) -> None:
        self._files = [Path(folder, name) for name in _NAMES]
        self._seen: list[tuple[int, int] | None] = []
        self._keys: list[bytes] = []
        self.reload()

    def __len__(self) -> int:
        """How many keys are accepted now."""
        return len(self._keys)

    @property
    def any(self) -> str:
        """One of the keys that are accepted now; empty without one."""
        return self._keys[0].decode("latin-1") if self._keys else ""

    def reload(self) -> bool:
        """Read the files if one of them changed; returns whether the keys are new."""
        seen = [_version(file) for file in self._files]
        if seen == self._seen:
            return False
        read = (_read(file) for file in self._files)
        self._seen, self._keys = seen, [key for key in read if key]
        return True

    def accept(self, authorization: str | None) -> bool:
        """Whether the header carries one of the keys; the time taken does not tell which."""
        if authorization is None or authorization[: len(_SCHEME)].lower() != _SCHEME:
            return False
        # Bytes outside of UTF-8 come as surrogates.
        given = authorization[len(_SCHEME) :].strip().encode("utf-8", "replace")
        accepted = False
        for key in self._keys:
            accepted |= hmac.compare_digest(given, key)
        return accepted


def _version(file: Path) -> tuple[int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except OSError:
        # An unreadable file gives no key, as an absent one does.
        return b""
