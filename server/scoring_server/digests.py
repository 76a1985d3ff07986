"""Checks model files against the digests noted when the model was registered.

The manifest `model-digests.json` holds one member for each file, by its path below the folder of
the models: `{"NAME/1/model.pkl": "sha256:HEX", ...}`. It lies beside the server, outside of the
folders that scripts list (`settings.py` says where).
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec


class UntrustedModel(Exception):
    """A model file is not the one that was registered."""


def check_digests(models_root: Path, manifest: Path) -> int:
    """Compare every file with the manifest, both ways, and return how many there are.

    Raises `UntrustedModel` with one line that names the manifest or the first file at fault.
    """
    expected = _read_manifest(manifest)
    present = {
        file.relative_to(models_root).as_posix(): file for file in sorted(_files(models_root))
    }
    for name, file in present.items():
        if name not in expected:
            raise UntrustedModel(f"model file {name} was not registered")
        actual = _digest(file)
        if actual != expected[name]:
            raise UntrustedModel(
                f"model file {name} has the digest {actual}, but {expected[name]} was registered"
            )
    missing = sorted(expected.keys() - present.keys())
    if missing:
        raise UntrustedModel(f"model file {missing[0]} is missing")
    return len(present)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, also behind links: a script would load those too."""
    for parent, _, names in os.walk(folder, followlinks=True):
        yield from (Path(parent, name) for name in names)


def _read_manifest(file: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        raise UntrustedModel(f"no manifest of model digests at {file}") from None
    except msgspec.MsgspecError as error:
        raise UntrustedModel(f"invalid manifest {file}: {error}") from None


def _digest(file: Path) -> str:
    # hashlib.file_digest needs Python 3.11.
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"
