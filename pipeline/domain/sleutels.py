"""The key: whether it is one, what is derived from it, and how a home remembers which one it is.

Lives here: pure functions on bytes. From the one key that a region keeps come the pseudonyms (the key itself), the
hashes of contents and of the numbers that senders choose (each derived, so that one says nothing about the other).
Keep out: where a key is read (settings.py).
"""

from __future__ import annotations

import hashlib
import hmac
import math
import re
import secrets
from collections import Counter
from functools import lru_cache

MINIMUM_TEKENS = 32
MINIMUM_BITS = 128
_MINIMUM_VERDELING_BITS = 100
"""Bits by the spread of the characters themselves: below it the same few characters come again and again."""
MAXIMUM_TEKENS = 1024
_SOORTEN = ((r"[0-9]", 10), (r"[a-f]", 6), (r"[g-z]", 20), (r"[A-F]", 6), (r"[G-Z]", 20), (r"[^0-9A-Za-z]", 20))
_SCRYPT_N = 2**14


def bezwaar(tekst: str) -> str | None:
    """Return what is wrong with a text as a key, in the words after "De sleutel in ..."; None when it will do.

    >>> bezwaar("x" * 32) is None, bezwaar(" " * 32) is None, bezwaar(secrets.token_hex(32)) is None
    (False, False, True)
    """
    if len(tekst) < MINIMUM_TEKENS:
        return f"is te kort: minstens {MINIMUM_TEKENS} tekens"
    if len(tekst) > MAXIMUM_TEKENS or re.search(r"\s", tekst) or not tekst.isprintable():
        return "is geen sleutel maar een tekst: een sleutel is een regel zonder spaties"
    n_tekens = sum(n for patroon, n in _SOORTEN if re.search(patroon, tekst))
    verdeling = -sum(n * math.log2(n / len(tekst)) for n in Counter(tekst).values())
    if len(tekst) * math.log2(n_tekens) < MINIMUM_BITS or verdeling < _MINIMUM_VERDELING_BITS:
        return f"is te raden: hij heeft geen {MINIMUM_BITS} bits aan toeval"
    return None


def afgeleid(sleutel: bytes, doel: str) -> bytes:
    """Return a key of its own for one purpose; from it the key itself cannot be found."""
    return hmac.digest(sleutel, f"regiomonitor {doel}".encode(), "sha256")


def inhoudsmerk(inhoudsleutel: bytes, sha256: str) -> str:
    """Return the keyed hash of a content (64 hex) from its plain one, which gives a small content away."""
    return hmac.digest(inhoudsleutel, sha256.encode("ascii"), "sha256").hex()


def verpak(sleutel: bytes, geheim: bytes) -> str:
    """Wrap 32 bytes under a key: only who has the key can read them."""
    zout = secrets.token_bytes(16)
    return f"{zout.hex()}:{_xor(geheim, afgeleid(sleutel, f'verpakt {zout.hex()}')).hex()}"


def pak_uit(sleutel: bytes, verpakt: str) -> bytes:
    """Return what `verpak` wrapped under the same key."""
    zout, _, inhoud = verpakt.partition(":")
    return _xor(bytes.fromhex(inhoud), afgeleid(sleutel, f"verpakt {zout}"))


def _xor(een: bytes, ander: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(een, ander, strict=True))


def vingerafdruk(sleutel: bytes, zout: str = "") -> str:
    """Return what tells a key from another: salted and slow, so that it helps nobody to guess one."""
    zout = zout or secrets.token_hex(16)
    return f"scrypt:{zout}:{_traag(sleutel, zout)}"


# one process asks several times about the same key and home
@lru_cache(maxsize=64)
def _traag(sleutel: bytes, zout: str) -> str:
    return hashlib.scrypt(sleutel, salt=bytes.fromhex(zout), n=_SCRYPT_N, r=8, p=1, dklen=32).hex()


def is_van(sleutel: bytes, afdruk: str) -> bool:
    """Tell whether a fingerprint is of this key; also one of before they were salted."""
    soort, _, rest = afdruk.partition(":")
    if soort == "scrypt":
        return hmac.compare_digest(vingerafdruk(sleutel, rest.partition(":")[0]), afdruk)
    return hmac.compare_digest(hashlib.sha256(b"regiomonitor" + sleutel).hexdigest()[:16], afdruk)


def is_oud(afdruk: str) -> bool:
    """Tell whether a fingerprint is of before they were salted."""
    return not afdruk.startswith("scrypt:")
