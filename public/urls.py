"""The public addresses that read across rooms; those of feedback and sign-in are in theirs."""

from django.urls import path, re_path

from public.views import circulars, dashboard, departments, exports, ledger, publications, tasks

PUBLISHED = (
    r"^tasks/(?P<code>[-\w]+)/quarters/(?P<quarter>[0-9]{4}-[1-4])/r(?P<revision>[0-9]{1,4})"
)

app_name = "public"
urlpatterns = [
    path("plans/", tasks.plans, name="plans"),
    path("plans/<slug:slug>/", tasks.plan, name="plan"),
    path("plans/<slug:slug>/document/", tasks.document, name="document"),
    path("plans/<slug:slug>/source.txt", tasks.source, name="source"),
    path("plans/<slug:slug>/year-end/<year:year>/", publications.year_end, name="year-end"),
    path(
        "plans/<slug:slug>/year-end/<year:year>.json",
        publications.year_end_json,
        name="year-end-json",
    ),
    path(
        "plans/<slug:slug>/year-end/<year:year>.xlsx",
        publications.year_end_xlsx,
        name="year-end-xlsx",
    ),
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/export.xlsx", exports.export, name="tasks-export"),
    path("tasks/<slug:code>/", tasks.task, name="task"),
    path("tasks/<slug:code>/history/", publications.history, name="history"),
    re_path(PUBLISHED + "/$", publications.publication, name="publication"),
    re_path(PUBLISHED + r"\.json$", publications.publication_json, name="publication-json"),
    path("evidence/<row:pk>/", publications.evidence, name="evidence"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/recount/", dashboard.recount, name="recount"),
    path("dashboard/recount.json", dashboard.recount_json, name="recount-json"),
    path("quarters/", publications.quarters, name="quarters"),
    re_path(r"^quarters/(?P<quarter>[0-9]{4}-[1-4])/$", publications.quarter, name="quarter"),
    re_path(
        r"^quarters/(?P<quarter>[0-9]{4}-[1-4])/circular\.xlsx$",
        circulars.workbook,
        name="circular-workbook",
    ),
    path("departments/", departments.departments, name="departments"),
    path("departments/<slug:slug>/", departments.department, name="department"),
    path("ledger/", ledger.entries, name="ledger"),
    path("ledger/export.jsonl", ledger.export, name="ledger-export"),
    path("ledger/check.py", ledger.program, name="ledger-program"),
    path("ledger/<row:seq>/", ledger.entry, name="ledger-entry"),
]
