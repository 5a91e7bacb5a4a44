"""Addresses of the page on which a second factor is set up and kept up."""

from django.urls import path

from departments.views import second_factor

urlpatterns = [
    path("", second_factor.second_factor, name="second-factor"),
    path("begin/", second_factor.begin, name="begin-second-factor"),
    path("confirm/", second_factor.confirm, name="confirm-second-factor"),
    path("renew/", second_factor.renew, name="renew-recovery-passwords"),
    path("remove/", second_factor.remove, name="remove-second-factor"),
]
