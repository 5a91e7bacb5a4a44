"""The kinds of steps among which the record can be searched: each verb belongs to one."""

from public.ledger_words import REPORT_VERBS, VERBS

RESULTS = {
    "approve_release",
    "decide_objection",
    "drop_release",
    "extend_withholding",
    "file_objection",
    "lift_withholding",
    "prepare_release",
    "prepare_year_end",
    "propose_correction",
    "publish",
    "publish_correction",
    "publish_year_end",
    "release",
    "return_correction",
    "review_published",
    "revise",
    "take_down_publication",
    "withdraw_correction",
}
PLANS = {
    "archive_plan",
    "change_due",
    "change_target",
    "change_task",
    "confirm_breakdown",
    "describe_plan",
    "discard_import",
    "discard_plan",
    "import_plan",
    "propose_breakdown",
    "publish_plan",
    "return_breakdown",
    "return_import",
    "save_summary",
    "set_slips_public",
    "set_tracked_from",
    "upload_import",
    "withdraw_breakdown",
    "withdraw_plan",
}
UNITS = {
    "add_department",
    "assign_units",
    "change_department",
    "change_lead",
    "confirm_proposed",
    "designate",
    "set_section_leaders",
}
PERIODS = {
    "close_period",
    "load_calendar",
    "open_period",
    "propose_early_closing",
    "schedule_period",
    "unlock_report",
    "withdraw_early_closing",
}
REPORTS = {"ask_extension", "grant_extension", "nudge", "refuse_extension", *REPORT_VERBS}
SUPERVISION = {
    "close_coordination",
    "close_slip",
    "decide_coordination",
    "instruct_coordination",
    "issue_slip",
    "raise_coordination",
    "raise_slip",
    "reply_coordination",
    "reply_slip",
    "send_back_slip",
    "withdraw_slip",
}
ACCOUNTS = {
    "add_person",
    "add_post",
    "change_password",
    "disable_person",
    "end_post",
    "hand_over",
    "rename_person",
    "reset_password",
    "reset_second_factor",
    "set_email",
    "set_looks_after",
}
MAILS = {
    "forget_contact",
    "forget_mail",
    "reseal_contacts",
    "reseal_mails",
    "see_contact",
    "see_mail",
    "set_aside_mail",
    "settle_mail",
}
LETTERS = {verb for verb in VERBS if verb.endswith("_ticket")} | MAILS
# Key -> its words and its verbs.
KINDS = {
    "results": ("公布、更正与复核", RESULTS),
    "plans": ("文件与目标", PLANS),
    "units": ("单位与责任", UNITS),
    "periods": ("填报安排", PERIODS),
    "reports": ("填报与核查", REPORTS),
    "supervision": ("督办与协调", SUPERVISION),
    "letters": ("诉求与问答", LETTERS),
    "accounts": ("账号与岗位", ACCOUNTS),
    "record": ("核对记录", {"verify_record"}),
}
# Of the others the public sees nothing but that there are entries.
PUBLIC_KINDS = ("results", "plans", "units", "periods", "letters", "record")
