"""A mail server on this machine that keeps what it is given, for as long as a test runs."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class Session(socketserver.StreamRequestHandler):
    """One connection: the commands of SMTP that a client needs to hand over messages."""

    def handle(self) -> None:
        self.answer("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            if command.startswith("RCPT") and line.partition("<")[2].startswith(self.server.refused):
                self.answer("550 no such person")
            elif command == "DATA":
                self.answer("354 go ahead")
                self.keep_message()
                self.answer("250 OK")
            elif command == "QUIT":
                return self.answer("221 bye")
            else:
                self.answer("250 OK")

    def answer(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def keep_message(self) -> None:
        lines = iter(self.rfile.readline, b".\r\n")
        # A line that begins with a dot was sent with a second one.
        content = b"".join(line.removeprefix(b".") for line in lines)
        self.server.received.append(message_from_bytes(content, policy=policy.default))


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int, refused: tuple[str, ...]):
        self.received: list[EmailMessage] = []
        self.refused = refused
        super().__init__(("127.0.0.1", port), Session)


@contextmanager
def mail_server(port: int, *, refused: tuple[str, ...] = ()) -> Iterator[list[EmailMessage]]:
    """The messages received on `port`; addresses that begin with one of `refused` are answered 550."""
    with MailServer(port, refused) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.received
        finally:
            server.shutdown()
            thread.join()
