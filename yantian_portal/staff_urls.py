from django.urls import path

from yantian_portal import staff_views
from yantian_portal.gallery import gallery

app_name = "staff"
urlpatterns = [
    path("", staff_views.home, name="home"),
    path("components/", gallery, name="components"),
]
