"""The lists that pages of the workspace lead back to: (name, address)."""

PERIODS = ("填报期与发布", "/staff/periods/")
REPORTS = ("进展填报", "/staff/reports/")
REQUESTS = ("申请", "/staff/requests/")
