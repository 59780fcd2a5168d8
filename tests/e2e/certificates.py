"""Certificates made on the fly with the openssl program."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(["openssl", *map(str, arguments)], input=text, capture_output=True, text=True, timeout=30)


class Issued(NamedTuple):
    certificate: Path
    key: Path

    @property
    def settings(self) -> dict[str, list[str]]:
        """As a listener's `tls`."""
        return {"certificates": [str(self.certificate)], "keys": [str(self.key)]}

    def replace_by(self, other: Issued) -> None:
        """As a renewal does it: the certificate first, the key a moment later."""
        for mine, theirs in zip(self, other, strict=True):
            mine.write_bytes(theirs.read_bytes())


class Authority:
    def __init__(self, folder: Path, name: str = "authority") -> None:
        self.folder = folder
        self.certificate, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        self.count = 0
        made = openssl(
            *("req", "-x509", *EC, "-keyout", self.key, "-out", self.certificate, "-days", "30"),
            *("-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )
        assert made.returncode == 0, made.stderr

    def issue(self, name: str, *names: str) -> Issued:
        """A certificate of its own each time. `names`: alternative names, as DNS:a; the name itself when there are none."""
        self.count += 1
        issued = Issued(self.folder / f"{name}-{self.count}.pem", self.folder / f"{name}-{self.count}.key")
        made = openssl(
            *("req", "-x509", *EC, "-keyout", issued.key, "-out", issued.certificate, "-days", "20"),
            *("-subj", f"/CN={name}", "-addext", "subjectAltName=" + ",".join(names or (f"DNS:{name}",))),
            *("-addext", "basicConstraints=critical,CA:FALSE", "-CA", self.certificate, "-CAkey", self.key),
        )
        assert made.returncode == 0, made.stderr
        return issued

    def client(self, own: Issued | None = None) -> ssl.SSLContext:
        """What a client needs that believes this authority and, perhaps, has a certificate of its own."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        if own is not None:
            context.load_cert_chain(own.certificate, own.key)
        return context
