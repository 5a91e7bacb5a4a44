"""The choices of the reporting models, with their labels and tones; imports no model."""

from django.db import models

from common.ui.chips import Tone


class Pace(models.TextChoices):
    """进展: how work stands, in a unit's self-assessment and in the supervisor's
    assessment alike.
    """

    DONE = "done", "已完成"
    PARTLY = "partly", "部分完成"
    NOT_DONE = "not_done", "未完成"
    BLOCKED = "blocked", "前置条件未具备"
    NOT_STARTED = "not_started", "未启动"
    ON_COURSE = "on_course", "正常推进"
    SLOW = "slow", "推进缓慢"
    NO_PROGRESS = "no_progress", "本季无进展"


WHEN_DUE = [Pace.DONE, Pace.PARTLY, Pace.NOT_DONE, Pace.BLOCKED]
BEFORE_DUE = [Pace.ON_COURSE, Pace.SLOW, Pace.DONE, Pace.NOT_STARTED, Pace.NO_PROGRESS]
# Accepted only with a note on what stands in the way.
MUST_EXPLAIN = [Pace.BLOCKED, Pace.NO_PROGRESS]
# Followed up next quarter, even if nothing is due then.
FLAGGED = [Pace.PARTLY, Pace.NOT_DONE, Pace.BLOCKED, Pace.SLOW, Pace.NO_PROGRESS]


class State(models.TextChoices):
    """The public headline of a task: a `Pace`, or why there is none."""

    DONE = "done", "已完成"
    PARTLY = "partly", "部分完成"
    NOT_DONE = "not_done", "未完成"
    BLOCKED = "blocked", "前置条件未具备"
    NOT_STARTED = "not_started", "未启动"
    ON_COURSE = "on_course", "正常推进"
    SLOW = "slow", "推进缓慢"
    NO_PROGRESS = "no_progress", "本季无进展"
    RETURNED = "returned", "退回修改中"
    # With an extension whose day had not come: the unit has not failed to report.
    EXTENDED = "extended", "经批准延期报送"
    # Only in a draft: the day is not over, and a quarter is not released by then.
    AWAITED = "awaited", "待报送"
    # The period was closed before its due day: the unit had less time than announced.
    CLOSED_EARLY = "closed_early", "提前截止时未报送"
    NOT_REPORTED = "not_reported", "未报送"
    WITHHELD = "withheld", "依法暂不公开"
    # By an approved change: nothing has to be reported any more.
    ENDED = "ended", "已终止"
    SUCCEEDED = "succeeded", "由其他任务承接"


# Nothing came from the unit, be its day over or not.
WITHOUT_REPORT = [State.NOT_REPORTED, State.CLOSED_EARLY, State.EXTENDED, State.AWAITED]
PUBLISHED_STATES = [state for state in State if state != State.AWAITED]


class Timing(models.TextChoices):
    """时限: where a commitment stands against the day it is due."""

    NOT_DUE = "not_due", "未到期"
    CLOSE = "close", "临期"
    OVERDUE = "overdue", "逾期"
    EARLY = "early", "提前"


class Trajectory(models.TextChoices):
    """序时进度: where a number stands against its target; the public reads PUBLIC_TRAJECTORY."""

    AHEAD = "ahead", "超序时"
    ON_PATH = "on_path", "达到序时"
    WATCH = "watch", "关注"
    BEHIND = "behind", "落后序时"
    UNKNOWN = "unknown", "无法计算（文件未公布阶段目标）"


PUBLIC_TRAJECTORY = {
    Trajectory.AHEAD: "进度超前",
    Trajectory.ON_PATH: "进度正常",
    Trajectory.WATCH: "进度略慢",
    Trajectory.BEHIND: "进度偏慢",
    Trajectory.UNKNOWN: "无法计算（文件未公布阶段目标）",
}


class Reporting(models.TextChoices):
    """报送情况: how a report stands against its due day."""

    NOT_DUE = "not_due", "未到期"
    AWAITED = "awaited", "待报送"
    ON_TIME = "on_time", "按时报送"
    LATE = "late", "逾期报送"
    RETURNED = "returned", "退回修改中"
    RETROACTIVE = "retroactive", "追溯填报"
    CLOSED_EARLY = "closed_early", "提前截止时未报送"
    MISSING = "missing", "未报送"
    NOT_COLLECTED = "not_collected", "平台启用前，未采集"
    NOT_ASKED = "not_asked", "不再要求报送"


class Method(models.TextChoices):
    """核查方式: how the supervisor checked a report."""

    PAPER = "paper", "书面核查"
    TELEPHONE = "telephone", "电话核查"
    DATA = "data", "数据比对"
    ON_SITE = "on_site", "实地核查"
    THIRD_PARTY = "third_party", "第三方核查"


class Confidence(models.TextChoices):
    """把握程度: how sure the supervisor is of an assessment."""

    HIGH = "high", "把握较大"
    MEDIUM = "medium", "把握一般"
    LOW = "low", "把握较小"


class TargetBasis(models.TextChoices):
    """Where the value expected of a quarter comes from."""

    PRINTED = "printed", "文件载明"
    CHANGED = "changed", "经批准调整"
    BREAKDOWN = "breakdown", "单位分解，非文件原文"


TONES: dict[str, Tone] = {
    Pace.DONE: Tone.DONE,
    Pace.PARTLY: Tone.BEHIND,
    Pace.NOT_DONE: Tone.LATE,
    Pace.BLOCKED: Tone.BEHIND,
    Pace.NOT_STARTED: Tone.QUIET,
    Pace.ON_COURSE: Tone.COURSE,
    Pace.SLOW: Tone.BEHIND,
    Pace.NO_PROGRESS: Tone.BEHIND,
    State.RETURNED: Tone.RETURNED,
    State.EXTENDED: Tone.QUIET,
    State.NOT_REPORTED: Tone.SILENT,
    State.WITHHELD: Tone.QUIET,
    State.ENDED: Tone.QUIET,
    State.SUCCEEDED: Tone.QUIET,
    Timing.CLOSE: Tone.BEHIND,
    Timing.OVERDUE: Tone.LATE,
    Timing.EARLY: Tone.DONE,
    Trajectory.AHEAD: Tone.DONE,
    Trajectory.ON_PATH: Tone.COURSE,
    Trajectory.WATCH: Tone.BEHIND,
    Trajectory.BEHIND: Tone.LATE,
    Reporting.ON_TIME: Tone.COURSE,
    Reporting.LATE: Tone.BEHIND,
    Reporting.MISSING: Tone.SILENT,
}


def tone_of(value: str) -> Tone:
    """The tone of any choice of this module; quiet for those without one of their own."""
    return TONES.get(value, Tone.QUIET)


class ReportStatus(models.TextChoices):
    """填报状态: where the report is on its way; never mixed with how the work goes (`Pace`)."""

    DRAFT = "draft", "起草中"
    SIGNING = "signing", "部门审签中"
    SUBMITTED = "submitted", "已报送，待核查"
    RETURNED = "returned", "退回修改"
    VERIFIED = "verified", "审核通过"
    RELEASED = "released", "已公布"


# Only these count as the units' statement; drafts and returned reports are never published.
FILED = {ReportStatus.SUBMITTED, ReportStatus.VERIFIED, ReportStatus.RELEASED}


class BreakdownState(models.TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    SENT_BACK = "sent_back", "退回修改"
    REPLACED = "replaced", "已被取代"
    WITHDRAWN = "withdrawn", "已收回"


class EvidenceKind(models.TextChoices):
    MATERIAL = "material", "佐证材料"
    SIGNED_FORM = "signed_form", "盖章报告表"


class ExtensionState(models.TextChoices):
    ASKED = "asked", "待答复"
    GRANTED = "granted", "同意延期"
    REFUSED = "refused", "不同意延期"


class EarlyClosingState(models.TextChoices):
    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    WITHDRAWN = "withdrawn", "已撤回"


class PeriodKind(models.TextChoices):
    QUARTER = "quarter", "季度"
    MONTH = "month", "月"
    HALF_YEAR = "half_year", "半年"


class PeriodState(models.TextChoices):
    SCHEDULED = "scheduled", "未开放"
    OPEN = "open", "填报中"
    CLOSED = "closed", "已截止"
    RELEASED = "released", "已公布"
