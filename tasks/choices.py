from django.db.models import TextChoices


class PassageKind(TextChoices):
    """What a stretch of a document is; the parser names it, the row keeps it."""

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
