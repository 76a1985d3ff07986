"""Makes a conda channel in a folder, from packages that the tests write."""

import asyncio
import hashlib
import io
import json
import tarfile
from pathlib import Path

from rattler.index import index_fs


class CondaChannel:
    """A channel of packages for Linux on x86-64."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for subdir in ("linux-64", "noarch"):
            (folder / subdir).mkdir(parents=True)

    def add(
        self,
        name: str,
        version: str,
        files: dict[str, bytes | Path],
        depends: tuple[str, ...] = (),
        noarch_python: bool = False,
        placeholders: tuple[str, ...] = (),
    ) -> None:
        """Write a package; `placeholders` are the files that hold `/opt/placeholder`."""
        subdir = "noarch" if noarch_python else "linux-64"
        build = "py_0" if noarch_python else "0"
        index = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "depends": list(depends),
            "subdir": subdir,
            **({"noarch": "python"} if noarch_python else {}),
        }
        contents = {path: _read(content) for path, content in files.items()}
        paths = {
            "paths_version": 1,
            "paths": [_described(path, data, placeholders) for path, data in contents.items()],
        }
        info = {"info/index.json": _json(index), "info/paths.json": _json(paths)}
        if noarch_python:
            link = {"noarch": {"type": "python"}, "package_metadata_version": 1}
            info["info/link.json"] = _json(link)
        archive = self.folder / subdir / f"{name}-{version}-{build}.tar.bz2"
        with tarfile.open(archive, "w:bz2", compresslevel=1) as tar:
            for path, data in {**info, **contents}.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(data)
                entry.mode = 0o755 if path.startswith("bin/") else 0o644
                tar.addfile(entry, io.BytesIO(data))

    def index(self) -> str:
        """Write the index and return the channel's URL."""
        asyncio.run(index_fs(self.folder))
        return self.folder.as_uri()


def _read(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


def _described(path: str, data: bytes, placeholders: tuple[str, ...]) -> dict:
    described = {
        "_path": path,
        "path_type": "hardlink",
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_in_bytes": len(data),
    }
    if path in placeholders:
        described |= {"file_mode": "text", "prefix_placeholder": "/opt/placeholder"}
    return described


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
