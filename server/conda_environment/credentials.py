"""Names and passwords for private indexes and channels, for as long as packages are installed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def netrc(credentials: str, home: Path) -> Iterator[None]:
    """Have `~/.netrc`, which pip, git and conda's library read, while the block runs.

    `credentials` is a JSON object of `NAME:PASSWORD` by host.
    """
    by_host: dict[str, str] = json.loads(credentials or "{}")
    file = home / ".netrc"
    if by_host:
        file.touch(mode=0o600)
        file.write_text("".join(map(_entry, by_host.items())), encoding="utf-8")
    try:
        yield
    finally:
        if by_host:
            file.unlink()


def _entry(item: tuple[str, str]) -> str:
    host, pair = item
    name, _, password = pair.partition(":")
    return f"machine {host}\nlogin {name}\npassword {password}\n"
