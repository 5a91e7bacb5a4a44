"""Stored files in a bucket of an S3-compatible server; needs requirements-s3.txt."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

from common.files.storage import Transactional


class TransactionalS3Storage(Transactional, S3Storage):
    """A private bucket, in which a file is never written over another.

    What goes wrong is an OSError, as on a disk: a store that is away is not taken for a fault of
    the program, nor for a file that is lost.
    """

    def get_default_settings(self) -> dict[str, Any]:
        # An address with the bucket's name in it would need a name server of its own.
        private = {"file_overwrite": False, "default_acl": None, "addressing_style": "path"}
        return super().get_default_settings() | private

    def _open(self, name: str, mode: str = "rb") -> File:
        with errors_of_a_disk():
            return super()._open(name, mode)

    def _save(self, name: str, content: File) -> str:
        with errors_of_a_disk():
            return super()._save(name, content)

    def exists(self, name: str) -> bool:
        with errors_of_a_disk():
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with errors_of_a_disk():
            return super().listdir(path)

    def delete(self, name: str) -> None:
        with errors_of_a_disk():
            super().delete(name)


@contextmanager
def errors_of_a_disk() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"存储服务没有应答或不接受：{error}") from error
