"""Says before anything is set up that another program has the port of the site; exit status 1."""

import os
import socket
import sys

address = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as door:
    # As the server does: a port whose last connections are only being closed is free.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
    except OSError as error:
        sys.exit(
            f"打不开 {address[0]}:{address[1]}（{error.strerror}）：可能已被别的程序占用。\n"
            f"请先停掉那个程序，或者换一个端口，例如 make run PORT={address[1] + 1}"
        )
