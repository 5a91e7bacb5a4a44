from django.urls import path

from tasks.views import staff

app_name = "staff_tasks"
urlpatterns = [path("responsibilities/", staff.responsibilities, name="responsibilities")]
