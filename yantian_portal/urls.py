from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.generic import RedirectView

from departments.views import account

urlpatterns = [
    path("staff/sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("staff/sign-out/", LogoutView.as_view(), name="sign-out"),
    path("staff/password/", account.change_password, name="change-password"),
    path("admin/login/", account.admin_sign_in),
    path("admin/password_change/", RedirectView.as_view(pattern_name="change-password")),
    path("admin/", admin.site.urls),
]
