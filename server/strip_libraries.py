"""Takes the debugging information out of compiled modules.

The wheels of uvloop, aiohttp and multidict carry it: 20 of 30 MB. The loader of a shared library
reads what the program headers name; sections behind that, and the table of sections itself, are
for debuggers. The slim base images have no `strip`.
"""

import struct
import sys
from pathlib import Path

# Offsets in the header of a 64-bit, little-endian ELF file, as elf(5) names them.
_MAGIC = b"\x7fELF\x02\x01"
_PHOFF, _SHOFF = 0x20, 0x28
_PHENTSIZE, _PHNUM, _SHNUM, _SHSTRNDX = 0x36, 0x38, 0x3C, 0x3E
_SEGMENT_OFFSET, _SEGMENT_FILE_SIZE = 0x08, 0x20


def strip(library: Path) -> int:
    """Shorten the file in place; returns the bytes saved, 0 for what is not such a library."""
    content = bytearray(library.read_bytes())
    if not content.startswith(_MAGIC):
        return 0
    (table,) = struct.unpack_from("<Q", content, _PHOFF)
    size, count = struct.unpack_from("<HH", content, _PHENTSIZE)
    headers = [table + size * index for index in range(count)]
    end = max(
        struct.unpack_from("<Q", content, header + _SEGMENT_OFFSET)[0]
        + struct.unpack_from("<Q", content, header + _SEGMENT_FILE_SIZE)[0]
        for header in headers
    )
    end = max(end, table + size * count)
    struct.pack_into("<Q", content, _SHOFF, 0)
    struct.pack_into("<H", content, _SHNUM, 0)
    struct.pack_into("<H", content, _SHSTRNDX, 0)
    library.write_bytes(content[:end])
    return len(content) - end


def main() -> None:
    """Strip all libraries below a folder."""
    saved = sum(strip(library) for library in Path(sys.argv[1]).rglob("*.so"))
    sys.stdout.write(f"{saved / 1e6:.1f} MB of debugging information removed\n")


if __name__ == "__main__":
    main()
