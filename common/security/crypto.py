"""What a citizen trusts us with: contacts sealed at rest, query codes that nobody has to store.

`settings.CONTACT_KEYS` are any strings, newest first: the first one writes, all of them can still read. To rotate,
put a new key in front and seal the contacts anew (`rotate_keys`). The old one stays behind it as long as query codes
of its time are in use: codes are made from it and are not stored. Drop it when nobody needs them any more.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# Without 0 O 1 I, which a tired reader mixes up: 32 signs, five bits each, 80 bits a code.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 16
NoKey = InvalidToken


def _keys(purpose: str) -> list[bytes]:
    """A key of its own for every purpose, so that one use never weakens another."""
    return [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
        for key in settings.CONTACT_KEYS
    ]


def _locks() -> list[Fernet]:
    return [Fernet(base64.urlsafe_b64encode(key)) for key in _keys("contact")]


def _box() -> MultiFernet:
    return MultiFernet(_locks())


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Raises NoKey when none fits."""
    return _box().decrypt(sealed.encode()).decode()


def resealed(sealed: str) -> str:
    """The same under the newest key; unchanged if that sealed it already. Raises NoKey when none fits."""
    try:
        _locks()[0].decrypt(sealed.encode())
    except NoKey:
        return _box().rotate(sealed.encode()).decode()
    return sealed


def query_codes(seed: str) -> list[str]:
    """The code each key makes of one seed, newest first: the same seed always gives the same receipt."""
    return [_spell(hmac.digest(key, seed.encode(), "sha256")) for key in _keys("query code")]


def _spell(digest: bytes) -> str:
    number = int.from_bytes(digest[:10])
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(CODE_LENGTH))


def code_digest(code: str) -> str:
    """What is stored of a code: useless without the key."""
    return _digests(code)[0]


def code_fits(code: str, stored: str) -> bool:
    """Takes the same time whether or not it fits."""
    return any([hmac.compare_digest(digest, stored) for digest in _digests(code)])  # noqa: C419


def _digests(code: str) -> list[str]:
    return [hmac.digest(key, code.encode(), "sha256").hex() for key in _keys("stored query code")]


def in_fours(code: str) -> str:
    """ABCD EFGH JKLM NPQR: how a code is read out and written down."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))
