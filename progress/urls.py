from django.urls import path, re_path

from progress.views import circulars, dashboard, public

PUBLISHED = r"^tasks/(?P<code>[-\w]+)/quarters/(?P<quarter>\d{4}-[1-4])/r(?P<revision>\d{1,4})"

app_name = "progress"
urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/recount/", dashboard.recount, name="recount"),
    path("dashboard/recount.json", dashboard.recount_json, name="recount-json"),
    path("quarters/", public.quarters, name="quarters"),
    re_path(r"^quarters/(?P<quarter>\d{4}-[1-4])/$", public.quarter, name="quarter"),
    re_path(r"^quarters/(?P<quarter>\d{4}-[1-4])/circular\.xlsx$", circulars.sheet, name="circular-sheet"),
    path("tasks/<slug:code>/history/", public.history, name="history"),
    re_path(PUBLISHED + "/$", public.publication, name="publication"),
    re_path(PUBLISHED + r"\.json$", public.publication_json, name="publication-json"),
    path("plans/<slug:slug>/year-end/<int:year>/", public.year_end, name="year-end"),
    path("plans/<slug:slug>/year-end/<int:year>.json", public.year_end_json, name="year-end-json"),
    path("plans/<slug:slug>/year-end/<int:year>.xlsx", public.year_end_xlsx, name="year-end-xlsx"),
    path("evidence/<int:pk>/", public.evidence, name="evidence"),
]
