"""Addresses of the staff pages of this room: the breakdowns of a task, originals of evidence."""

from django.urls import path

from progress.views import breakdowns, evidence

app_name = "progress"
BREAKDOWN = "tasks/<slug:code>/breakdown/"
urlpatterns = [
    path(BREAKDOWN, breakdowns.breakdown, name="breakdown"),
    path(BREAKDOWN + "propose/", breakdowns.propose, name="breakdown-propose"),
    path(BREAKDOWN + "withdraw/", breakdowns.withdraw, name="breakdown-withdraw"),
    path(BREAKDOWN + "confirm/", breakdowns.confirm, name="breakdown-confirm"),
    path(BREAKDOWN + "return/", breakdowns.send_back, name="breakdown-return"),
    path("evidence/<row:pk>/original/", evidence.original, name="evidence-original"),
]
