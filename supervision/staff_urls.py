from django.urls import path

from supervision.views import coordination, slips

SLIP = "slips/<int:year>-<int:number>/"

app_name = "supervision"
urlpatterns = [
    path(
        "reports/<slug:code>/<int:year>-<int:quarter>/coordination/", coordination.raise_item, name="raise-coordination"
    ),
    path("coordination/", coordination.coordination, name="coordination"),
    path("coordination/<int:pk>/", coordination.item, name="coordination-item"),
    path("slips/", slips.slips, name="slips"),
    path("slips/new/", slips.new, name="new-slip"),
    path(SLIP, slips.slip, name="slip"),
    path(SLIP + "paper/", slips.paper, name="slip-print"),
    path("slips/files/<int:pk>/", slips.file, name="slip-file"),
]
