"""The fixed choices of the promises: kinds, states and bases, with the labels shown for them."""

from decimal import Decimal

from django.db import models

# All there can be, in per cent.
ALL = 100


class PassageKind(models.TextChoices):
    """What a stretch of a document is, as the parser decides it."""

    METADATA = "metadata", "页面信息"
    NOTICE = "notice", "印发通知"
    TITLE = "title", "标题"
    HEADING = "heading", "章节标题"
    INTRODUCTION = "introduction", "引言"
    PRINCIPLE = "principle", "总体要求"
    OVERVIEW = "overview", "区情概况"
    LAST_YEAR = "last_year", "上年度完成情况"
    LABEL = "label", "序号与标签"
    TASK_TITLE = "task_title", "任务标题"
    TASK_TEXT = "task_text", "任务正文"
    GOAL = "goal", "目标"
    MILESTONE = "milestone", "季度目标"
    RESPONSIBILITY = "responsibility", "责任部门"
    REPEATED_HEAD = "repeated_head", "换页重复的表头"
    SAFEGUARD = "safeguard", "保障措施"
    CHANNEL = "channel", "公众参与渠道"
    ANNEX = "annex", "附件"
    PAGE_FURNITURE = "page_furniture", "网页附带文字"
    TABLE_MARK = "table_mark", "表格线"
    SEPARATOR = "separator", "分隔"


class ChangeKind(models.TextChoices):
    """What a change (调整) changes; the last three close the task."""

    TARGET = "target", "调整目标值"
    DATE = "date", "调整期限"
    LEAD = "lead", "调整牵头单位"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    END = "end", "终止"


# Periods that begin after one of these do not require the task.
CLOSING = [ChangeKind.END, ChangeKind.MERGE, ChangeKind.SPLIT]


class CommitmentSource(models.TextChoices):
    """Which part of a task the words of a commitment stand in."""

    TITLE = "title", "标题"
    TEXT = "text", "任务正文"
    GOAL = "goal", "目标"
    MILESTONE = "milestone", "季度目标"


class Measurability(models.TextChoices):
    """Whether the words of a commitment let anybody check that it was kept."""

    YES = "yes", "可衡量"
    PARTLY = "partly", "部分可衡量"
    NO = "no", "文件未公布可衡量目标"


class IndicatorMode(models.TextChoices):
    """How the numbers of several quarters go together."""

    PER_QUARTER = "per_quarter", "每季度各计"
    CUMULATIVE = "cumulative", "累计"
    AT_END = "at_end", "期末达到"


class TargetDirection(models.TextChoices):
    """How a reading is compared with its target."""

    AT_LEAST = "at_least", "不少于"
    AT_MOST = "at_most", "不高于"
    EXACTLY = "exactly", "等于"
    ABOUT = "about", "约"
    RANGE = "range", "范围内"
    MAINTAIN = "maintain", "保持"

    @property
    def before_number(self) -> str:
        """The word before a number: 不少于; empty where the number says it alone."""
        return "" if self in (TargetDirection.EXACTLY, TargetDirection.RANGE) else str(self.label)

    def before(self, value: Decimal, unit: str) -> str:
        """The word before a value of a unit: nothing is more than all, so 达到100%."""
        is_all = self == TargetDirection.AT_LEAST and value == ALL and unit in ("%", "％")
        return "达到" if is_all else self.before_number


class PlanKind(models.TextChoices):
    """The family a document belongs to."""

    ACTION_PLAN = "action_plan", "行动计划"
    WHITE_PAPER = "white_paper", "白皮书"
    OTHER = "other", "其他文件"


class PlanState(models.TextChoices):
    """Supervisors and publishers see a draft; an archived plan is history.

    Of a withdrawn plan everybody is told that it was, when and why, and nothing of its contents.
    """

    DRAFT = "draft", "起草中"
    PUBLISHED = "published", "已公布"
    ARCHIVED = "archived", "已归档"
    WITHDRAWN = "withdrawn", "已撤回"


# The states in which everybody may read a plan.
PUBLIC_STATES = [PlanState.PUBLISHED, PlanState.ARCHIVED]


class ImportState(models.TextChoices):
    """How far a file has got on its way to a plan; once it is checked, its plan is a draft."""

    READ = "read", "待核对"
    CHECKED = "checked", "待公布"
    APPLIED = "applied", "已公布"
    DISCARDED = "discarded", "已作废"


class ResponsibilityKind(models.TextChoices):
    """The part a unit has in a task."""

    LEAD = "lead", "牵头"
    SUPPORTING = "supporting", "配合"
    # Named by the document, which prints no lead.
    LISTED = "listed", "责任单位"


class ResponsibilityBasis(models.TextChoices):
    """On what authority a unit is named as responsible."""

    PUBLISHED = "published", "文件载明"
    DESIGNATED = "designated", "由督查室指定"
    PROPOSED = "proposed", "按职能推定，未经确认"
