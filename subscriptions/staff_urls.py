"""Addresses of the reminders for the staff."""

from django.urls import path

from subscriptions import views

app_name = "subscriptions"
urlpatterns = [path("reminders/", views.reminders, name="reminders")]
