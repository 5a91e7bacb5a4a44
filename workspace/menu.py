from django.urls import reverse

from departments.models import Role, User

READS_REPORTS = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER, Role.AUDITOR]
READS_SLIPS = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR]
HEARS_CITIZENS = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.CLERK, Role.LEADER, Role.AUDITOR]
RUNS_PERIODS = [Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER]
COORDINATES = [Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR]
READS_CHANGES = [Role.SUPERVISOR, Role.LEADER, Role.AUDITOR]
STAFF_ROOMS = [
    ("今天要做的", "workspace:home", list(Role), ""),
    ("总览", "workspace:overview", [Role.SUPERVISOR, Role.LEADER], "哪些落后、谁没有报送、什么要协调"),
    ("进展填报", "workspace:reports", READS_REPORTS, "各项任务每期填报了什么、办到哪一步"),
    ("核查", "workspace:review-queue", [Role.SUPERVISOR], "已报送、等核查的填报"),
    ("督办单", "supervision:slips", READS_SLIPS, "发出、回复、销号到哪一步，哪些事建议督办"),
    ("申请", "workspace:requests", [Role.SUPERVISOR, Role.PUBLISHER], "延期申请、复核申请和提出的更正"),
    ("需协调事项", "supervision:coordination", COORDINATES, "提请区领导决定的事，由谁落实、办到哪一步"),
    ("填报期与发布", "workspace:periods", RUNS_PERIODS, "每期的日期、报送和核查数、报审稿、公布之后的更正"),
    ("催报", "subscriptions:reminders", [Role.SUPERVISOR], "还没有报送的单位、发给工作群的文字、提醒发出没有"),
    ("责任单位", "tasks:responsibilities", [Role.SUPERVISOR], "确认推定的责任单位，指定牵头单位"),
    ("迎检包", "workspace:inspection", READS_REPORTS, "台账、填报、核查和佐证材料，按文件、单位或任务打成一包"),
    ("填报人员", "workspace:coverage", [Role.SUPERVISOR, Role.ADMINISTRATOR], "哪些任务没有人填报，谁没有登录过"),
    ("交接", "departments:hand-over", [Role.REPORTER], "谁为本单位填报，离岗时交给谁"),
    ("调整", "tasks:changes", READS_CHANGES, "目标值、期限、牵头单位的调整，任务的终止、合并、拆分"),
    ("诉求", "staff_feedback:desk", HEARS_CITIZENS, "咨询、投诉、建议办到哪一步"),
    ("全部记录", "workspace:record", [Role.AUDITOR], "每一步由哪个单位、哪个岗位、什么时候做的"),
    ("参考数据", "admin:index", [Role.ADMINISTRATOR, Role.SUPERVISOR], "人员、单位、工作日历；文件、任务、指标"),
]


def rooms(user: User) -> list[tuple[str, str, str]]:
    """(label, address, what is found there) of the rooms a person's posts open, the workspace first."""
    return [(label, reverse(name), says) for label, name, roles, says in STAFF_ROOMS if user.has_role(*roles)]


def staff_nav(user: User | None) -> list[tuple[str, str]]:
    if user is None or not user.is_authenticated:
        return []
    return [(label, address) for label, address, _ in rooms(user)]
