"""Encrypts citizens' contacts and derives query codes, so that codes need not be stored.

`settings.CONTACT_KEYS` are any strings, newest first: the first one encrypts, all of them can
decrypt. To rotate, put a new key in front and run `rotate_keys`, which encrypts all contacts with
it. Keep the old key behind it as long as query codes of its time are in use, because they are
derived from it.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Without 0 O 1 I, which are easily mixed up: 32 characters of five bits, 80 bits a code.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16
# Raised when no key can decrypt a text.
NoKey = InvalidToken


def _keys(purpose: str) -> list[bytes]:
    """One key derived from each of the site's keys; each purpose has keys of its own."""
    return [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
        for key in settings.CONTACT_KEYS
    ]


def _fernets() -> list[Fernet]:
    return [Fernet(base64.urlsafe_b64encode(key)) for key in _keys("contact")]


def _multi_fernet() -> MultiFernet:
    return MultiFernet(_fernets())


def encrypt(text: str) -> str:
    """The text encrypted with the newest key."""
    return encrypt_bytes(text.encode())


def decrypt(sealed: str) -> str:
    """The encrypted text in plain; raises NoKey if no key can decrypt it."""
    return decrypt_bytes(sealed).decode()


def encrypt_bytes(data: bytes) -> str:
    """A file encrypted with the newest key."""
    return _multi_fernet().encrypt(data).decode()


def decrypt_bytes(sealed: str) -> bytes:
    """The encrypted file in plain; raises NoKey if no key can decrypt it."""
    return _multi_fernet().decrypt(sealed.encode())


def reseal(sealed: str) -> str:
    """The text encrypted with the newest key, unchanged if it already was.

    Raises NoKey if no key can decrypt it.
    """
    try:
        _fernets()[0].decrypt(sealed.encode())
    except NoKey:
        return _multi_fernet().rotate(sealed.encode()).decode()
    return sealed


def query_codes(seed: str) -> list[str]:
    """The query code that each key gives for a seed, newest key first.

    The same seed and key always give the same code.
    """
    return [_to_alphabet(hmac.digest(key, seed.encode(), "sha256")) for key in _keys("query code")]


def _to_alphabet(digest: bytes) -> str:
    number = int.from_bytes(digest[:10])
    return "".join(ALPHABET[number >> 5 * index & 31] for index in range(CODE_LENGTH))


def code_digest(code: str) -> str:
    """The keyed digest that is stored instead of a code."""
    return _digests(code)[0]


def code_fits(code: str, stored: str) -> bool:
    """Whether the code has this stored digest under any key; takes the same time either way."""
    return any([hmac.compare_digest(digest, stored) for digest in _digests(code)])  # noqa: C419


def _digests(code: str) -> list[str]:
    return [hmac.digest(key, code.encode(), "sha256").hex() for key in _keys("stored query code")]


def in_fours(code: str) -> str:
    """The code in groups of four, easy to read out: ABCD EFGH JKLM NPQR."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
