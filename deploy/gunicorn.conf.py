"""The application server of `make run` and of the service unit;
its numbers come from the environment (docs/operation.md).
"""

import os
import socket
import struct

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = int(os.environ.get("WEB_TIMEOUT", "60"))
# A process makes way for a new one after so many requests, not all of them at the same time; what
# it kept of pages goes with it.
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "20000"))
max_requests_jitter = max_requests // 5
graceful_timeout = 30
# No socket in somebody's home: the service is steered by signals.
control_socket_disable = True
# Copied by hand, so that a reader who takes nothing is noticed too.
sendfile = False
# Seconds without a byte in either direction before a connection gives its thread back. Behind a
# buffering proxy none is silent; without one half a request would hold its thread for ever.
SILENCE = 10


def when_ready(server):
    """Sets the limit at the doors: each connection inherits it, before anything was read of it."""
    for door in server.LISTENERS:
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            door.sock.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", SILENCE, 0))
