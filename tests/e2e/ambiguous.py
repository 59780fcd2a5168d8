"""Requests that two servers could understand in two ways (RFC 9112), by what is wrong with them."""

from __future__ import annotations

COUNT_PATH = "/collections/n7/points/count"
CHUNKED = "transfer-encoding: chunked"


def head(*lines: str, first: str = f"POST {COUNT_PATH} HTTP/1.1", host: str = "host: test") -> bytes:
    return "\r\n".join([first, *([host] if host else []), *lines, "", ""]).encode("latin-1")


REFUSED_HEADS = {
    "length and chunked": head("content-length: 2", CHUNKED),
    "chunked and length": head(CHUNKED, "content-length: 2"),
    "two lengths": head("content-length: 2", "content-length: 3"),
    "list of lengths": head("content-length: 2, 3"),
    "negative length": head("content-length: -2"),
    "signed length": head("content-length: +2"),
    "hexadecimal length": head("content-length: 0x2"),
    "empty length": head("content-length:"),
    "length beyond 64 bits": head("content-length: 18446744073709551618"),
    "folded field": head("x-a: b", " c: d", "content-length: 2"),
    "folded field with tab": head("x-a: b", "\tc", "content-length: 2"),
    "space before colon": head("content-length : 2"),
    "tab before colon": head("transfer-encoding\t: chunked"),
    "field without colon": head("content-length 2"),
    "field without name": head(": 2"),
    "line feeds only": head("content-length: 2").replace(b"\r\n", b"\n"),
    "one line feed only": head("x-a: b", "content-length: 2").replace(b"b\r\n", b"b\n"),
    "carriage return in a value": head("x-a: b\rcontent-length: 5", "content-length: 2"),
    "nul in a value": head("x-a: b\0", "content-length: 2"),
    "gzip": head("transfer-encoding: gzip"),
    "gzip, chunked": head("transfer-encoding: gzip, chunked"),
    "chunked, gzip": head("transfer-encoding: chunked, gzip"),
    "chunked twice": head("transfer-encoding: chunked, chunked"),
    "chunked in two fields": head(CHUNKED, CHUNKED),
    "gzip in a second field": head(CHUNKED, "transfer-encoding: gzip"),
    "identity": head("transfer-encoding: identity", "content-length: 2"),
    "not quite chunked": head("transfer-encoding: xchunked"),
    "chunked in HTTP/1.0": head(CHUNKED, first=f"POST {COUNT_PATH} HTTP/1.0"),
    "no host": head("content-length: 2", host=""),
    "two hosts": head("host: other", "content-length: 2"),
    "space at the start": b" " + head("content-length: 2"),
    "no version": head(first=f"POST {COUNT_PATH}"),
    "no target": head(first="POST HTTP/1.1"),
    "target without slash": head("content-length: 2", first="POST collections/n7/points/count HTTP/1.1"),
    "space in the target": head("content-length: 2", first="POST /collections/n 7/points/count HTTP/1.1"),
    "control in the method": head("content-length: 2", first="PO\x01ST / HTTP/1.1"),
    "TLS": bytes.fromhex("16030100c8010000c403030a0d0a"),
}

BROKEN_CHUNKS = {
    "no number": b"zz\r\n{}\r\n0\r\n\r\n",
    "empty size": b"\r\n{}\r\n0\r\n\r\n",
    "negative": b"-2\r\n{}\r\n0\r\n\r\n",
    "signed": b"+2\r\n{}\r\n0\r\n\r\n",
    "prefixed": b"0x2\r\n{}\r\n0\r\n\r\n",
    "space before": b" 2\r\n{}\r\n0\r\n\r\n",
    "beyond 64 bits": b"10000000000000002\r\n{}\r\n0\r\n\r\n",
    "too much data": b"2\r\n{}}\r\n0\r\n\r\n",
    "no line end behind the data": b"2\r\n{}0\r\n\r\n",
    "line feed behind the size": b"2\n{}\r\n0\r\n\r\n",
    "line feed behind the data": b"2\r\n{}\n0\r\n\r\n",
    "line feeds at the end": b"2\r\n{}\r\n0\n\n",
}
