"""Channels: from a message to something that reached somebody (the only place with apprise).

Lives here: the outbox, which always works, and every channel that Apprise knows. Addresses that are secrets come from
`Settings.kanalen` (the environment) and are never written or shown. Add here: nothing for a new kind of channel: an
Apprise address in REGIOMONITOR_KANAAL_<NAAM> is enough. Keep out: when to send (verzenden.py).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from urllib.parse import quote

from pipeline.domain.contacten import Contact
from pipeline.meldingen.boek import Bericht, map_van
from pipeline.settings import Huis

MAIL = "MAIL"
_MET_EXTRA_VELD = ("json://", "jsons://", "form://", "forms://", "xml://", "xmls://")
_WACHT = "cto=10&rto=10"


class KanaalFout(Exception):
    """A channel did not take the message; tried again at the next run. The text holds no address and no secret."""


def leg_in_uitbak(huis: Huis, bericht: Bericht) -> None:
    """Write the message as a file, `meldingen/uitbak/<dag>/<contact>.txt`; the same message is the same file."""
    pad = map_van(huis) / "uitbak" / bericht.dag.isoformat() / f"{bericht.contact}.txt"
    if pad.exists():
        return
    pad.parent.mkdir(parents=True, exist_ok=True)
    klad = pad.with_suffix(f".{os.getpid()}.klad")
    klad.write_text(f"{bericht.titel}\n\n{bericht.tekst}\n\n{bericht.bericht_id}\n", encoding="utf-8")
    os.replace(klad, pad)


def adres(contact: Contact, kanalen: Mapping[str, str]) -> str | None:
    """Return the Apprise address for a contact; None when its channel is not set (only the outbox then)."""
    if contact.kanaal == "mail":
        server = kanalen.get(MAIL)
        return f"{server}{'&' if '?' in server else '?'}to={quote(contact.adres)}" if server else None
    return kanalen.get(contact.adres) if contact.kanaal == "kanaal" else None


def is_adres(url: str, *, is_mail: bool) -> bool:
    """Tell whether Apprise knows this address; a mail server needs no addressee, that is another each time."""
    import apprise

    logging.getLogger("apprise").disabled = True  # it logs addresses, secrets included
    if is_mail and not url.startswith(("mailto://", "mailtos://")):
        return False
    return bool(apprise.Apprise().add(f"{url}{'&' if '?' in url else '?'}to=a@regio.nl" if is_mail else url))


def stuur(url: str, bericht: Bericht) -> None:
    """Hand one message to one channel; KanaalFout when it was not taken.

    The number of the message goes along, so that whoever gets it twice (a process killed between the handing over and
    its note) can tell.
    """
    import apprise

    logging.getLogger("apprise").disabled = True  # it logs addresses, secrets included
    doos = apprise.Apprise()
    if not doos.add(_met_nummer(url, bericht.bericht_id)):
        raise KanaalFout("het adres van dit kanaal is geen adres dat Apprise kent")
    try:
        gelukt = doos.notify(title=bericht.titel, body=bericht.tekst, body_format=apprise.NotifyFormat.TEXT)
    except Exception as fout:
        raise KanaalFout(type(fout).__name__) from None
    if not gelukt:
        raise KanaalFout("het kanaal nam het bericht niet aan")


def _met_nummer(url: str, nummer: str) -> str:
    extra = _WACHT
    if url.startswith(("mailto://", "mailtos://")):
        extra += f"&+X-Regiomonitor-Bericht={quote(nummer)}"
    elif url.startswith(_MET_EXTRA_VELD):
        extra += f"&:bericht={quote(nummer)}"
    return f"{url}{'&' if '?' in url else '?'}{extra}"
