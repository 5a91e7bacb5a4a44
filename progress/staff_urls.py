from django.urls import path

from progress.views import filed, filing, periods, releases, review, sheets

TASK = "<slug:code>/<int:year>-<int:quarter>/"
PERIOD = "<slug:slug>/<int:year>-<int:quarter>/"

app_name = "staff_progress"
urlpatterns = [
    path("reports/", filing.reports, name="reports"),
    path("reports/sheet/", sheets.sheet, name="sheet"),
    path("reports/sheet.xlsx", sheets.file, name="sheet_file"),
    path("reports/" + TASK, filing.report, name="report"),
    path("reports/" + TASK + "form/", filed.paper, name="report-form"),
    path("reports/" + TASK + "publish/", releases.revise, name="revise"),
    path("review/", review.queue, name="queue"),
    path("review/" + TASK, review.desk, name="desk"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<slug:slug>/generate/", periods.generate, name="generate"),
    path("periods/" + PERIOD + "open/", periods.open_one, name="open"),
    path("periods/" + PERIOD + "close/", periods.close_one, name="close"),
    path("releases/" + PERIOD, releases.release, name="release"),
    path("publications/<int:pk>/correct/", releases.correct, name="correct"),
]
