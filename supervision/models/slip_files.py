"""The files that units attach to their replies to slips."""

import secrets
from pathlib import PurePath

from django.db import models

from supervision.models.slips import SlipStep
from supervision.querysets.slip_files import SlipFileQuerySet


def slip_file_path(file: "SlipFile", filename: str) -> str:
    """Where the file is stored, under a random name, so that no typed name reaches the disk."""
    return f"slips/{file.step.slip_id}/{secrets.token_hex(16)}{PurePath(filename).suffix.lower()}"


class SlipFile(models.Model):
    """A file of evidence that goes with a reply; never public."""

    step = models.ForeignKey(SlipStep, models.PROTECT, related_name="files", verbose_name="回复")
    file = models.FileField("文件", upload_to=slip_file_path, max_length=200)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64)

    objects = SlipFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "督办佐证材料"
        ordering = ["step_id", "id"]
        constraints = [models.UniqueConstraint(fields=["step", "sha256"], name="slip_file_once")]

    def __str__(self) -> str:
        return self.name
