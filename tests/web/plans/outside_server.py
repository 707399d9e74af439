"""A calendar somewhere outside, for tests: a real server with a certificate of its own, on this machine."""

import contextlib
import datetime as dt
import http.server
import ssl
import threading
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from introducer_web.plans.fetch import Outside

__all__ = ["NAME", "Place", "always", "certificate", "serving"]

NAME = "calendar.example.org"


def certificate(folder, name=NAME):
    """Write a certificate for a name, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    held, secret = folder / f"{name}.pem", folder / f"{name}.key"
    held.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                         serialization.NoEncryption()))  # fmt: skip
    return held, secret


def always(*found):
    """Return a table of names in which each leads to the same addresses."""
    return lambda *_name: list(found)


@dataclass
class Place:
    """What answers, what it was asked, and how tests reach it: by its name, which no table but theirs knows."""

    port: int
    trusted: object
    says: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)

    def url(self, path="/basic.ics"):
        return f"https://{NAME}:{self.port}{path}"

    def outside(self, **changed):
        """Return the way there: the name is looked up in a table, and this machine alone may be reached."""
        given = {
            "ports": frozenset({self.port}), "look_up": always("127.0.0.1"),
            "may_reach": lambda address, _port: str(address) == "127.0.0.1",
            "trust": ssl.create_default_context(cafile=str(self.trusted)), "wait": 5.0, "in_all": 10.0,
        }  # fmt: skip
        return Outside(**given | changed)


@contextlib.contextmanager
def serving(folder):
    """Serve what ``says`` holds by path: bytes, or a function of the handler."""
    held, secret = certificate(folder)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            place.asked.append(self.path)
            answer = place.says.get(self.path)
            if callable(answer):
                answer(self)
            elif answer is None:
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(answer)

        def log_message(self, *_said):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_broken: None  # who hangs up is no fault of a test
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(held, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    place = Place(server.server_address[1], held)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
