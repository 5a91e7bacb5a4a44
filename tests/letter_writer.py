"""A process of its own that sends one letter after another through the form, and says the number of each receipt."""

import re
from itertools import count

import django
from django.test import Client

NUMBER = re.compile(r"[A-Z]+-\d{4}-\d{6}")


def main() -> None:
    django.setup()
    from feedback.forms.parts import new_token

    for letter in count(1):
        client = Client(REMOTE_ADDR=f"10.{letter // 250}.{letter % 250}.7")
        given = {"token": new_token(), "kind": "enquiry", "text": f"第{letter}封：路灯什么时候修？"}
        receipt = client.post("/feedback/new/send/", given, follow=True).content.decode()
        print(NUMBER.search(receipt).group(), flush=True)


if __name__ == "__main__":
    main()
