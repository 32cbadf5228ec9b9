"""Certificates for tests, made by openssl."""

import subprocess


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """A certificate authority that issues certificates for 127.0.0.1 and for clients."""

    def __init__(self, directory, name):
        directory.mkdir(parents=True, exist_ok=True)
        self._directory = directory
        self._name = name
        self.key, self.certificate = directory / f"{name}.key", directory / f"{name}.pem"
        _openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", self.key, "-out", self.certificate, "-days", "2",
                 "-subj", f"/CN={name}")

    def issue(self, name):
        """A key and a certificate, as the paths of two files."""
        stem = self._directory / f"{self._name}-{name}"
        key, request, certificate, extensions = (
            stem.with_suffix(f".{kind}") for kind in ("key", "csr", "pem", "ext"))
        extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        _openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                 "-CAcreateserial", "-out", certificate, "-days", "2", "-extfile", extensions)
        return key, certificate
