"""Staff addresses of this room."""

from django.urls import path

from departments.views import hand_over, sign_ins, unsent

app_name = "departments"
urlpatterns = [
    path("hand-over/", hand_over.hand_over, name="hand-over"),
    path("unsent/", unsent.unsent, name="unsent"),
    path("unsent/keep/", unsent.keep, name="keep-unsent"),
    path("unsent/drop/", unsent.drop, name="drop-unsent"),
    path("sign-ins/", sign_ins.sign_ins, name="sign-ins"),
    path("go-on/", unsent.go_on, name="go-on"),
]
