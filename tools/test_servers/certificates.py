"""An authority, and keys with certificates of its for servers and for a client, as PEM files.

    ca.pem       the authority's certificate, to be trusted
    node.pem     the servers' key and certificate, good for localhost and their addresses
    client.key, client.pem   a client's
    other-ca.pem             an authority that has signed none of these
"""

import pathlib
import socket
import ssl
import subprocess


def make(directory, ips):
    """Makes the files unless they are there."""
    if (directory / "node.pem").exists():
        return
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("ca", "other-ca"):
        _openssl("req", "-x509", *_new_key(directory, name), "-subj", f"/CN={name}",
                 "-days", "3650", "-out", directory / f"{name}.pem")
    names = ",".join(["DNS:localhost", *(f"IP:{ip}" for ip in ips)])
    for name in ("client", "node"):
        _openssl("req", *_new_key(directory, name), "-subj", f"/CN={name}",
                 "-out", directory / f"{name}.csr")
        extensions = directory / "extensions"
        extensions.write_text(f"subjectAltName={names}\n" if name == "node" else "")
        _openssl("x509", "-req", "-in", directory / f"{name}.csr", "-days", "3650",
                 "-CA", directory / "ca.pem", "-CAkey", directory / "ca.key", "-CAcreateserial",
                 "-extfile", extensions, "-out", directory / f"{name}.pem")
    with open(directory / "node.pem", "a") as both:
        both.write((directory / "node.key").read_text())


def connect(run):
    """A connection to a server that was prepared with `tls`: None, or where these files are."""
    connection = socket.create_connection(run["address"], 2)
    context = client_context(run)
    if not context:
        return connection
    return context.wrap_socket(connection, server_hostname=run["address"][0])


def client_context(run):
    """The TLS of a client of such a server; None without TLS."""
    if not run["tls"]:
        return None
    tls = pathlib.Path(run["tls"])
    context = ssl.create_default_context(cafile=tls / "ca.pem")
    context.load_cert_chain(tls / "client.pem", tls / "client.key")
    return context


def _new_key(directory, name):
    return ["-newkey", "rsa:2048", "-nodes", "-keyout", directory / f"{name}.key"]


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stderr=subprocess.DEVNULL)
