"""Asks a virus scanner of the site, clamd, about what was uploaded, where there is one."""

import logging
import socket
import struct
from contextlib import closing

from django.conf import settings

from common.errors import Refused

logger = logging.getLogger(__name__)
CHUNK = 64 * 1024
PATIENCE = 20


def refuse_infected(data: bytes) -> None:
    """Raises Refused for a file in which the scanner finds something, and for every file while it
    does not answer; the reasons continue a sentence that begins with the file's name.
    """
    if not settings.CLAMD_ADDRESS:
        return
    try:
        said = _ask(data)
    except OSError as error:
        logger.error("the virus scanner does not answer: %s", error.strerror)
        raise Refused("暂时不能检查病毒，文件没有接收，请过一会儿再传。") from error
    if said.endswith("FOUND"):
        raise Refused("里查出病毒，文件没有接收，请先杀毒再传。")
    if not said.endswith("OK"):
        logger.error("the virus scanner could not look at a file")
        raise Refused("没能检查病毒，文件没有接收，请过一会儿再传。")


def _ask(data: bytes) -> str:
    """What clamd says: "stream: OK", "stream: NAME FOUND" or "... ERROR"."""
    with closing(_connected()) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), CHUNK):
            piece = data[start : start + CHUNK]
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        return scanner.recv(1000).decode("ascii", "replace").strip("\0 \n")


def _connected() -> socket.socket:
    """A connection to `CLAMD_ADDRESS`: the path of a socket, or host:port."""
    address = settings.CLAMD_ADDRESS
    if "/" not in address:
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(PATIENCE)
    try:
        scanner.connect(address)
    except OSError:
        scanner.close()
        raise
    return scanner
