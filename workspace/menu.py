"""The menu of the staff pages: a person sees what the permission predicates allow."""

from collections.abc import Callable

from django.urls import reverse

from departments.models import User
from departments.permissions import (
    can_enter_reference_data,
    can_hand_over_own_membership,
    can_read_internal_record,
    can_read_sign_ins,
    can_see_coverage,
)
from feedback.permissions import can_read_tickets
from progress.permissions import can_read_reports, can_review
from publishing.permissions import can_read_requests
from subscriptions.permissions import can_chase
from supervision.permissions import can_oversee, can_read_coordination, can_read_slips
from tasks.permissions import can_designate, can_read_changes, can_see_imports
from workspace.permissions import can_gather, can_see_periods, can_work

# Label, name of the address, who sees the entry, and what the page is for.
STAFF_ENTRIES: list[tuple[str, str, Callable[[User], bool], str]] = [
    ("今天要做的", "workspace:home", can_work, ""),
    ("总览", "workspace:overview", can_oversee, "哪些落后、谁没有报送、什么要协调"),
    ("进展填报", "workspace:reports", can_read_reports, "各项任务每期填报了什么、办到哪一步"),
    ("核查", "workspace:review-queue", can_review, "已报送、等核查的填报"),
    ("督办单", "supervision:slips", can_read_slips, "发出、回复、销号到哪一步，哪些事建议督办"),
    ("申请", "workspace:requests", can_read_requests, "延期申请、复核申请和提出的更正"),
    (
        "需协调事项",
        "supervision:coordination",
        can_read_coordination,
        "提请区领导决定的事，由谁落实、办到哪一步",
    ),
    (
        "填报期与发布",
        "workspace:periods",
        can_see_periods,
        "每期的日期、报送和核查数、报审稿、公布之后的更正",
    ),
    (
        "催报",
        "subscriptions:reminders",
        can_chase,
        "还没有报送的单位、发给工作群的文字、提醒发出没有",
    ),
    (
        "文件导入",
        "tasks:imports",
        can_see_imports,
        "上传计划和白皮书，核对读到的内容，公布、退回、撤回",
    ),
    ("责任单位", "tasks:responsibilities", can_designate, "确认推定的责任单位，指定牵头单位"),
    (
        "迎检包",
        "workspace:inspection",
        can_gather,
        "台账、填报、核查和佐证材料，按文件、单位或任务打成一包",
    ),
    ("填报人员", "workspace:coverage", can_see_coverage, "哪些任务没有人填报，谁没有登录过"),
    ("交接", "departments:hand-over", can_hand_over_own_membership, "谁为本单位填报，离岗时交给谁"),
    (
        "调整",
        "tasks:changes",
        can_read_changes,
        "目标值、期限、牵头单位的调整，任务的终止、合并、拆分",
    ),
    ("诉求", "staff_feedback:desk", can_read_tickets, "咨询、投诉、建议办到哪一步"),
    (
        "全部记录",
        "workspace:record",
        can_read_internal_record,
        "每一步由哪个单位、哪个岗位、什么时候做的",
    ),
    ("登录记录", "departments:sign-ins", can_read_sign_ins, "谁在什么时候从哪里登录，哪些没有成功"),
    ("参考数据", "admin:index", can_enter_reference_data, "人员、单位、工作日历；文件、任务、指标"),
]


def entries_for(user: User) -> list[tuple[str, str, str]]:
    """(label, address, purpose) of the pages a person may open, the home page first."""
    return [
        (label, reverse(name), purpose) for label, name, may, purpose in STAFF_ENTRIES if may(user)
    ]


def staff_nav(user: User | None) -> list[tuple[str, str]]:
    """(label, address) of the menu; empty for a visitor."""
    if user is None or not user.is_authenticated:
        return []
    return [(label, address) for label, address, _ in entries_for(user)]
