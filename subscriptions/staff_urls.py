from django.urls import path

from subscriptions import views

app_name = "staff_subscriptions"
urlpatterns = [path("reminders/", views.reminders, name="reminders")]
