from django.urls import path

from departments.views import public

app_name = "departments"
urlpatterns = [
    path("departments/", public.departments, name="departments"),
    path("departments/<slug:slug>/", public.department, name="department"),
]
