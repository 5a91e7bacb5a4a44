"""Staff addresses of this room."""

from django.urls import path

from departments.views import hand_over

app_name = "departments"
urlpatterns = [path("hand-over/", hand_over.hand_over, name="hand-over")]
