"""The photo of a letter or of an addition, as an abstract model."""

import hashlib
import secrets

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q

FOLDER = "letters"


def photo_path(_row: models.Model, _filename: str) -> str:
    """A random name: neither the sender's file name nor anything that follows from the letter's
    number.
    """
    return f"{FOLDER}/{secrets.token_hex(16)}.jpg"


def photo_digest(photo: bytes | None) -> str:
    """The SHA-256 of a photo; "" of none."""
    return hashlib.sha256(photo).hexdigest() if photo else ""


class Pictured(models.Model):
    """A row with at most one photo, as private as its words: reduced in size, without the data the
    phone wrote into it.
    """

    photo = models.FileField("照片", upload_to=photo_path, max_length=200, blank=True)
    photo_sha256 = models.CharField("照片校验值", max_length=64, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(photo="", photo_sha256="") | ~Q(photo="") & ~Q(photo_sha256=""),
                name="%(class)s_photo_with_digest",
            )
        ]

    def attach_photo(self, photo: bytes | None) -> None:
        """Attaches the photo to the row, which the caller saves."""
        if photo:
            self.photo_sha256 = photo_digest(photo)
            self.photo.save("", ContentFile(photo), save=False)

    def drop_photo(self) -> None:
        """Removes the photo from the row, which the caller saves; the file is deleted on commit."""
        if name := self.photo.name:
            storage, self.photo, self.photo_sha256 = self.photo.storage, "", ""
            transaction.on_commit(lambda: storage.delete(name))
