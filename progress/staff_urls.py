from django.urls import path

from progress.views import breakdowns

app_name = "progress"
urlpatterns = [path("tasks/<slug:code>/breakdown/", breakdowns.breakdown, name="breakdown")]
