"""The documents of promises: plans, their sections, and the passages that cover their text."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from departments.models import Membership
from tasks.choices import PUBLIC_STATES, PassageKind, PlanKind, PlanState
from tasks.querysets import PlanQuerySet, SectionQuerySet


class Plan(models.Model):
    """A published document of promises, kept with its source text word for word."""

    slug = models.SlugField("网址名", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=20, choices=PlanKind)
    title = models.CharField("名称", max_length=200)
    short_title = models.CharField("简称", max_length=40, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    issuer = models.CharField("发布机构", max_length=100, blank=True)
    index_number = models.CharField("索引号", max_length=60, blank=True)
    document_number = models.CharField("文号", max_length=60, blank=True)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)
    source_url = models.URLField("来源网址", blank=True)
    source_name = models.CharField("原文件名", max_length=120)
    source_bytes = models.BinaryField("原文件")
    source_sha256 = models.CharField("原文件校验值", max_length=64)
    source_text = models.TextField("原文")
    # What the document itself says about an annex it leaves out; empty where none is mentioned.
    annex_note = models.CharField("附件说明", max_length=200, blank=True)
    state = models.CharField("状态", max_length=20, choices=PlanState, default=PlanState.DRAFT)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    # Read by everybody at the place of the plan.
    withdrawal_reason = models.CharField("撤回理由", max_length=200, blank=True)
    tracked_from = models.DateField("开始跟踪日期", null=True, blank=True)
    slips_public = models.BooleanField(
        "公开督办",
        default=False,
        help_text="勾选后，任务页写明正在督办和级别；内容、单位的回复和姓名从不公开。",
    )

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        ordering = ["-starts_on", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlanKind.values), name="plan_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=PlanState.values), name="plan_state_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="plan_days_in_order"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=PlanState.WITHDRAWN, withdrawn_on__isnull=False)
                    & ~Q(withdrawal_reason="")
                )
                | (~Q(state=PlanState.WITHDRAWN) & Q(withdrawn_on=None, withdrawal_reason="")),
                name="plan_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """The short title where there is one, for breadcrumbs and lists."""
        return self.short_title or self.title

    @property
    def year(self) -> int:
        return self.starts_on.year

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.state in PUBLIC_STATES

    def is_history_on(self, day: date) -> bool:
        """Whether it ended untracked: no quarter of it was or will be reported."""
        return self.tracked_from is None and self.ends_on < day

    @property
    def predates_portal(self) -> bool:
        """Whether it was over before the portal was in use: nothing was or will be collected."""
        return self.tracked_from is None and self.state == PlanState.ARCHIVED

    def tracks(self, day: date) -> bool:
        """Whether progress is collected for that day; before `tracked_from` it is not (未采集)."""
        return self.tracked_from is not None and day >= self.tracked_from


class Section(models.Model):
    """A part of a plan: a 行动 of an action plan, a 总体目标 of a white paper."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="sections", verbose_name="文件")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("名称", max_length=200)
    introduction = models.TextField("引言", blank=True)
    # Leaders with the whole section in their portfolio, besides the units in it.
    leaders = models.ManyToManyField(
        Membership, blank=True, related_name="sections", verbose_name="分管区领导"
    )

    objects = SectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行动 / 总体目标"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="section_number_once")
        ]

    def __str__(self) -> str:
        return self.title


class Passage(models.Model):
    """A stretch of the source text, by its offsets; the passages of a plan cover all of it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="passages", verbose_name="文件")
    order = models.PositiveIntegerField("次序")
    kind = models.CharField("种类", max_length=20, choices=PassageKind)
    start = models.PositiveIntegerField("起")
    end = models.PositiveIntegerField("止")
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="passages"
    )
    task = models.ForeignKey(
        "tasks.Task", models.PROTECT, null=True, blank=True, related_name="passages"
    )

    class Meta:
        verbose_name = verbose_name_plural = "原文段落"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "order"], name="passage_order_once"),
            models.UniqueConstraint(fields=["plan", "start"], name="passage_start_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="passage_not_empty"),
            models.CheckConstraint(
                condition=Q(kind__in=PassageKind.values), name="passage_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}:{self.start}-{self.end} {self.kind}"
