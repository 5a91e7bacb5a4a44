"""The staff addresses of supervision: one for each page and for each step."""

from django.urls import path

from supervision.views import coordination, slips

SLIP, ITEM = "slips/<year:year>-<serial:number>/", "coordination/<row:pk>/"

app_name = "supervision"
urlpatterns = [
    path(
        "reports/<slug:code>/<year:year>-<quarter:quarter>/coordination/",
        coordination.raise_item,
        name="raise-coordination",
    ),
    path("coordination/", coordination.coordination, name="coordination"),
    path(ITEM, coordination.item, name="coordination-item"),
    path(ITEM + "decide/", coordination.decide, name="decide-coordination"),
    path(ITEM + "instruct/", coordination.instruct, name="instruct-coordination"),
    path(ITEM + "reply/", coordination.reply, name="reply-coordination"),
    path(ITEM + "close/", coordination.close, name="close-coordination"),
    path("slips/", slips.slips, name="slips"),
    path("slips/new/", slips.new, name="new-slip"),
    path(SLIP, slips.slip, name="slip"),
    path(SLIP + "reply/", slips.reply, name="reply-slip"),
    path(SLIP + "close/", slips.close, name="close-slip"),
    path(SLIP + "send-back/", slips.send_back, name="send-back-slip"),
    path(SLIP + "raise/", slips.raise_level, name="raise-slip"),
    path(SLIP + "withdraw/", slips.withdraw, name="withdraw-slip"),
    path(SLIP + "paper/", slips.printable, name="slip-print"),
    path("slips/files/<row:pk>/", slips.file, name="slip-file"),
]
