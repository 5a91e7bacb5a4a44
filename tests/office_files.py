"""Office files made by hand, sound and unsound."""

import io
import struct
import zipfile
import zlib

TYPES = b'<Types><Default ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml"/></Types>'


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, data in parts.items():
            parcel.writestr(name, data)
    return out.getvalue()


def word(types: bytes = TYPES, **more: bytes) -> bytes:
    return package({"[Content_Types].xml": types, "word/document.xml": b"<document/>", **more})


def sheet(**more: bytes) -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **more})


def claiming(data: bytes, name: str, size: int, content: bytes = b"") -> bytes:
    """The package with a head that gives the part another size, and the checksum of what that many bytes would be."""
    with zipfile.ZipFile(io.BytesIO(data)) as parcel:
        part = parcel.getinfo(name)
    told = struct.pack("<LLL", zlib.crc32(content), part.compress_size, size)
    true = struct.pack("<LLL", part.CRC, part.compress_size, part.file_size)
    assert data.count(true) == 2
    return data.replace(true, told)


def locked(data: bytes) -> bytes:
    """Every part marked as encrypted."""
    out = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(mark)
        while at >= 0:
            out[at + offset] |= 1
            at = out.find(mark, at + 4)
    return bytes(out)
