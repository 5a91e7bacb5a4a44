from django.urls import path

from tasks.views import exports, public

app_name = "tasks"
urlpatterns = [
    path("plans/", public.plans, name="plans"),
    path("plans/<slug:slug>/", public.plan, name="plan"),
    path("plans/<slug:slug>/document/", public.document, name="document"),
    path("plans/<slug:slug>/source.txt", public.source, name="source"),
    path("tasks/", public.tasks, name="list"),
    path("tasks/export.xlsx", exports.export, name="export"),
    path("tasks/<slug:code>/", public.task, name="task"),
]
