"""Checks model files against the digests noted when the model was registered.

The manifest `.digests.json` lies at the root of the model folders and holds one member for each
file: `{"NAME/VERSION/model.pkl": "sha256:HEX", ...}`.
"""

import hashlib
from pathlib import Path

import msgspec

MANIFEST = ".digests.json"


class UntrustedModel(Exception):
    """A model file is not the one that was registered."""


def check_digests(models_root: Path) -> int:
    """Compare every file with the manifest, both ways, and return how many there are.

    Raises `UntrustedModel` with one line that names the manifest or the first file at fault.
    """
    expected = _read_manifest(models_root / MANIFEST)
    present = {
        file.relative_to(models_root).as_posix(): file
        for file in sorted(models_root.rglob("*"))
        if file.is_file() and file != models_root / MANIFEST
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
