"""Addresses of the staff pages that show several apps."""

from django.urls import URLPattern, path

from publishing.choices import Voice
from workspace.views import (
    circular,
    corrections,
    coverage,
    early_closings,
    filed_report,
    filing,
    gallery,
    home,
    inspection,
    oversight,
    periods,
    record,
    releases,
    requests,
    review,
    revisions,
    withholding,
    workbook,
    year_ends,
)

TASK = "<slug:code>/<year:year>-<quarter:quarter>/"
PERIOD = "<slug:slug>/<year:year>-<quarter:quarter>/"
RELEASE, YEAR_END = "releases/" + PERIOD, "year-end/<slug:slug>/<year:year>/"
EARLY_CLOSING = "periods/" + PERIOD + "early-closing/"
PUBLICATION, WITHHOLDING = "publications/<row:pk>/", "withholdings/<row:pk>/"
EXTENSION, CORRECTION = "requests/extensions/<row:pk>/", "requests/corrections/<row:pk>/"


def correction_addresses(name: str, voice: Voice) -> list[URLPattern]:
    """The form of a correction and its two steps, for the words of one voice."""
    page, extra = f"{PUBLICATION}{name}/", {"voice": voice}
    return [
        path(page, corrections.correct, extra, name=name),
        path(page + "propose/", corrections.propose, extra, name=f"{name}-propose"),
        path(page + "withdraw/", corrections.withdraw, extra, name=f"{name}-withdraw"),
    ]


app_name = "workspace"
urlpatterns = [
    path("", home.home, name="home"),
    path("components/", gallery.gallery, name="components"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("record/", record.record, name="record"),
    path("record/export.xlsx", record.workbook, name="record-workbook"),
    path("record/ledger.jsonl", record.whole, name="record-whole"),
    path("reports/", filing.reports, name="reports"),
    path("reports/sheet/", workbook.workbook, name="workbook"),
    path("reports/sheet.xlsx", workbook.file, name="workbook-file"),
    path("reports/" + TASK, filing.report, name="report"),
    path("reports/" + TASK + "autosave/", filing.autosave, name="report-autosave"),
    path("reports/" + TASK + "submit/", filing.submit, name="report-submit"),
    path("reports/" + TASK + "send-to-sign/", filing.send, name="report-send-to-sign"),
    path("reports/" + TASK + "sign/", filed_report.sign, name="report-sign"),
    path("reports/" + TASK + "hand-back/", filed_report.hand_back, name="report-hand-back"),
    path("reports/" + TASK + "nudge/", filing.nudge, name="report-nudge"),
    path("reports/" + TASK + "recall/", filed_report.recall, name="report-recall"),
    path("reports/" + TASK + "withdraw/", filed_report.withdraw, name="report-withdraw"),
    path("reports/" + TASK + "scans/", filed_report.scans, name="report-scans"),
    path("reports/" + TASK + "form/", filed_report.printable, name="report-form"),
    path("reports/" + TASK + "extension/", requests.extension, name="ask-extension"),
    path("reports/" + TASK + "publish/", revisions.revise, name="publish-revision"),
    path("overview/", oversight.overview, name="overview"),
    path("dashboard/", oversight.draft_dashboard, name="dashboard"),
    path("meeting/", oversight.meeting_page, name="meeting"),
    path("meeting/meeting.docx", oversight.meeting_docx, name="meeting-docx"),
    path("publications/<row:pk>/objection/", requests.objection, name="objection"),
    path("publications/<row:pk>/lapse/", revisions.lapse, name="publish-lapse"),
    *correction_addresses("correct", Voice.UNIT),
    *correction_addresses("correct-verdict", Voice.SUPERVISOR),
    path(PUBLICATION + "take-down/", withholding.take_down, name="take-down"),
    path(
        PUBLICATION + "take-down/confirm/", withholding.confirm_take_down, name="confirm-take-down"
    ),
    path(WITHHOLDING, withholding.withholding, name="withholding"),
    path(WITHHOLDING + "lift/", withholding.lift, name="lift-withholding"),
    path(WITHHOLDING + "extend/", withholding.extend, name="extend-withholding"),
    path("requests/", requests.requests, name="requests"),
    path(EXTENSION, requests.decide_extension, name="decide-extension"),
    path(EXTENSION + "grant/", requests.grant, name="grant-extension"),
    path(EXTENSION + "refuse/", requests.refuse, name="refuse-extension"),
    path(CORRECTION, corrections.decide, name="decide-correction"),
    path(CORRECTION + "publish/", corrections.publish, name="publish-correction"),
    path(CORRECTION + "return/", corrections.send_back, name="return-correction"),
    path("requests/objections/<row:pk>/", requests.decide_objection, name="decide-objection"),
    path("review/", review.queue, name="review-queue"),
    path("review/" + TASK, review.desk, name="review"),
    path("review/" + TASK + "verify/", review.verify, name="review-verify"),
    path("review/" + TASK + "agree/", review.agree, name="review-agree"),
    path("review/" + TASK + "reassess/", review.reassess, name="review-reassess"),
    path("review/" + TASK + "return/", review.send_back, name="review-return"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<slug:slug>/generate/", periods.generate, name="generate-periods"),
    path(
        "periods/quarters/<year:year>-<quarter:quarter>/open/",
        periods.open_all,
        name="open-quarter",
    ),
    path(
        "periods/quarters/<year:year>-<quarter:quarter>/close/",
        periods.close_all,
        name="close-quarter",
    ),
    path("periods/" + PERIOD + "open/", periods.open_one, name="open-period"),
    path("periods/" + PERIOD + "close/", periods.close_one, name="close-period"),
    path(EARLY_CLOSING, early_closings.early_closing, name="early-closing"),
    path(EARLY_CLOSING + "confirm/", early_closings.confirm, name="confirm-early-closing"),
    path(EARLY_CLOSING + "withdraw/", early_closings.withdraw, name="withdraw-early-closing"),
    path("periods/" + PERIOD + "unlock/", requests.unlocks, name="unlock"),
    path(RELEASE, releases.release, name="release"),
    path(RELEASE + "prepare/", releases.prepare, name="prepare-release"),
    path(RELEASE + "approve/", releases.approve, name="approve-release"),
    path(RELEASE + "publish/", releases.publish, name="publish-release"),
    path(RELEASE + "drop/", releases.drop, name="drop-release"),
    path(RELEASE + "draft.docx", releases.draft, name="release-draft"),
    path(RELEASE + "approval/", releases.approval, name="release-approval"),
    path(
        "quarters/<year:year>-<quarter:quarter>/circular.docx", circular.document, name="circular"
    ),
    path("inspection/", inspection.choose, name="inspection"),
    path("inspection/package.zip", inspection.package, name="inspection-package"),
    path(YEAR_END, year_ends.year_end, name="year-end"),
    path(YEAR_END + "prepare/", year_ends.prepare, name="prepare-year-end"),
    path(YEAR_END + "publish/", year_ends.publish, name="publish-year-end"),
]
