"""Plain text, in whichever encoding it is."""

from baokan.decoding import Decoded, NotText, decode
from baokan.reading.formats import Extracted, Progress, Settings, Unreadable


def read(data: bytes, settings: Settings, progress: Progress = lambda done, total: None) -> Extracted:
    """The text of a plain file."""
    decoded = decoded_text(data)
    return Extracted(decoded.text, decoded.encoding, damage=damage(decoded))


def decoded_text(data: bytes) -> Decoded:
    """`decode` of the bytes of a file. Raises Unreadable for what is no text."""
    try:
        return decode(data)
    except NotText as error:
        raise Unreadable(str(error)) from error


def damage(decoded: Decoded) -> str:
    """In words, how many characters of a file could not be read and where the first is; "" for none."""
    if not decoded.damaged:
        return ""
    return (
        f"{decoded.damaged:,} characters could not be read as {decoded.encoding} and were replaced by \ufffd; "
        f"the first is at byte {decoded.first_damage:,}"
    )
