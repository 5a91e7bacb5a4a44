from django.urls import path

from feedback.views import own, public

app_name = "feedback"
urlpatterns = [
    path("", public.index, name="index"),
    path("new/", public.new, name="new"),
    path("received/", public.received, name="received"),
    path("feed/", public.feed, name="feed"),
    path("months/", public.months, name="months"),
    path("track/", own.track, name="track"),
    path("track/copy/", own.copy, name="copy"),
    path("track/<slug:verb>/", own.act, name="act"),
    path("<slug:number>/", public.question, name="question"),
]
