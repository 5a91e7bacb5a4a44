"""Files that units attach to their reports."""

import secrets
from pathlib import PurePath

from django.db import models
from django.db.models import Q

from progress.choices import EvidenceKind
from progress.models.reports import Contribution
from progress.querysets.evidence import EvidenceQuerySet

ORIGINAL = "原件"


def evidence_path(evidence: "Evidence", filename: str) -> str:
    """Where a file is stored: under a random name, so that the sender's never reaches the disk."""
    suffix = PurePath(filename).suffix.lower()
    return f"evidence/{evidence.contribution.report_id}/{secrets.token_hex(16)}{suffix}"


class Evidence(models.Model):
    """佐证材料: a file behind a report; private until the release, and public only if marked so.

    `original`: the picture as it was sent, where `file` is the one that was drawn anew to be safe
    to show. It is never public: it may tell where and by whom it was taken.
    """

    contribution = models.ForeignKey(
        Contribution, models.PROTECT, related_name="evidence", verbose_name="单位填报"
    )
    kind = models.CharField(
        "种类", max_length=20, choices=EvidenceKind, default=EvidenceKind.MATERIAL
    )
    file = models.FileField("文件", upload_to=evidence_path, max_length=200)
    name = models.CharField("文件名", max_length=120)
    caption = models.CharField("说明", max_length=200, blank=True)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("校验值", max_length=64)
    original = models.FileField(ORIGINAL, upload_to=evidence_path, max_length=200, blank=True)
    original_sha256 = models.CharField("原件校验值", max_length=64, blank=True)
    is_public = models.BooleanField("可公开", default=False)
    added_at = models.DateTimeField("上传时间")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["contribution_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contribution", "sha256"], name="evidence_once"),
            models.CheckConstraint(
                condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(original="", original_sha256="")
                | ~Q(original="") & ~Q(original_sha256=""),
                name="evidence_original_with_digest",
            ),
            # A signed form carries signatures and the seal.
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.SIGNED_FORM) | Q(is_public=False),
                name="evidence_signed_form_private",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_signed_form(self) -> bool:
        return self.kind == EvidenceKind.SIGNED_FORM

    @property
    def original_name(self) -> str:
        """The name under which the original is downloaded, with its own ending."""
        suffix = PurePath(self.original.name or "").suffix
        return f"{PurePath(self.name).stem}（{ORIGINAL}）{suffix}"
