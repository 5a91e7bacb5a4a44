"""The pages that other pages of the workspace lead back to: (name, address)."""

OVERVIEW = ("总览", "/staff/overview/")
PERIODS = ("填报期与发布", "/staff/periods/")
REPORTS = ("进展填报", "/staff/reports/")
REQUESTS = ("申请", "/staff/requests/")
REVIEW = ("核查", "/staff/review/")
