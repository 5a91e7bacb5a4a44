"""The ledger: one table of entries, each chained to the one before by its hash."""

from django.db import models

from common.text.canonical import digest, instant
from ledger.querysets import EntryQuerySet

# Stands for the hash before the first entry.
GENESIS = "0" * 64


class Entry(models.Model):
    """One change on record for ever.

    It has no foreign keys: actor and subject are text and ids as they were at the time.
    """

    class Visibility(models.TextChoices):
        PUBLIC = "public", "公开"
        INTERNAL = "internal", "内部"

    seq = models.PositiveBigIntegerField("序号", unique=True)
    recorded_at = models.DateTimeField("记入时间")
    happened_at = models.DateTimeField("发生时间")
    verb = models.CharField("事项", max_length=60)
    subject_type = models.CharField("对象", max_length=40)
    subject_id = models.CharField("对象编号", max_length=80)
    actor_id = models.CharField("经手账号", max_length=20, blank=True)
    actor_unit = models.CharField("经手单位", max_length=80, blank=True)
    actor_post = models.CharField("经手岗位", max_length=40, blank=True)
    visibility = models.CharField("可见范围", max_length=10, choices=Visibility)
    alg = models.CharField("算法", max_length=10, default="sha256")
    # The exact text that was hashed; a JSON column would reorder its keys.
    payload = models.TextField("内容")
    previous_hash = models.CharField("上一条校验值", max_length=64)
    hash = models.CharField("校验值", max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开记录"
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="ledger_subject")
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="ledger_seq_starts_at_one"),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["public", "internal"]),
                name="ledger_visibility_known",
            ),
            models.CheckConstraint(condition=models.Q(alg="sha256"), name="ledger_alg_known"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_type}:{self.subject_id}"

    def expected_hash(self, payload_digest: str | None = None) -> str:
        """H(alg, previous, seq, recorded_at, verb, subject, visibility, H(payload)).

        `payload_digest`: H(payload), for those who may not see the payload itself.
        """
        subject = f"{self.subject_type}:{self.subject_id}"
        parts = [
            self.alg,
            self.previous_hash,
            str(self.seq),
            instant(self.recorded_at),
            self.verb,
            subject,
        ]
        return digest("\n".join([*parts, self.visibility, payload_digest or digest(self.payload)]))
