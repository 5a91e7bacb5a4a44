from django.urls import path

from departments.views import staff

app_name = "staff_people"
urlpatterns = [
    path("coverage/", staff.coverage, name="coverage"),
    path("hand-over/", staff.hand_over, name="hand-over"),
]
