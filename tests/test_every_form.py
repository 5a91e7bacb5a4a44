"""Whatever is sent into any field of any form, and into any parameter, is answered at once.

What there is to fill in is found in the code while it runs: the names a view reads, the fields of
the forms it fills. What was not reached is named, so that a new form cannot be forgotten.
"""

import time
from dataclasses import dataclass, field

import django_filters
import pytest
from django import forms
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.fixtures.asked import Asked, asking
from tests.fixtures.entrances import Entrance, entrances, readable, undone
from tests.fixtures.our_classes import ours
from tests.fixtures.routes import routes
from tests.fixtures.stages import client_of
from tests.fixtures.typed_forms import ALPHABETS, close

pytestmark = [pytest.mark.django_db, pytest.mark.both, pytest.mark.long]
# Seconds of computing for one answer.
AT_ONCE = 1
# What the middleware and the administration read in the same way at each of their addresses.
READ_ALIKE = {"unsent_form", "unsent_known", "_popup", "_to_field", "_changelist_filters"}
READ_ALIKE |= {"_save", "_saveasnew", "_addanother", "_continue"}
ENDINGS = {"marks": "pdf", "letters": "png", "digits": "xlsx", "points": "jpg", "numbers": "csv"}
# Filled by nobody: they give others their fields, or show what is read one name at a time.
PARTS = {
    "BoundedForm",
    "PlainForm",
    "ConcurrentEditForm",
    "ReferenceForm",
    "ActionForm",
    "TokenForm",
    "PhotoForm",
    "BaseLetterForm",
    "BaseSupplementForm",
    "GroundForm",
    "EntryForm",
    "SampleForm",
    "ConfirmationForm",
    "ChooseTaskForm",
}
# The office is asked no sum.
NEVER_SHOWN = {("RegisterForm", "answer")}


@dataclass
class Sent:
    """What came of it: what was wrong, what the code asked, the statuses by route."""

    problems: list[str] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)
    met: dict[str, set[int]] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)


@pytest.fixture(scope="module", autouse=True)
def _as_on_a_site(django_db_setup):
    """Pages of Django's own administration name variables that they do not have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"], "fail", False)
        yield


@pytest.fixture(scope="module")
def sent(house) -> Sent:
    """A megabyte of each alphabet in one field after the other."""
    sent, alike = Sent(), set()
    for entrance in entrances(house, sent.met):
        names = [name for name in entrance.names if name not in alike]
        alike |= READ_ALIKE.intersection(names)
        for alphabet, text in ALPHABETS.items():
            tries = [{name: text} for name in names]
            tries += [{name: paper(alphabet, text)} for name in entrance.files]
            for one in tries:
                problem = answered(house, entrance, one, sent.asked)
                if problem:
                    sent.problems.append(f"{problem} {alphabet} {list(one)}")
    return sent


def paper(alphabet: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"现场.{ENDINGS[alphabet]}", text.encode())


def answered(house, entrance: Entrance, typed: dict, asked: Asked) -> str:
    """What is wrong with the answer; nothing of what was sent stays."""
    client = client_of(house, entrance.person)
    with undone(), asking(asked):
        started = time.process_time()
        status = client.post(entrance.address, entrance.sent | typed).status_code
        taken = time.process_time() - started
    at = f"{entrance.person} {entrance.address}"
    return "" if status < 500 and taken < AT_ONCE else f"{at} {status} {taken:.1f} s"


@pytest.fixture(scope="module")
def read(house) -> Sent:
    """As much of each alphabet as an address can hold, in one parameter after the other."""
    read = Sent()
    for person, address in readable(house):
        client = client_of(house, person)
        with asking() as asked:
            close(client.get(address))
        read.read |= asked.names.keys()
        for name in asked.names:
            for text in ALPHABETS.values():
                with asking(read.asked):
                    started = time.process_time()
                    value = text.encode()[:1200].decode(errors="ignore")
                    response = client.get(address, {name: value})
                    close(response)
                    taken = time.process_time() - started
                if response.status_code >= 500 or taken > AT_ONCE:
                    read.problems.append(
                        f"{person} {address} {name} {response.status_code} {taken}"
                    )
    return read


def test_a_megabyte_in_any_field_is_answered_at_once(sent):
    assert sent.problems == []


def test_every_address_was_tried_and_whoever_may_send_there_did(sent):
    # The demonstration alone has the gallery.
    assert {route for route, _ in routes()} - sent.met.keys() == {"staff/components/"}
    closed = {route for route, statuses in sent.met.items() if statuses <= {403, 404}}
    # The administration shows much that is changed elsewhere.
    assert {route for route in closed if not route.startswith("admin/")} == set()
    missing = {route for route in closed if 404 in sent.met[route]}
    assert missing == {"admin/(?P<url>.*)", "admin/r/<path:content_type_id>/<path:object_id>/"}


def test_every_field_of_every_form_was_filled(sent, read):
    known = {one for one in ours(forms.BaseForm) if one.__name__ not in PARTS}
    filled = sent.asked.long | read.asked.long
    missing = [
        (one.__name__, name)
        for one in known
        for name, shown in one.base_fields.items()
        if not isinstance(shown, forms.FileField)
        and (one.__name__, name) not in NEVER_SHOWN
        and not any(issubclass(other, one) and name == at for other, at in filled)
    ]
    assert missing == []
    classes = sent.asked.classes | read.asked.classes
    assert {one.__name__ for one in known if not any(issubclass(c, one) for c in classes)} == set()


def test_a_long_value_of_any_parameter_is_answered_at_once(read):
    assert read.problems == []


def test_every_parameter_of_every_list_and_of_the_interface_was_asked(read):
    filters = {name for one in ours(django_filters.FilterSet) for name in one.base_filters}
    assert filters - read.read == set()
