"""Writes wheels, as small as a wheel can be."""

import zipfile
from pathlib import Path


def wheel(folder: Path, name: str = "own_wheel", version: str = "1.0") -> Path:
    """Write a wheel with one module, whose `VERSION` is that of the wheel."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}.py", f"VERSION = '{version}'\n")
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{info}/METADATA", metadata)
        described = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", described)
        archive.writestr(f"{info}/RECORD", "")
    return file
