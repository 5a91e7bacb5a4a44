from django.urls import path

from tasks.views import changes, staff

app_name = "staff_tasks"
urlpatterns = [
    path("responsibilities/", staff.responsibilities, name="responsibilities"),
    path("changes/", changes.changes, name="changes"),
    path("changes/<int:pk>/paper/", changes.paper, name="change-paper"),
    path("tasks/<slug:code>/change/", changes.change, name="change"),
]
