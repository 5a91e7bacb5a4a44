from django.urls import path

from progress.models import Voice
from progress.views import (
    breakdowns,
    coordination,
    corrections,
    filed,
    filing,
    oversight,
    periods,
    releases,
    requests,
    review,
    revisions,
    sheets,
    slips,
    year_ends,
)

TASK = "<slug:code>/<int:year>-<int:quarter>/"
SLIP = "slips/<int:year>-<int:number>/"
PERIOD = "<slug:slug>/<int:year>-<int:quarter>/"
UNIT, SUPERVISOR = {"voice": Voice.UNIT}, {"voice": Voice.SUPERVISOR}

app_name = "staff_progress"
urlpatterns = [
    path("reports/", filing.reports, name="reports"),
    path("reports/sheet/", sheets.sheet, name="sheet"),
    path("reports/sheet.xlsx", sheets.file, name="sheet_file"),
    path("reports/" + TASK, filing.report, name="report"),
    path("reports/" + TASK + "form/", filed.paper, name="report-form"),
    path("reports/" + TASK + "extension/", requests.extension, name="ask-extension"),
    path("reports/" + TASK + "coordination/", coordination.raise_item, name="raise-coordination"),
    path("coordination/", coordination.coordination, name="coordination"),
    path("coordination/<int:pk>/", coordination.item, name="coordination-item"),
    path("overview/", oversight.overview, name="overview"),
    path("meeting/", oversight.meeting_page, name="meeting"),
    path("meeting/meeting.docx", oversight.meeting_docx, name="meeting-docx"),
    path("publications/<int:pk>/objection/", requests.objection, name="object"),
    path("requests/", requests.requests, name="requests"),
    path("requests/extensions/<int:pk>/", requests.decide_extension, name="decide-extension"),
    path("requests/corrections/<int:pk>/", corrections.decide, name="decide-correction"),
    path("requests/objections/<int:pk>/", requests.decide_objection, name="decide-objection"),
    path("periods/" + PERIOD + "unlock/", requests.unlocks, name="unlock"),
    path("reports/" + TASK + "publish/", revisions.revise, name="revise"),
    path("publications/<int:pk>/lapse/", revisions.lapse, name="lapse"),
    path("review/", review.queue, name="queue"),
    path("review/" + TASK, review.desk, name="desk"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<slug:slug>/generate/", periods.generate, name="generate"),
    path("periods/quarters/<int:year>-<int:quarter>/open/", periods.open_all, name="open-all"),
    path("periods/quarters/<int:year>-<int:quarter>/close/", periods.close_all, name="close-all"),
    path("periods/" + PERIOD + "open/", periods.open_one, name="open"),
    path("periods/" + PERIOD + "close/", periods.close_one, name="close"),
    path("releases/" + PERIOD, releases.release, name="release"),
    path("releases/" + PERIOD + "draft.docx", releases.draft, name="draft"),
    path("releases/" + PERIOD + "approval/", releases.approval, name="approval"),
    path("publications/<int:pk>/correct/", corrections.propose, UNIT, name="correct"),
    path("publications/<int:pk>/correct-verdict/", corrections.propose, SUPERVISOR, name="correct-verdict"),
    path("publications/<int:pk>/take-down/", revisions.take_down, name="take-down"),
    path("withholdings/<int:pk>/", revisions.withholding, name="withholding"),
    path("tasks/<slug:code>/breakdown/", breakdowns.breakdown, name="breakdown"),
    path("year-end/<slug:slug>/<int:year>/", year_ends.year_end, name="year-end"),
    path("slips/", slips.slips, name="slips"),
    path("slips/new/", slips.new, name="new-slip"),
    path(SLIP, slips.slip, name="slip"),
    path(SLIP + "paper/", slips.paper, name="slip-paper"),
    path("slips/files/<int:pk>/", slips.file, name="slip-file"),
]
