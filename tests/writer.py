"""A process of its own that saves one draft through its page, again and again, and says each time that it was kept."""

from itertools import count

import django
from django.test import Client

FORM = "/staff/reports/wp2013-18/2013-2/"


def main() -> None:
    django.setup()
    from departments.models import User
    from progress.models import ProgressReport
    from tasks.models import Indicator

    client, indicator = Client(), Indicator.objects.get()
    client.force_login(User.objects.get(username="reporter"))
    found = ProgressReport.objects.first()
    for version in count(found.version if found else 0):
        number = version + 1
        typed = {"version": version, "narrative": f"第{number}次", f"r{indicator.pk}": number, "save": ""}
        assert client.post(FORM, typed).status_code == 302
        print(number, flush=True)


if __name__ == "__main__":
    main()
