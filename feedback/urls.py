"""Addresses of the letters for everybody."""

from django.urls import path

from feedback.views import public, tracking

app_name = "feedback"
urlpatterns = [
    path("", public.index, name="index"),
    path("new/", public.new, name="new"),
    path("new/check/", public.check, name="check"),
    path("new/edit/", public.edit, name="edit"),
    path("new/send/", public.send, name="send"),
    path("received/", public.received, name="received"),
    path("feed/", public.feed, name="feed"),
    path("months/", public.months, name="months"),
    path("track/", tracking.track, name="track"),
    path("track/copy/", tracking.copy, name="copy"),
    path("track/<slug:verb>/", tracking.act, name="act"),
    path("<slug:number>/", public.question, name="question"),
]
