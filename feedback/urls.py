from django.urls import path

from feedback.views import public

app_name = "feedback"
urlpatterns = [
    path("", public.index, name="index"),
    path("new/", public.new, name="new"),
    path("received/", public.received, name="received"),
    path("track/", public.track, name="track"),
    path("track/withdraw/", public.withdraw, name="withdraw"),
    path("<slug:number>/", public.question, name="question"),
]
