"""The staff pages of responsibilities and changes."""

from django.urls import path

from tasks.views import changes, responsibilities

app_name = "tasks"
urlpatterns = [
    path("responsibilities/", responsibilities.responsibilities, name="responsibilities"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<row:pk>/paper/", changes.basis_scan, name="change-document"),
    path("tasks/<slug:code>/change/", changes.change, name="change"),
]
