"""The application server of `make run` and of the service unit;
HOST and PORT come from the environment.
"""

import os
import socket
import struct

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
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
