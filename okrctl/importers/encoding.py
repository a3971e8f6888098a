"""Turns the bytes of a file into text: UTF-8, UTF-16, or the encoding that charset-normalizer finds likeliest."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from okrctl.values.errors import OkrctlError

MAX_SIZE = 20_000_000
_CANDIDATES = ["cp1252", "cp1250", "mac_roman", "cp1251", "shift_jis", "gb18030"]
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"BM")


def decode(name: str, data: bytes) -> tuple[str, str]:
    """The text, and a remark where its encoding was guessed. Raises OkrctlError for what is no text."""
    if len(data) > MAX_SIZE:
        raise OkrctlError(f"{name} is larger than {MAX_SIZE // 1_000_000} MB", "split it into several files")
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decode_with(name, data, codec), ""
    if data.startswith(_PICTURES[:-1]) or (data.startswith(b"BM") and b"\0" in data[:64]):
        raise OkrctlError(f"{name} is not a text file", "export the goals as CSV, Markdown, YAML, JSON or .xlsx")
    codec = _utf16_without_mark(data)
    if codec:
        return _decode_with(name, data, codec), f"read as {codec}: the file does not say its encoding"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _guess(name, data)
    return _require_text(name, text), ""


def _decode_with(name: str, data: bytes, codec: str) -> str:
    try:
        return _require_text(name, data.decode(codec))
    except UnicodeDecodeError as error:
        raise OkrctlError(f"{name} is not valid {codec} text: {error.reason}", "save it as UTF-8") from error


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly Latin letters has a zero in every second byte."""
    begin = data[:2000]
    if len(begin) < 8 or b"\0" not in begin:
        return ""
    zeros = (begin[0::2].count(0) / len(begin[0::2]), begin[1::2].count(0) / len(begin[1::2]))
    if zeros[1] > 0.6 and zeros[0] < 0.1:
        return "utf-16-le"
    return "utf-16-be" if zeros[0] > 0.6 and zeros[1] < 0.1 else ""


def _guess(name: str, data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        raise OkrctlError(f"{name} is not a text file", "export the goals as CSV, Markdown, YAML, JSON or .xlsx")
    best = from_bytes(data[:200_000], cp_isolation=_CANDIDATES).best()
    codec = best.encoding if best else "cp1252"
    # A few accents of Western Europe are what most files have; other code pages fit the same bytes by chance.
    if codec != "cp1252" and _looks_western(data):
        codec = "cp1252"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text, codec = data.decode("latin-1"), "latin-1"
    return _require_text(name, text), f"read as {codec}: the file is not written in UTF-8"


def _looks_western(data: bytes) -> bool:
    high = [byte for byte in data if byte >= 0x80]
    western = sum(byte >= 0xC0 or byte in (0x80, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0, 0xB0, 0xBF, 0xA1) for byte in high)
    return len(high) < len(data) / 5 and western >= 0.9 * len(high)


def _require_text(name: str, text: str) -> str:
    if text.count("\0") or sum(
        not char.isprintable() and char not in "\t\n\r\f\v\u2028\u2029" for char in text[:20_000]
    ) > max(8, len(text[:20_000]) // 20):
        raise OkrctlError(f"{name} is not a text file", "export the goals as CSV, Markdown, YAML, JSON or .xlsx")
    return text
