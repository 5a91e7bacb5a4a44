"""The ledger: one table of entries, each chained to the one before by its hash."""

from django.db import models

from common.text.canonical import china_day, digest, instant
from ledger.querysets import EntryQuerySet

# Stands for the hash before the first entry.
GENESIS = "0" * 64
# How the hash of an entry is made. Internal entries are sealed, but for those from before there
# were seals.
OPEN = "sha256"
SEALED = "sha256seal"


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
    alg = models.CharField("算法", max_length=10, default=OPEN)
    # The exact text that was hashed; a JSON column would reorder its keys.
    payload = models.TextField("内容")
    previous_hash = models.CharField("上一条校验值", max_length=64)
    hash = models.CharField("校验值", max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开记录"
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="ledger_subject"),
            models.Index(fields=["visibility", "seq"], name="ledger_visible"),
            models.Index(fields=["verb", "seq"], name="ledger_verb"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="ledger_seq_starts_at_one"),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["public", "internal"]),
                name="ledger_visibility_known",
            ),
            # What is public can be read anyway; a seal would hide its verb from the check.
            models.CheckConstraint(
                condition=models.Q(alg=OPEN) | models.Q(alg=SEALED, visibility="internal"),
                name="ledger_alg_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb} {self.subject_type}:{self.subject_id}"

    @property
    def subject(self) -> str:
        return f"{self.subject_type}:{self.subject_id}"

    @property
    def content_digest(self) -> str:
        """What stands for the content of an entry whose content may not be seen.

        Of an open entry H(payload); of a sealed one H(recorded_at, verb, subject, H(payload)),
        which nobody can guess, because the payload has a salt and its digest is published nowhere.
        """
        payload_digest = digest(self.payload)
        if self.alg == OPEN:
            return payload_digest
        return digest("\n".join([*self._head_of_content(), payload_digest]))

    def expected_hash(self, content_digest: str | None = None) -> str:
        """The hash that fits the other columns.

        Open: H(alg, previous, seq, recorded_at, verb, subject, visibility, content digest).
        Sealed: H(alg, previous, seq, day, visibility, content digest).
        `content_digest`: that of the entry, for those who may not see what it is made of.
        """
        seen = self._head_of_content() if self.alg == OPEN else [china_day(self.recorded_at)]
        parts = [self.alg, self.previous_hash, str(self.seq), *seen, self.visibility]
        return digest("\n".join([*parts, content_digest or self.content_digest]))

    def _head_of_content(self) -> list[str]:
        return [instant(self.recorded_at), self.verb, self.subject]


class RecordCheck(models.Model):
    """One run of `verify_ledger --record` and what it found.

    No part of the chain, so that a check that failed can be told as well.
    """

    class Outcome(models.TextChoices):
        HOLDS = "holds", "逐条相符"
        BROKEN = "broken", "发现不符"
        UNCHECKED = "unchecked", "没有核对成"

    checked_at = models.DateTimeField("核对时间")
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    # Number of the entries read and hash of the last one.
    entries = models.PositiveBigIntegerField("核对到第几条", default=0)
    head = models.CharField("最新校验值", max_length=64, blank=True)
    faults = models.PositiveBigIntegerField("不符之处", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "核对情况"
        ordering = ["-checked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="broken", faults__gte=1)
                | models.Q(outcome__in=["holds", "unchecked"], faults=0),
                name="record_check_counts_its_faults",
            )
        ]

    def __str__(self) -> str:
        return f"{self.checked_at} {self.outcome}"

    @property
    def holds(self) -> bool:
        return self.outcome == RecordCheck.Outcome.HOLDS

    @property
    def is_broken(self) -> bool:
        return self.outcome == RecordCheck.Outcome.BROKEN


class PublicVersion(models.Model):
    """Which state of what the public sees this is; one row, raised with each change of it.

    No part of the record: it only says when what was made of the record has to be made again.
    """

    number = models.PositiveBigIntegerField("版次", default=0)
    # Drawn with each raise: after a restore the same number may stand for another state.
    stamp = models.CharField("版次标记", max_length=16, default="")

    class Meta:
        verbose_name = verbose_name_plural = "公开内容版次"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="public_version_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.number)
